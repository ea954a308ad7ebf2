import type { Ask, Statement } from "../../platform/database/index.ts";
import { bigintArray, doubleArray } from "./binary-array.ts";
import type { MetricSummary } from "./metric-summary.ts";

/** The tables' narrow names of a run and its experiment. */
export type RunKeys = { readonly key: number; readonly experimentKey: number };

/** Text under a name of a run: a param or a tag. */
export type TextRow = { readonly run: RunKeys; readonly name: string; readonly value: string };

/** A metric of a run by name. */
export type SeriesName = { readonly run: RunKeys; readonly name: string };

/** A metric of a run as the tables have it: `lastStep` is null before its first point. */
export type SeriesRow = {
  readonly run: number;
  readonly name: string;
  readonly series: number;
  readonly lastStep: number | null;
};

/** Points of series, and what they say of each series. */
export type PointRows<Series extends { readonly id: number } = { readonly id: number }> = {
  readonly runs: readonly number[];
  readonly series: readonly (MetricSummary & { readonly series: Series })[];
};

const SELECT_KNOWN: Statement = {
  name: "experiments-known-params",
  text: `select param.run_key as "run", param.name, param.value
    from unnest($1::bigint[], $2::text[]) as asked (run_key, name)
    join experiments_params as param on param.run_key = asked.run_key and param.name = asked.name`,
};

const INSERT_PARAMS: Statement = {
  name: "experiments-insert-params",
  text: `insert into experiments_params (run_key, experiment_key, name, value)
    select * from unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[]) on conflict do nothing`,
};

const UPSERT_TAGS: Statement = {
  name: "experiments-upsert-tags",
  text: `insert into experiments_tags (run_key, experiment_key, name, value)
    select * from unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[])
    on conflict (run_key, name) do update set value = excluded.value where experiments_tags.value <> excluded.value`,
};

const RENAME_RUNS: Statement = {
  text: `update experiments_runs as run set name = given.name
    from unnest($1::bigint[], $2::text[]) as given (key, name) where run.key = given.key`,
};

/** A series without points, below every point that can come. */
const INSERT_SERIES: Statement = {
  name: "experiments-insert-series",
  text: `insert into experiments_metrics (run_key, experiment_key, name, last_value, last_step, last_at_ms, points)
    select run_key, experiment_key, name, '-Infinity', -9223372036854775808, -9223372036854775808, 0
    from unnest($1::bigint[], $2::bigint[], $3::text[]) as given (run_key, experiment_key, name)
    on conflict do nothing returning run_key as "run", name, id as "series", null as "lastStep"`,
};

const SELECT_SERIES: Statement = {
  name: "experiments-select-series",
  text: `select metric.run_key as "run", metric.name, metric.id as "series",
      case when metric.points > 0 then metric.last_step end as "lastStep"
    from unnest($1::bigint[], $2::text[]) as asked (run_key, name)
    join experiments_metrics as metric on metric.run_key = asked.run_key and metric.name = asked.name`,
};

const LOCK_RUNS: Statement = {
  name: "experiments-lock-runs",
  text: `select key from experiments_runs where key = any($1::bigint[]) and (deleted_at is null or $2)
    order by key for no key update`,
};

/** Locks the runs; what follows writes nothing where one of them is gone. */
const LIVE = `live as (${LOCK_RUNS.text})`;
const ALL_LIVE = "(select count(*) from live) = cardinality($1::bigint[])";

/**
 * All at once: locks the runs, stores params that have no other value yet, and tags. Nothing is written where a run is gone or a
 * param has another value. One that another writer gave it while this one waited for the lock cannot become null: that
 * ends the statement as a whole.
 */
const INSERT_TEXTS: Statement = {
  name: "experiments-insert-texts",
  text: `with ${LIVE}, clash as (
    select param.run_key from unnest($3::bigint[], $5::text[], $6::text[]) as asked (run_key, name, value)
    join experiments_params as param on param.run_key = asked.run_key and param.name = asked.name
    where param.value <> asked.value
  ), params as (
    insert into experiments_params (run_key, experiment_key, name, value)
    select * from unnest($3::bigint[], $4::bigint[], $5::text[], $6::text[])
    where ${ALL_LIVE} and not exists (select from clash)
    on conflict (run_key, name) do update set value = null where experiments_params.value <> excluded.value
  ), tags as (
    insert into experiments_tags (run_key, experiment_key, name, value)
    select * from unnest($7::bigint[], $8::bigint[], $9::text[], $10::text[])
    where ${ALL_LIVE} and not exists (select from clash)
    on conflict (run_key, name) do update set value = excluded.value where experiments_tags.value <> excluded.value
  )
  select key from live where not exists (select from clash)`,
};

const STORE = `insert into experiments_points (series, step, at_ms, value)
    select * from unnest($3::bigint[], $4::bigint[], $5::bigint[], $6::double precision[]) where ${ALL_LIVE}`;

/** What is said of each series, and how many points it has been given. */
const GIVEN = `unnest(
      $7::bigint[], $8::bigint[], $9::bigint[], $10::double precision[], $11::double precision[], $12::double precision[],
      $13::bigint[]
    ) as given (series, step, at_ms, value, low, high, points)`;

/** Moves series on. They are met by their id, which is there, as the conflict of an insert: a plan for any number of rows. */
const moveOn = (said: string): string =>
  `insert into experiments_metrics as metric (id, run_key, experiment_key, name, last_step, last_at_ms, last_value, min, max, points)
      overriding system value
    select series, 0, 0, '', step, at_ms, value, low, high, points from ${said}
    on conflict (id) do update set
      last_step = case when later then excluded.last_step else metric.last_step end,
      last_at_ms = case when later then excluded.last_at_ms else metric.last_at_ms end,
      last_value = case when later then excluded.last_value else metric.last_value end,
      min = least(metric.min, excluded.min),
      max = greatest(metric.max, excluded.max),
      points = metric.points + excluded.points`.replaceAll(
    "when later then",
    `when (excluded.last_step, excluded.last_at_ms, excluded.last_value) >
      (metric.last_step, metric.last_at_ms, metric.last_value) then`,
  );

