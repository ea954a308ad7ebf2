import type { Curve, CurveAxis, CurvePoint, Run } from "@causeway/contract";
import { drawable, lowerIsBetter, runLook, type Series, smooth } from "../../components/chart-series.ts";
import { isSystemMetric } from "./run-columns.ts";

/** Runs with a colour of their own; the others are drawn together in grey. */
export const MOST_COLOURED = 10;

/** Points of the grey lines of one chart together, however many they are: what is drawn without holding the page up. */
const MOST_GREY = 9_000;

/** How many points are asked for of a coloured curve and of a grey one, where so many are drawn together. */
export function mostPoints(curves: number): { coloured: number; grey: number } {
  const grey = Math.max(0, curves - MOST_COLOURED);
  return grey === 0
    ? { coloured: 1_000, grey: 0 }
    : { coloured: 300, grey: Math.max(60, Math.min(300, Math.round(MOST_GREY / grey))) };
}

/** The lines of a chart: the first ten runs by their look, the rest as one grey bundle, the run pointed at in full. */
export function curveSeries({
  curves,
  runs,
  metric,
  across,
  smoothing,
  marked,
}: {
  curves: readonly Curve[];
  runs: readonly Run[];
  metric: string;
  across: CurveAxis;
  smoothing: number;
  marked: string | undefined;
}): { series: Series[]; points: number; drawn: number; dropped: number } {
  const good = goodEnd(metric);
  const best = good === undefined ? {} : { best: good };
  const byRun = new Map(curves.map((curve) => [curve.run, curve]));
  const series: Series[] = [];
  const bundle: [number, number][] = [];
  let points = 0;
  let drawn = 0;
  let dropped = 0;
  for (const [index, run] of runs.entries()) {
    const curve = byRun.get(run.id);
    if (curve === undefined) continue;
    const line = drawable(curve.sampled.map((point) => [positionOf(point, across), point.value]));
    points += curve.points;
    drawn += curve.sampled.length;
    dropped += line.dropped;
    if (index < MOST_COLOURED) {
      series.push({ name: run.name, points: line.points, ...best, ...runLook(index) });
    } else {
      bundle.push(...(smoothing === 0 ? line.points : smooth(line.points, smoothing)), [
        Number.NaN,
        Number.NaN,
      ]);
      if (run.id === marked) series.push({ name: run.name, points: line.points, ...best, ...runLook(index) });
    }
  }
  if (bundle.length > 0) series.unshift({ name: "", points: bundle, token: "ink-3", isBundle: true });
  return { series, points, drawn, dropped };
}

/** Which end of a metric's values is the good one; what was measured on the machine has none. */
export function goodEnd(metric: string): "highest" | "lowest" | undefined {
  if (isSystemMetric(metric)) return undefined;
  return lowerIsBetter(metric) ? "lowest" : "highest";
}

function positionOf(point: CurvePoint, across: CurveAxis): number {
  switch (across) {
    case "step":
      return point.step;
    case "time":
      return Date.parse(point.occurredAt);
    case "relative":
      return point.relativeMs;
    default:
      return across satisfies never;
  }
}
