import type { Ask, Statement } from "../../platform/database/index.ts";

/** The tables' narrow names of a run and its experiment. */
export type RunKeys = { readonly key: number; readonly experimentKey: number };

/** Text under a name of a run: a param or a tag. */
export type TextRow = { readonly run: RunKeys; readonly name: string; readonly value: string };

/** A metric of a run by name. */
export type SeriesName = { readonly run: RunKeys; readonly name: string };

/** Points of series, and what they say of each series. */
export type PointRows = {
  readonly runs: readonly number[];
  readonly points: readonly { series: number; step: number; atMs: number; value: number }[];
  readonly summaries: readonly {
    series: number;
    last: { step: number; atMs: number; value: number };
    min: number | null;
    max: number | null;
  }[];
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
    on conflict do nothing returning run_key as "run", name, id as "series"`,
};

const SELECT_SERIES: Statement = {
  name: "experiments-select-series",
  text: `select metric.run_key as "run", metric.name, metric.id as "series"
    from unnest($1::bigint[], $2::text[]) as asked (run_key, name)
    join experiments_metrics as metric on metric.run_key = asked.run_key and metric.name = asked.name`,
};

const LOCK_RUNS: Statement = {
  name: "experiments-lock-runs",
  text: `select key from experiments_runs where key = any($1::bigint[]) and (deleted_at is null or $2)
    order by key for no key update`,
};

/**
 * All at once: locks the runs, stores the points that are new, and moves the series on. Where a run is gone, nothing is
 * written. The answer is the runs that are there. Its plan holds for any number of rows: what was stored and what is said of
 * each series meet by grouping, not by a join, and the series are met by their id, which is there, as the conflict of an insert.
 */
const INSERT_POINTS: Statement = {
  name: "experiments-insert-points",
  text: `with live as (
    select key from experiments_runs where key = any($1::bigint[]) and (deleted_at is null or $2)
    order by key for no key update
  ), stored as (
    insert into experiments_points (series, step, at_ms, value)
    select * from unnest($3::bigint[], $4::bigint[], $5::bigint[], $6::double precision[])
    where (select count(*) from live) = cardinality($1::bigint[])
    on conflict do nothing returning series
  ), gathered as (
    select series, sum(stored)::bigint as points, max(step) as step, max(at_ms) as at_ms, max(value) as value,
      max(low) as low, max(high) as high
    from (
      select series, 1 as stored, null as step, null as at_ms, null as value, null as low, null as high from stored
      union all
      select given.series, 0, given.step, given.at_ms, given.value, given.low, given.high from unnest(
        $7::bigint[], $8::bigint[], $9::bigint[], $10::double precision[], $11::double precision[], $12::double precision[]
      ) as given (series, step, at_ms, value, low, high)
    ) as said group by series having sum(stored) > 0
  ), moved as (
    insert into experiments_metrics as metric (id, run_key, experiment_key, name, last_step, last_at_ms, last_value, min, max, points)
      overriding system value
    select series, 0, 0, '', step, at_ms, value, low, high, points from gathered
    on conflict (id) do update set
      last_step = case when later then excluded.last_step else metric.last_step end,
      last_at_ms = case when later then excluded.last_at_ms else metric.last_at_ms end,
      last_value = case when later then excluded.last_value else metric.last_value end,
      min = least(metric.min, excluded.min),
      max = greatest(metric.max, excluded.max),
      points = metric.points + excluded.points
  )
  select key from live`.replaceAll(
    "when later then",
    `when (excluded.last_step, excluded.last_at_ms, excluded.last_value) >
      (metric.last_step, metric.last_at_ms, metric.last_value) then`,
  ),
};

/** Statements that write what runs log; each takes rows of any number of runs, each name of a run once. */
export function runLogStore(ask: Ask) {
  return {
    /** Locks runs against other writers, in one order for all; answers those that are there. */
    async lockRuns(runs: readonly number[], deletedToo: boolean): Promise<number[]> {
      const rows = await ask<{ key: number }>(LOCK_RUNS, [numbers(runs), deletedToo]);
      return rows.map(({ key }) => key);
    },

    /** What the names hold already. */
    findParams(rows: readonly TextRow[]): Promise<{ run: number; name: string; value: string }[]> {
      return ask(SELECT_KNOWN, [numbers(rows.map(({ run }) => run.key)), rows.map(({ name }) => name)]);
    },

    async insertParams(rows: readonly TextRow[]): Promise<void> {
      await ask(INSERT_PARAMS, textColumns(rows));
    },

    async upsertTags(rows: readonly TextRow[]): Promise<void> {
      await ask(UPSERT_TAGS, textColumns(rows));
    },

    async renameRuns(rows: readonly TextRow[]): Promise<void> {
      await ask(RENAME_RUNS, [numbers(rows.map(({ run }) => run.key)), rows.map(({ value }) => value)]);
    },

    /** The series of the names; those that are missing are made, in the caller's transaction with their first points. */
    async ensureSeries(
      wanted: readonly SeriesName[],
    ): Promise<{ run: number; name: string; series: number }[]> {
      type Row = { run: number; name: string; series: number };
      const runs = numbers(wanted.map(({ run }) => run.key));
      const names = wanted.map(({ name }) => name);
      const experiments = numbers(wanted.map(({ run }) => run.experimentKey));
      const made = await ask<Row>(INSERT_SERIES, [runs, experiments, names]);
      return made.length === wanted.length ? made : ask<Row>(SELECT_SERIES, [runs, names]);
    },

    /** Stores points; answers the runs that are there, and has written nothing unless all are. */
    async insertPoints({ runs, points, summaries }: PointRows, deletedToo: boolean): Promise<number[]> {
      const rows = await ask<{ key: number }>(INSERT_POINTS, [
        numbers(runs),
        deletedToo,
        numbers(points.map(({ series }) => series)),
        numbers(points.map(({ step }) => step)),
        numbers(points.map(({ atMs }) => atMs)),
        numbers(points.map(({ value }) => value)),
        numbers(summaries.map(({ series }) => series)),
        numbers(summaries.map(({ last }) => last.step)),
        numbers(summaries.map(({ last }) => last.atMs)),
        numbers(summaries.map(({ last }) => last.value)),
        numbers(summaries.map(({ min }) => min)),
        numbers(summaries.map(({ max }) => max)),
      ]);
      return rows.map(({ key }) => key);
    },
  };
}

function textColumns(rows: readonly TextRow[]): unknown[] {
  return [
    numbers(rows.map(({ run }) => run.key)),
    numbers(rows.map(({ run }) => run.experimentKey)),
    rows.map(({ name }) => name),
    rows.map(({ value }) => value),
  ];
}

/** An array of numbers as the database reads it; the driver's own way quotes each. */
function numbers(values: readonly (number | null)[]): string {
  return `{${values.map((value) => value ?? "null").join(",")}}`;
}
