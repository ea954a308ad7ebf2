import type { Filter, Order } from "@causeway/contract";
import type { Db } from "../../../platform/database/index.ts";
import { planOrder } from "./run-order.ts";
import { type RunQuery, runSearchStore, type SortedRun, type Windows } from "./run-search-store.ts";

/**
 * Common matches fill a page within the window; rare ones cost the look in vain, some 5 us a run, before they are gathered by
 * index.
 */
export const WINDOWS: Windows = { start: 5000, metric: 1000 };
/** Runs with the number at the end of a window are left out of it; without a filter this many more than wanted are enough. */
const SPARE = 50;

/** What stands before the start and the id in the sort keys of an order by a metric. */
const RANK_NAN = 1;
const RANK_MISSING = 2;

/** Finds the first runs of an order that match, behind a place. */
export async function findRuns(db: Db, query: RunQuery, terms: readonly Order[]): Promise<SortedRun[]> {
  const order = planOrder(terms);
  const store = runSearchStore(db);
  switch (order.by) {
    case "start":
      return byStart(query, order.ascending);
    case "metric":
      return byMetric(query, order, terms);
    case "any":
      return store.sortAll(query, terms);
    default:
      return order satisfies never;
  }

  async function byStart(asked: RunQuery, ascending: boolean): Promise<SortedRun[]> {
    const { runs, complete } = await store.walkStart(
      asked,
      ascending,
      Math.max(asked.windows.start, asked.limit),
    );
    if (complete || runs.length >= asked.limit) return runs;
    return store.sortAll(asked, [{ field: { group: "attribute", key: "start_time" }, ascending }]);
  }

  async function byMetric(
    asked: RunQuery,
    metric: { name: string; ascending: boolean },
    all: readonly Order[],
  ): Promise<SortedRun[]> {
    const rank = Number(asked.after?.[0] ?? 0);
    const found: SortedRun[] = [];
    if (rank === 0) {
      const window =
        asked.filter.kind === "everything"
          ? asked.limit + SPARE
          : Math.max(asked.windows.metric, asked.limit);
      const { runs, complete } = await store.walkMetric(asked, metric, window);
      if (runs.length >= asked.limit) return runs;
      if (!complete) return store.sortAll(asked, all);
      found.push(...runs);
    }
    if (rank <= RANK_NAN) found.push(...(await unordered(RANK_NAN)));
    if (found.length < asked.limit) found.push(...(await unordered(RANK_MISSING)));
    return found;

    /** Runs whose metric is no number, the newest first. */
    async function unordered(own: typeof RANK_NAN | typeof RANK_MISSING): Promise<SortedRun[]> {
      const isNan = own === RANK_NAN;
      const without: Filter = {
        kind: "comparison",
        field: { group: "metric", key: metric.name },
        comparator: isNan ? "=" : "IS NULL",
        value: isNan ? Number.NaN : null,
        at: 0,
        length: 0,
      };
      const part: RunQuery = {
        ...asked,
        filter:
          asked.filter.kind === "everything" ? without : { kind: "and", clauses: [asked.filter, without] },
        limit: asked.limit - found.length,
        after: rank === own ? asked.after?.slice(2) : undefined,
      };
      const runs = isNan ? await store.sortAll(part, []) : await byStart(part, false);
      return runs.map(({ key, values }) => ({ key, values: [own, 0, ...values] }));
    }
  }
}
