import type { CurveAxis } from "@causeway/contract";
import { type RawBuilder, sql } from "kysely";
import type { Db } from "../../../platform/database/index.ts";

/** A series of points as curves are drawn from it. */
export type Series = {
  readonly run: string;
  readonly metric: string;
  readonly series: number;
  /** The run's first moment: the earliest of the first points of its metrics. */
  readonly startMs: number;
};

/** How far a span of a series reaches on the axis, and how many points it has. */
export type SpanOf = {
  readonly series: number;
  readonly from: number;
  readonly until: number;
  readonly points: number;
};

/** A stretch of a series: both ends belong to it. */
export type Stretch = { readonly series: number; readonly from: number; readonly until: number };

/** A point of a series. */
export type SeriesPoint = {
  readonly series: number;
  readonly step: number;
  readonly atMs: number;
  readonly value: number;
};

/** The ends of what a bigint holds. */
const LEAST = "-9223372036854775808";
const GREATEST = "9223372036854775807";

/** Statements on points of many series at once. */
export function curvesStore(db: Db) {
  return {
    async findSeries(
      project: string,
      runs: readonly string[],
      metrics: readonly string[],
    ): Promise<Series[]> {
      const { rows } = await sql<Series>`
        select run.id as run, metric.name as metric, metric.id as series, first."startMs"
        from experiments_runs as run
        cross join lateral (
          select min(point.at_ms) as "startMs" from experiments_metrics as any_metric
          cross join lateral (
            select at_ms from experiments_points where series = any_metric.id order by step, at_ms limit 1
          ) as point
          where any_metric.run_key = run.key
        ) as first
        join experiments_metrics as metric on metric.run_key = run.key and metric.name = any(${metrics}::text[])
        where run.project = ${project} and run.id = any(${runs}::text[]) and first."startMs" is not null`.execute(
        db,
      );
      return rows;
    },

    /** Where the points of each stretch begin and end on the axis, and how many they are; those without points are absent. */
    async measure(axis: CurveAxis, stretches: readonly Stretch[]): Promise<SpanOf[]> {
      const x = columnOf(axis);
      const { rows } = await sql<SpanOf>`
        select asked.series, found."from", found.until, found.points
        from ${unnested(stretches)} cross join lateral (
          select min(${x}) as "from", max(${x}) as until, count(*) as points from experiments_points
          where series = asked.series and ${x} between asked.lo and asked.hi
        ) as found
        where found.points > 0`.execute(db);
      return rows;
    },

    /** `measure` for whole series over steps: two looks into the index each, and the number that is kept. */
    async measureWhole(series: readonly number[]): Promise<SpanOf[]> {
      const { rows } = await sql<SpanOf>`
        select metric.id as series, first.step as "from", last.step as until, metric.points
        from experiments_metrics as metric
        cross join lateral (
          select step from experiments_points where series = metric.id order by step limit 1) as first
        cross join lateral (
          select step from experiments_points where series = metric.id order by step desc limit 1) as last
        where metric.id = any(${series}::bigint[])`.execute(db);
      return rows;
    },

    /** Every point of the stretches. */
    async listPoints(axis: CurveAxis, stretches: readonly Stretch[]): Promise<SeriesPoint[]> {
      if (stretches.length === 0) return [];
      const x = columnOf(axis);
      const { rows } = await sql<PointsRow>`
        select asked.series, ${asPoints(sql`point`)} as points
        from ${unnested(stretches)} join experiments_points as point on point.series = asked.series
          and point.${x} between asked.lo and asked.hi
        group by asked.series`.execute(db);
      return toPoints(rows);
    },

    /**
     * Of each of `parts` equal parts of the axis the first and the last point, the least and the greatest number, and one NaN. A
     * point may come more than once. Each part is summed up in one pass; its points are then looked up by their steps.
     */
    async samplePoints(
      axis: CurveAxis,
      stretches: readonly Stretch[],
      parts: number,
    ): Promise<SeriesPoint[]> {
      if (stretches.length === 0) return [];
      const x = columnOf(axis);
      const lookUp = (condition: RawBuilder<unknown>) => sql`(
        select step, at_ms, value from experiments_points
        where series = asked.series and step between part."firstStep" and part."lastStep" and ${condition} limit 1)`;
      const { rows } = await sql<PointsRow>`
        select asked.series, sampled.points from ${unnested(stretches)} cross join lateral (
          select ${asPoints(sql`point`)} as points from (
            select min(step) as "firstStep", max(step) as "lastStep", min(${x}) as first, max(${x}) as last,
              min(value) as least, max(nullif(value, 'NaN')) as greatest, max(value) as any_nan
            from experiments_points where series = asked.series and ${x} between asked.lo and asked.hi
            group by (${x} - asked.lo) / ((asked.hi - asked.lo) / ${parts}::bigint + 1)
            offset 0
          ) as part
          cross join lateral (
            ${lookUp(sql`${x} = part.first`)}
            union all ${lookUp(sql`${x} = part.last`)}
            union all ${lookUp(sql`value = part.least`)}
            union all ${lookUp(sql`value = part.greatest`)}
            union all ${lookUp(sql`part.any_nan = 'NaN' and value = 'NaN'`)}
          ) as point
        ) as sampled`.execute(db);
      return toPoints(rows);
    },

    /** At most so many points of each stretch, evenly spread over those that there are, the last one among them. */
    async spreadPoints(axis: CurveAxis, stretches: readonly Stretch[], most: number): Promise<SeriesPoint[]> {
      if (stretches.length === 0) return [];
      const x = columnOf(axis);
      const inOrder = sql`order by ${x}, ${axis === "step" ? sql`at_ms` : sql`step`}, value`;
      const { rows } = await sql<PointsRow>`
        select asked.series, spread.points from ${unnested(stretches)} cross join lateral (
          select ${asPoints(sql`point`)} as points from (
            select step, at_ms, value, bucket, lag(bucket) over (${inOrder}) as before, lead(bucket) over (${inOrder}) as after
            from (
              select step, at_ms, value, ntile(${most}::integer) over (${inOrder}) as bucket
              from experiments_points where series = asked.series and ${x} between asked.lo and asked.hi
            ) as bucketed
          ) as point
          where point.after is null or (point.bucket < ${most}::integer and point.before is distinct from point.bucket)
        ) as spread`.execute(db);
      return toPoints(rows);
    },
  };
}

