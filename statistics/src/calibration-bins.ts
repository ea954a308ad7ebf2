import type { BinaryScores } from "./metrics/index.ts";

/** Rows whose score falls into one bin: their mean score and the share that was positive. */
export interface CalibrationBin {
  readonly predicted: number;
  readonly observed: number;
  readonly rows: number;
}

/** A reliability diagram: equal-width bins of probability from 0 to 1, lowest first, empty ones left out. */
export function calibrationBins({ truth, scores }: BinaryScores, bins = 10): CalibrationBin[] {
  const sums = new Float64Array(bins);
  const positives = new Float64Array(bins);
  const rows = new Float64Array(bins);
  for (const [row, score] of scores.entries()) {
    const bin = Math.min(bins - 1, Math.max(0, Math.floor(score * bins)));
    sums[bin] = (sums[bin] ?? 0) + score;
    positives[bin] = (positives[bin] ?? 0) + (truth[row] ?? 0);
    rows[bin] = (rows[bin] ?? 0) + 1;
  }
  const filled: CalibrationBin[] = [];
  for (const [bin, count] of rows.entries()) {
    if (count === 0) continue;
    filled.push({
      predicted: (sums[bin] ?? 0) / count,
      observed: (positives[bin] ?? 0) / count,
      rows: count,
    });
  }
  return filled;
}
