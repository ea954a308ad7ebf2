import type { BinaryScores } from "./metrics/index.ts";

/** Rates when every row that scores at least `threshold` is called positive. */
export interface RocPoint {
  readonly threshold: number;
  readonly truePositiveRate: number;
  readonly falsePositiveRate: number;
}

/**
 * The ROC curve from the highest score down, one point per distinct score; the corner (0, 0), which no score reaches, is
 * left out. With more than `atMost` distinct scores, the points kept lie evenly along the curve's way through the square
 * (measured by the sum of both rates), ends included. Empty without both classes.
 */
export function rocCurve({ truth, scores }: BinaryScores, atMost = 200): RocPoint[] {
  const order = new Uint32Array(scores.length).map((_, row) => row);
  order.sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0));
  const positives = truth.reduce((sum, label) => sum + label, 0);
  const negatives = truth.length - positives;
  if (positives === 0 || negatives === 0) return [];

  const points: RocPoint[] = [];
  let truePositives = 0;
  let falsePositives = 0;
  for (const [place, row] of order.entries()) {
    if (truth[row] === 1) truePositives++;
    else falsePositives++;
    const threshold = scores[row] ?? Number.NaN;
    const next = order[place + 1];
    if (next !== undefined && scores[next] === threshold) continue;
    points.push({
      threshold,
      truePositiveRate: truePositives / positives,
      falsePositiveRate: falsePositives / negatives,
    });
  }
  return thin(points, atMost);
}

function thin(points: RocPoint[], atMost: number): RocPoint[] {
  if (points.length <= atMost) return points;
  const kept: RocPoint[] = [];
  const last = points.at(-1);
  for (const point of points) {
    // Both rates run from 0 to 1, so their sum runs from 0 to 2.
    const way = (point.truePositiveRate + point.falsePositiveRate) / 2;
    if (way * (atMost - 1) >= kept.length && kept.length < atMost - 1 && point !== last) kept.push(point);
  }
  if (last !== undefined) kept.push(last);
  return kept;
}