/**
 * All at once: locks the runs, stores the points that are new, and moves the series on. The answer is the runs that are there.
 * What was stored and what is said of each series meet by grouping, not by a join, so that its plan holds for any number of rows.
 */
const INSERT_POINTS: Statement = {
  name: "experiments-insert-points",
  text: `with ${LIVE}, stored as (
    ${STORE} on conflict do nothing returning series
  ), gathered as (
    select series, sum(stored)::bigint as points, max(step) as step, max(at_ms) as at_ms, max(value) as value,
      max(low) as low, max(high) as high
    from (
      select series, 1 as stored, null as step, null as at_ms, null as value, null as low, null as high from stored
      union all
      select series, 0, step, at_ms, value, low, high from ${GIVEN}
    ) as said group by series having sum(stored) > 0
  ), moved as (${moveOn("gathered")})
  select key from live`,
};

/** The same for points none of which is there: half the work. One that is there fails the statement. */
const INSERT_NEW_POINTS: Statement = {
  name: "experiments-insert-new-points",
  text: `with ${LIVE}, stored as (${STORE}), moved as (${moveOn(`${GIVEN} where ${ALL_LIVE}`)})
  select key from live`,
};

/** Statements that write what runs log; each takes rows of any number of runs, each name of a run once. */
export function runLogStore(ask: Ask) {
  return {
    /** Locks runs against other writers, in one order for all; answers those that are there. */
    async lockRuns(runs: readonly number[], deletedToo: boolean): Promise<number[]> {
      const rows = await ask<{ key: number }>(LOCK_RUNS, [bigintArray(runs), deletedToo]);
      return rows.map(({ key }) => key);
    },

    /** What the names hold already. */
    findParams(rows: readonly TextRow[]): Promise<{ run: number; name: string; value: string }[]> {
      return ask(SELECT_KNOWN, [bigintArray(rows.map(({ run }) => run.key)), rows.map(({ name }) => name)]);
    },

    /** Stores params and tags; answers true, or false where nothing was written because a run is gone or a param has another value. */
    async insertTexts({
      runs,
      params,
      tags,
    }: {
      runs: readonly number[];
      params: readonly TextRow[];
      tags: readonly TextRow[];
    }): Promise<boolean> {
      const values = [bigintArray(runs), false, ...textColumns(params), ...textColumns(tags)];
      return (await ask(INSERT_TEXTS, values)).length === runs.length;
    },

    async insertParams(rows: readonly TextRow[]): Promise<void> {
      await ask(INSERT_PARAMS, textColumns(rows));
    },

    async upsertTags(rows: readonly TextRow[]): Promise<void> {
      await ask(UPSERT_TAGS, textColumns(rows));
    },

    async renameRuns(rows: readonly TextRow[]): Promise<void> {
      await ask(RENAME_RUNS, [bigintArray(rows.map(({ run }) => run.key)), rows.map(({ value }) => value)]);
    },

    /** The series of the names; those that are missing are made, in the caller's transaction with their first points. */
    async ensureSeries(wanted: readonly SeriesName[]): Promise<SeriesRow[]> {
      const runs = bigintArray(wanted.map(({ run }) => run.key));
      const names = wanted.map(({ name }) => name);
      const experiments = bigintArray(wanted.map(({ run }) => run.experimentKey));
      const made = await ask<SeriesRow>(INSERT_SERIES, [runs, experiments, names]);
      return made.length === wanted.length ? made : ask<SeriesRow>(SELECT_SERIES, [runs, names]);
    },

    /** Stores points; answers the runs that are there, and has written nothing unless all are. */
    async insertPoints(rows: PointRows, deletedToo: boolean): Promise<number[]> {
      const live = await ask<{ key: number }>(INSERT_POINTS, pointColumns(rows, deletedToo));
      return live.map(({ key }) => key);
    },

    /** The same for points of which the caller knows that none is stored already. */
    async insertNewPoints(rows: PointRows, deletedToo: boolean): Promise<number[]> {
      const live = await ask<{ key: number }>(INSERT_NEW_POINTS, pointColumns(rows, deletedToo));
      return live.map(({ key }) => key);
    },
  };
}

function pointColumns({ runs, series }: PointRows, deletedToo: boolean): unknown[] {
  const [ids, steps, times, values]: [number[], number[], number[], number[]] = [[], [], [], []];
  for (const { series: own, points } of series) {
    for (const { step, atMs, value } of points) {
      ids.push(own.id);
      steps.push(step);
      times.push(atMs);
      values.push(value);
    }
  }
  const last = series.map((one) => one.last);
  return [
    bigintArray(runs),
    deletedToo,
    bigintArray(ids),
    bigintArray(steps),
    bigintArray(times),
    doubleArray(values),
    bigintArray(series.map((one) => one.series.id)),
    bigintArray(last.map(({ step }) => step)),
    bigintArray(last.map(({ atMs }) => atMs)),
    doubleArray(last.map(({ value }) => value)),
    doubleArray(series.map(({ min }) => min)),
    doubleArray(series.map(({ max }) => max)),
    bigintArray(series.map((one) => one.points.length)),
  ];
}

function textColumns(rows: readonly TextRow[]): unknown[] {
  return [
    bigintArray(rows.map(({ run }) => run.key)),
    bigintArray(rows.map(({ run }) => run.experimentKey)),
    rows.map(({ name }) => name),
    rows.map(({ value }) => value),
  ];
}
