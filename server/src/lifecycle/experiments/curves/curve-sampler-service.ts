import { type Curve, type CurveAxis, type CurvePoint, fail } from "@causeway/contract";
import type { Call } from "../../../platform/access/index.ts";
import type { Database } from "../../../platform/database/index.ts";
import { toReal } from "../real.ts";
import type { Tracking } from "../tracking.ts";
import { curvesStore, type Series, type SeriesPoint } from "./curves-store.ts";
import { mergePoints } from "./merge-points.ts";

/** The most points of one answer: with more curves each has fewer. */
const MOST_POINTS = 200_000;
/** Points that a part of a curve can give. */
const POINTS_OF_PART = 5;
/** The fewest points of a curve. */
const FEWEST = 10;

type Span = {
  readonly axis: CurveAxis;
  readonly from?: number | undefined;
  readonly until?: number | undefined;
};

/** Makes what answers curves: points of metrics, fewer than there are where there are many. */
export function createCurveSampler({ database }: { database: Pick<Database, "db"> }) {
  const store = curvesStore(database.db);

  /** Points of each series within the span, at most so many, with the number of those that there are. */
  async function sample(
    series: readonly Series[],
    { axis, from = Number.NEGATIVE_INFINITY, until = Number.POSITIVE_INFINITY }: Span,
    most: number,
  ): Promise<Map<number, { points: number; sampled: SeriesPoint[] }>> {
    const asked = series.map(({ series: id, startMs }) => {
      const offset = axis === "relative" ? startMs : 0;
      return { series: id, from: Math.ceil(from + offset), until: Math.floor(until + offset) };
    });
    const isWhole = axis === "step" && !Number.isFinite(from) && !Number.isFinite(until);
    const spans = isWhole
      ? await store.measureWhole(series.map(({ series: id }) => id))
      : await store.measure(axis, asked);
    const few = spans.filter(({ points }) => points <= most);
    const many = spans.filter(({ points }) => points > most);
    const whole = await store.listPoints(axis, few);
    const some =
      most < FEWEST * POINTS_OF_PART
        ? await store.spreadPoints(axis, many, most)
        : await store.samplePoints(axis, many, Math.floor(most / POINTS_OF_PART));
    const merged = mergePoints([...whole, ...some], axis === "step" ? "step" : "atMs");
    return new Map(spans.map(({ series: id, points }) => [id, { points, sampled: merged.get(id) ?? [] }]));
  }

  async function sampleCurves(
    input: Span & { runs: readonly string[]; metrics: readonly string[]; most: number },
    call: Pick<Call, "scope">,
  ): Promise<{ curves: Curve[] }> {
    const { from, until } = input;
    if (from !== undefined && until !== undefined && from > until) throw backwards(from, until);
    const series = await store.findSeries(call.scope.project, input.runs, input.metrics);
    const fair = Math.floor(MOST_POINTS / Math.max(1, series.length));
    const found = await sample(series, input, Math.max(FEWEST, Math.min(input.most, fair)));
    const place = new Map(input.runs.map((run, index) => [run, index]));
    const curves = series
      .toSorted(
        (a, b) =>
          input.metrics.indexOf(a.metric) - input.metrics.indexOf(b.metric) ||
          (place.get(a.run) ?? 0) - (place.get(b.run) ?? 0),
      )
      .map(({ run, metric, series: id, startMs }) => {
        const { points, sampled } = found.get(id) ?? { points: 0, sampled: [] };
        return { run, metric, points, sampled: sampled.map((point) => viewPoint(point, startMs)) };
      });
    return { curves };
  }

  const sampledHistory: Tracking["sampledHistory"] = async (input, call) => {
    const { runs, name, fromStep, untilStep, limit } = input;
    const series = await store.findSeries(call.scope.project, runs, [name]);
    const span: Span = { axis: "step", from: fromStep, until: untilStep };
    const found = await sample(series, span, Math.max(1, limit));
    const bySeries = new Map(series.map((one) => [one.run, one.series]));
    return runs.flatMap((run) => {
      const points = found.get(bySeries.get(run) ?? -1)?.sampled ?? [];
      return points.slice(0, limit).map(({ step, atMs, value }) => ({ run, name, step, atMs, value }));
    });
  };

  return { sampleCurves, sampledHistory };
}

function viewPoint({ step, atMs, value }: SeriesPoint, startMs: number): CurvePoint {
  return {
    step,
    occurredAt: new Date(atMs).toISOString(),
    relativeMs: atMs - startMs,
    value: toReal(value),
  };
}

function backwards(from: number, until: number) {
  return fail("INVALID_FIELD", {
    message: `the span ends at ${until}, before it begins at ${from}`,
    field: "until",
    value: until,
    help: "Give a span that begins before it ends, or leave both out for the whole curve.",
  });
}
