import type { Filter, Order } from "@causeway/contract";
import { type RawBuilder, sql } from "kysely";
import type { Db } from "../../../platform/database/index.ts";
import type { LifeView } from "../tracking.ts";
import { inView } from "./experiment-search-store.ts";
import { compileFilter, noSearch } from "./filter-store.ts";
import { compileKeySet } from "./key-set-store.ts";
import {
  bound,
  isBehind,
  nullsLast,
  orderBy,
  type SortedRow,
  type SortKey,
  selectKeys,
  sortValues,
} from "./keyset-store.ts";
import type { SortValue } from "./page-token.ts";
import { HANGING, piecesOf, RUN_COLUMNS, runAttribute, runFields } from "./run-fields-store.ts";
import { mayLack } from "./run-order.ts";

/** A search of runs as the statements take it. */
export type RunQuery = {
  readonly project: string;
  /** Keys of experiments. */
  readonly experiments: readonly number[];
  readonly filter: Filter;
  readonly view: LifeView;
  /** How many rows are wanted. */
  readonly limit: number;
  /** The sort keys of the row behind which to go on. */
  readonly after: readonly SortValue[] | undefined;
  readonly windows: Windows;
};

/**
 * How many runs of an order are looked at one by one before all that match are gathered: by their start, and by a metric, where
 * each look costs twice as much.
 */
export type Windows = { readonly start: number; readonly metric: number };

/** A run that was found, and what a token carries to go on behind it. */
export type SortedRun = { readonly key: number; readonly values: readonly SortValue[] };

/** Runs found within a window of an order; `complete` when nothing lies behind the window. */
export type WindowRuns = { readonly runs: SortedRun[]; readonly complete: boolean };

type Row = SortedRow & { readonly key: number };
/** One row without a run tells how many were gone over when none matched. */
type WindowRow = SortedRow & { readonly key: number | null; readonly scanned: number };

/** With more experiments than this the index of the whole project is walked. */
const MANY_EXPERIMENTS = 16;

const ID: SortKey = { sql: sql`run.id`, ascending: true, type: "text" };
const STARTED: SortKey = { sql: sql`run.started_at`, ascending: false, type: "time" };

/** The sort keys of runs by their start. */
function startKeys(ascending: boolean): SortKey[] {
  return [{ ...STARTED, ascending }, ID];
}

/** The sort keys of runs by a metric: numbers, then NaN, then runs without it; of equals the newest first. */
function metricKeys(value: RawBuilder<unknown>, ascending: boolean): SortKey[] {
  return [...nullsLast({ sql: value, ascending, type: "number" }), STARTED, ID];
}

