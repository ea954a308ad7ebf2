import type { Filter, Order } from "@causeway/contract";
import { sql } from "kysely";
import type { Db } from "../../../platform/database/index.ts";
import { compileFilter, noSearch } from "../search/filter-store.ts";
import {
  isBehind,
  nullsLast,
  orderBy,
  type SortedRow,
  type SortKey,
  selectKeys,
  sortValues,
} from "../search/keyset-store.ts";
import type { SortValue } from "../search/page-token.ts";
import { traceAttribute, traceFields } from "./trace-fields-store.ts";

/** A search of traces as the statement takes it. */
export type TraceQuery = {
  readonly project: string;
  /** Numbers of experiments. */
  readonly experiments: readonly number[];
  readonly filter: Filter;
  readonly orders: readonly Order[];
  readonly limit: number;
  readonly after: readonly SortValue[] | undefined;
};

const ID: SortKey = { sql: sql`trace.id`, ascending: false, type: "text" };

/** Statements that search traces. */
export function traceSearchStore(db: Db) {
  return {
    /** How many values a token carries for an order. */
    keyCount: (orders: readonly Order[]): number => keysOf(orders).length,

    /** Traces that match, in order, behind a row; each with what a token carries of it. */
    async find(query: TraceQuery): Promise<{ id: string; values: SortValue[] }[]> {
      const keys = keysOf(query.orders);
      const { rows } = await sql<SortedRow & { id: string }>`
        select trace.id, ${selectKeys(keys)} from experiments_traces as trace
        where trace.experiment_key = any(array(
            select key from experiments_experiments
            where project = ${query.project} and number = any(${[...query.experiments]}::integer[])))
          and ${compileFilter(query.filter, traceFields)}
          and ${query.after === undefined ? sql`true` : isBehind(keys, query.after)}
        order by ${orderBy(keys)} limit ${query.limit}`.execute(db);
      return rows.map((row) => ({ id: row.id, values: sortValues(keys, row) }));
    },
  };
}

/** A time is never missing: the index of the newest serves the default order. */
function keysOf(orders: readonly Order[]): SortKey[] {
  const keys = orders.flatMap(({ field, ascending }) => {
    const found = field.group === "attribute" ? traceAttribute(field.key) : undefined;
    if (found === undefined) throw noSearch(field);
    const key: SortKey = { sql: found.sql, ascending, type: found.type };
    return field.key === "timestamp_ms" || field.key === "request_id" ? [key] : nullsLast(key);
  });
  return [...keys, ID];
}
