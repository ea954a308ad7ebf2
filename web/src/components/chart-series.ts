import type { Real } from "../lib/format.ts";
import { toNumber } from "../lib/format.ts";

/** One line: its points by position, and how it is drawn. */
export type Series = {
  name: string;
  points: ReadonlyArray<readonly [x: number, y: number]>;
  token: ChartToken;
  dashed?: boolean;
  /** Estimated, not measured. */
  dotted?: boolean;
  /** Filled down to zero. */
  area?: boolean;
  /** A range around the line. */
  band?: ReadonlyArray<readonly [x: number, low: number, high: number]>;
  /** Marks each point; hollow and without a line where its value may still change. A NaN breaks the line: gaps are never joined. */
  dots?: "full" | "hollow";
  /** What hovering says of the n-th point, where it is more than its value. */
  write?: (index: number) => string;
  /** Which end of the line's values is the good one; its best point is ringed. */
  best?: "highest" | "lowest";
  /** Many lines drawn as one, parted by NaN: thinned and smoothed already, without a name, not hovered. */
  isBundle?: true;
};

/** The colours that a chart may use, as tokens: runs in their order, then the roles. */
export const CHART_TOKENS = [
  "s1",
  "s2",
  "s3",
  "s4",
  "s5",
  "live",
  "reference",
  "candidate",
  "ink-3",
] as const;
export type ChartToken = (typeof CHART_TOKENS)[number];

/** The look of the n-th run: five colours, the same dashed, then grey. */
export function runLook(index: number): { token: ChartToken; dashed: boolean } {
  const colours = ["s1", "s2", "s3", "s4", "s5"] as const;
  const token = index < 10 ? (colours[index % 5] ?? "s1") : "ink-3";
  return { token, dashed: index >= 5 && index < 10 };
}

/** Points that can be drawn, and how many could not: NaN and infinite values are counted, never joined. */
export function drawable(points: ReadonlyArray<readonly [x: number, y: Real]>): {
  points: [number, number][];
  dropped: number;
} {
  const finite: [number, number][] = [];
  for (const [x, y] of points) {
    const value = toNumber(y);
    if (Number.isFinite(value)) finite.push([x, value]);
  }
  return { points: finite, dropped: points.length - finite.length };
}

/**
 * Exponential smoothing with bias correction (as in Adam, Kingma and Ba 2015): `weight` 0 leaves values as they are,
 * towards 1 the past counts more.
 */
export function smooth(
  points: ReadonlyArray<readonly [x: number, y: number]>,
  weight: number,
): [number, number][] {
  let mean = 0;
  return points.map(([x, y], index) => {
    mean = mean * weight + y * (1 - weight);
    const correction = 1 - weight ** (index + 1);
    return [x, weight === 0 ? y : mean / correction];
  });
}

/** The place of the best value among points; undefined where there is none. */
export function bestOf(
  points: ReadonlyArray<readonly [x: number, y: number]>,
  best: "highest" | "lowest",
): readonly [number, number] | undefined {
  let found: readonly [number, number] | undefined;
  for (const point of points) {
    if (found === undefined || (best === "highest" ? point[1] > found[1] : point[1] < found[1]))
      found = point;
  }
  return found;
}

/** Whether a metric of this name is better when it is smaller: losses, errors, and times. */
export function lowerIsBetter(metric: string): boolean {
  return /loss|error|err\b|mse|mae|rmse|mape|brier|deviance|perplexity|latency|seconds|_ms$|time/i.test(
    metric,
  );
}

/**
 * Keeps at most `most` points without losing an extreme: each bucket gives its first, lowest, highest and last point in
 * their order.
 */
export function downsample(
  points: ReadonlyArray<readonly [number, number]>,
  most: number,
): ReadonlyArray<readonly [number, number]> {
  if (points.length <= most) return points;
  const buckets = Math.max(1, Math.floor(most / 4));
  const size = points.length / buckets;
  const kept: (readonly [number, number])[] = [];
  for (let bucket = 0; bucket < buckets; bucket += 1) {
    const part = points.slice(Math.floor(bucket * size), Math.floor((bucket + 1) * size));
    const low = bestOf(part, "lowest");
    const high = bestOf(part, "highest");
    const chosen = new Set([part[0], low, high, part.at(-1)]);
    kept.push(...part.filter((point) => chosen.has(point)));
  }
  return kept;
}
