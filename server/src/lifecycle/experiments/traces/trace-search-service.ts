import type { Order } from "@causeway/contract";
import type { Call } from "../../../platform/access/index.ts";
import type { Db } from "../../../platform/database/index.ts";
import { readPageToken, writePageToken } from "../search/page-token.ts";
import { readFilter, readOrders } from "../search/read-request.ts";
import { traceSearchStore } from "./trace-search-store.ts";

/** What traces are searched by. */
export type TraceSearchRequest = {
  /** Numbers of experiments, as text. */
  readonly experiments: readonly string[];
  readonly filter: string;
  readonly orderBy: readonly string[];
  readonly limit: number;
  readonly after?: string | undefined;
};

const NEWEST: Order = { field: { group: "attribute", key: "timestamp_ms" }, ascending: false };

/** Makes the search of traces: filters and orders in MLflow's grammar, pages by their last row. */
export function createTraceSearch({ db }: { db: Db }) {
  const store = traceSearchStore(db);

  async function find(
    { experiments, filter, orderBy, limit, after }: TraceSearchRequest,
    call: Call,
  ): Promise<{ ids: string[]; next: string | null }> {
    const given = readOrders(orderBy, "traces");
    const isTimed = given.some(({ field }) => field.key === NEWEST.field.key);
    const orders = isTimed ? given : [...given, NEWEST];
    const request = JSON.stringify([experiments, filter, orderBy]);
    const numbers = experiments.filter((id) => /^\d{1,9}$/.test(id)).map(Number);
    const query = {
      project: call.scope.project,
      experiments: numbers,
      filter: readFilter(filter, "traces"),
      orders,
      limit: limit + 1,
    };
    const keys = store.keyCount(orders);
    const rows = await store.find({ ...query, after: readPageToken(after, request, keys) });
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    const next = rows.length > limit && last !== undefined ? writePageToken(request, last.values) : null;
    return { ids: page.map(({ id }) => id), next };
  }

  return { find };
}
