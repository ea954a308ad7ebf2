import { type CausewayError, fail } from "@causeway/contract";

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Cuts a page out of `limit + 1` rows: the row too many tells that there is a next page. */
export function keysetPage<Item>(
  rows: readonly Item[],
  limit: number,
  keyOf: (last: Item) => string,
): { items: Item[]; next: string | null } {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, next: rows.length > limit && last !== undefined ? keyOf(last) : null };
}

/** Checks an `after` that is the id of a row. */
export function uuidCursor(after: string | undefined): string | undefined {
  if (after === undefined || UUID.test(after)) return after;
  throw notACursor(after);
}

/** The refusal of an `after` that no page gave. */
export function notACursor(after: string): CausewayError {
  return fail("INVALID_FIELD", {
    message: `after is not the next of a page: ${after}`,
    field: "after",
    value: after,
    help: "Give back the `next` of the page before, or leave after out for the first page.",
  });
}