/** Statements that search runs. Each has one plan only, whatever the planner knows of names and values. */
export function runSearchStore(db: Db) {
  return {
    /** Experiments by their names, or by their numbers written as text. */
    async findExperiments(
      project: string,
      asked: readonly string[],
    ): Promise<{ key: number; name: string; number: number }[]> {
      const { rows } = await sql<{ key: number; name: string; number: number }>`
        select key, name, number from experiments_experiments
        where project = ${project} and (name = any(${asked}::text[]) or number = any(${numbersAmong(asked)}::integer[]))
        order by key`.execute(db);
      return rows;
    },

    /** Keys of the project's experiments that live, or of all. */
    async listExperimentKeys(project: string, view: LifeView): Promise<number[]> {
      const { rows } = await sql<{
        key: number;
      }>`select experiment.key from experiments_experiments as experiment
        where experiment.project = ${project}
          and ${view === "active" ? inView(view, sql`experiment.deleted_at`) : sql`true`}
        order by key`.execute(db);
      return rows.map(({ key }) => key);
    },

    /** Keys of the experiments of these numbers, written as text; what is no number names none. */
    async keysOf(project: string, numbers: readonly string[]): Promise<number[]> {
      const { rows } = await sql<{ key: number }>`select key from experiments_experiments
        where project = ${project} and number = any(${numbersAmong(numbers)}::integer[]) order by key`.execute(
        db,
      );
      return rows.map(({ key }) => key);
    },

    /** Goes over the first runs by their start and keeps those that match. */
    async walkStart(query: RunQuery, ascending: boolean, window: number): Promise<WindowRuns> {
      const keys = startKeys(ascending);
      const { after, filter } = query;
      const started = after?.[0];
      // The bound lets the index begin at the place; the rest of the condition is for rows of one moment.
      const behind =
        after === undefined || started === undefined
          ? sql`true`
          : sql`run.started_at ${ascending ? sql`>=` : sql`<=`} ${bound(STARTED, started)} and ${isBehind(keys, after)}`;
      const size = filter.kind === "everything" ? query.limit : window;
      const walk = (where: RawBuilder<unknown>) => sql`select ${RUN_COLUMNS} from experiments_runs as run
        where ${where} and ${inView(query.view, sql`run.deleted_at`)} and ${behind} order by ${orderBy(keys)} limit ${size}`;
      const each = sql`select run.* from unnest(${query.experiments}::bigint[]) as scope (key)
        cross join lateral (${walk(sql`run.experiment_key = scope.key`)}) as run`;
      const all = walk(
        sql`run.project = ${query.project} and run.experiment_key = any(${query.experiments}::bigint[])`,
      );
      const source = query.experiments.length > MANY_EXPERIMENTS ? all : each;
      const { rows } = await sql<WindowRow>`
          with page as materialized (select * from (${source}) as run order by ${orderBy(keys)} limit ${size}),
          edge as materialized (select count(*) as scanned from page)
          select run.key, ${selectKeys(keys)}, edge.scanned from edge left join (
            select * from page as run
            where ${compileFilter(filter, runFields)} order by ${orderBy(keys)} limit ${query.limit}
          ) as run on true order by ${orderBy(keys)}`.execute(db);
      return inWindow(keys, rows, size);
    },

    /**
     * Goes over the first runs by the number of a metric and keeps those that match. Runs that share the number at the window's
     * end are left out: those outside may come before them.
     */
    async walkMetric(
      query: RunQuery,
      { name, ascending }: { name: string; ascending: boolean },
      window: number,
    ): Promise<WindowRuns> {
      const keys = metricKeys(sql`run.last_value`, ascending);
      const { after } = query;
      const from = after?.[1];
      const direction = ascending ? sql`asc` : sql`desc`;
      const behind =
        from === undefined
          ? sql`true`
          : sql`last_value ${ascending ? sql`>=` : sql`<=`} ${bound({ type: "number" }, from)}`;
      const { rows } = await sql<WindowRow>`
        with page as materialized (
          select metric.* from unnest(${query.experiments}::bigint[]) as scope (key)
          cross join lateral (
            select run_key, last_value from experiments_metrics
            where experiment_key = scope.key and name = ${name} and last_value <= 'Infinity' and ${behind}
            order by last_value ${direction} limit ${window}
          ) as metric
          order by last_value ${direction} limit ${window}
        ), edge as materialized (
          select count(*) as scanned, ${ascending ? sql`max` : sql`min`}(last_value) as value from page
        ), candidate as materialized (
          select run.*, page.last_value from page cross join edge
          -- The limit keeps this a look into the index per row: joined otherwise, all runs would be read.
          cross join lateral (select ${RUN_COLUMNS} from experiments_runs as run
            where run.key = page.run_key and ${inView(query.view, sql`run.deleted_at`)} limit 1) as run
          where edge.scanned < ${window} or page.last_value <> edge.value
        )
        select run.key, ${selectKeys(keys)}, edge.scanned from edge left join (
          select * from candidate as run
          where ${after === undefined ? sql`true` : isBehind(keys, after)} and ${compileFilter(query.filter, runFields)}
          order by ${orderBy(keys)} limit ${query.limit}
        ) as run on true order by ${orderBy(keys)}`.execute(db);
      return inWindow(keys, rows, window);
    },

    /** Finds all that match, sorts them and takes the first: for what no index has in order. */
    async sortAll(query: RunQuery, terms: readonly Order[]): Promise<SortedRun[]> {
      const { filter, after } = query;
      const { keys, joins } = sortingOf(terms, query.experiments);
      const scope = { experiments: query.experiments };
      const matching =
        filter.kind === "everything"
          ? sql`run.experiment_key = any(${query.experiments}::bigint[])`
          : sql`run.key = any(array(${compileKeySet(filter, scope)}))`;
      const { rows } = await sql<Row>`
        select run.key, ${selectKeys(keys)} from experiments_runs as run ${joins}
        where ${matching} and ${inView(query.view, sql`run.deleted_at`)} and ${after === undefined ? sql`true` : isBehind(keys, after)}
        order by ${orderBy(keys)} limit ${query.limit}`.execute(db);
      return rows.map((row) => ({ key: row.key, values: sortValues(keys, row) }));
    },
  };
}

function inWindow(keys: readonly SortKey[], rows: readonly WindowRow[], window: number): WindowRuns {
  const runs = rows.flatMap((row) =>
    row.key === null ? [] : [{ key: row.key, values: sortValues(keys, row) }],
  );
  return { runs, complete: (rows[0]?.scanned ?? 0) < window };
}

/** The sort keys of any order, and the joins that they need. */
function sortingOf(
  terms: readonly Order[],
  experiments: readonly number[],
): { keys: SortKey[]; joins: RawBuilder<unknown> } {
  const joins: RawBuilder<unknown>[] = [];
  const keys = terms.flatMap((term, index) => {
    const { field, ascending } = term;
    const { group, key } = field;
    if (group === "attribute") {
      const attribute = runAttribute(key);
      if (attribute === undefined) throw noSearch(field);
      const own = { sql: attribute.sql, ascending, type: attribute.type };
      return mayLack(term) ? nullsLast(own) : [own];
    }
    if (group !== "param" && group !== "tag" && group !== "metric") throw noSearch(field);
    const { table, value, type } = HANGING[group];
    const alias = sql.ref(`sorted${index}`);
    const pieces = piecesOf(group).map(
      (piece) => sql`select run_key, ${value} from ${table}
        where experiment_key = any(${experiments}::bigint[]) and name = ${key} and ${piece}`,
    );
    joins.push(
      sql`left join (${sql.join(pieces, sql` union all `)}) as ${alias} on ${alias}.run_key = run.key`,
    );
    return nullsLast({ sql: sql`${alias}.${value}`, ascending, type });
  });
  const startIsGiven = terms.some(({ field }) => field.group === "attribute" && field.key === "start_time");
  return { keys: [...keys, ...(startIsGiven ? [] : [STARTED]), ID], joins: sql.join(joins, sql` `) };
}

/** Those of the texts that are numbers of experiments. */
export function numbersAmong(texts: readonly string[]): number[] {
  return texts.filter((text) => /^\d{1,9}$/.test(text)).map(Number);
}
