import type { Order } from "@causeway/contract";

/** How runs are found in an order: by the index of their start, by that of a metric, or by sorting all that match. */
export type RunOrder =
  | { readonly by: "start"; readonly ascending: boolean }
  | { readonly by: "metric"; readonly name: string; readonly ascending: boolean }
  | { readonly by: "any"; readonly terms: readonly Order[] };

/** Which way serves an order. The newest first, then by id, is what every order ends with. */
export function planOrder(terms: readonly Order[]): RunOrder {
  const [first, second, ...more] = terms;
  if (first === undefined) return { by: "start", ascending: false };
  const { field, ascending } = first;
  if (isStart(first) && second === undefined) return { by: "start", ascending };
  const restIsDefault = second === undefined || (isStart(second) && !second.ascending && more.length === 0);
  if (field.group === "metric" && restIsDefault) return { by: "metric", name: field.key, ascending };
  return { by: "any", terms };
}

function isStart({ field }: Order): boolean {
  return field.group === "attribute" && field.key === "start_time";
}

/** Whether runs may lack what a term sorts them by: then they come last. */
export function mayLack({ field }: Order): boolean {
  return field.group !== "attribute" || field.key === "end_time";
}

/** How many sort keys runs have in an order: one of each term, one more where it may be missing, a start, an id. */
export function countRunKeys(terms: readonly Order[]): number {
  const own = terms.reduce((count, term) => count + (mayLack(term) ? 2 : 1), 0);
  return own + (terms.some(isStart) ? 1 : 2);
}