/** Points of a series as JSON: one row a series is a quarter of the cost of a row a point. */
type PointsRow = { series: number; points: [step: number, atMs: number, value: number | string][] | null };

function asPoints(point: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`json_agg(json_build_array(${point}.step, ${point}.at_ms, ${point}.value))`;
}

function toPoints(rows: readonly PointsRow[]): SeriesPoint[] {
  return rows.flatMap(({ series, points }) =>
    // JSON holds NaN and the infinities as text.
    (points ?? []).map(([step, atMs, value]) => ({ series, step, atMs, value: Number(value) })),
  );
}

function columnOf(axis: CurveAxis): RawBuilder<unknown> {
  return axis === "step" ? sql`step` : sql`at_ms`;
}

function unnested(stretches: readonly Stretch[]): RawBuilder<unknown> {
  return sql`unnest(${stretches.map(({ series }) => series)}::bigint[],
    ${stretches.map(({ from }) => whole(from))}::bigint[],
    ${stretches.map(({ until }) => whole(until))}::bigint[]) as asked (series, lo, hi)`;
}

/** A bound as a bigint holds it; infinities are its ends. */
function whole(bound: number): string {
  if (bound < -(2 ** 63)) return LEAST;
  if (bound >= 2 ** 63) return GREATEST;
  return BigInt(Math.round(bound)).toString();
}
