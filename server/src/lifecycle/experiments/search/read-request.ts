import {
  type Filter,
  fail,
  type Order,
  parseFilter,
  parseOrder,
  pointAt,
  type SearchEntity,
  SearchError,
} from "@causeway/contract";

/** Reads a filter; where it is wrong the error shows the place. */
export function readFilter(text: string, entity: SearchEntity): Filter {
  return explained("filter", text, () => parseFilter(text, { entity }));
}

/** Reads the terms of an order; a field that comes twice counts where it comes first. */
export function readOrders(texts: readonly string[], entity: SearchEntity): Order[] {
  const orders = texts.map((text) => explained("orderBy", text, () => parseOrder(text, { entity })));
  const first = new Map<string, Order>();
  for (const order of orders) {
    const name = `${order.field.group}.${order.field.key}`;
    if (!first.has(name)) first.set(name, order);
  }
  return [...first.values()];
}

function explained<Read>(field: "filter" | "orderBy", text: string, read: () => Read): Read {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof SearchError)) throw error;
    throw fail("INVALID_FIELD", {
      message: pointAt(text, error),
      field,
      value: text,
      help:
        error.expected.length === 0
          ? "The grammar is in the guide: docs/guide/experiments.md"
          : `At ${error.at} there may be: ${error.expected.join(" ")}`,
      cause: error,
    });
  }
}
