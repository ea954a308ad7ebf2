import { type NumericSummary, requireSameEdges } from "../column-summary.ts";

/** Greatest distance of two distribution functions and how much greater it can be by what the bins hide. */
export interface Gap {
  readonly distance: number;
  readonly errorBound: number;
}

/** The Kolmogorov-Smirnov distance: from all values where both sides have them, else at the edges of the bins. */
export function distributionGap(reference: NumericSummary, current: NumericSummary): Gap {
  return reference.values && current.values
    ? { distance: gapOfValues(reference.values, current.values), errorBound: 0 }
    : gapOfBins(reference, current);
}

function gapOfValues(a: Float64Array, b: Float64Array): number {
  let i = 0;
  let j = 0;
  let widest = 0;
  while (i < a.length && j < b.length) {
    const value = Math.min(a[i] ?? Number.POSITIVE_INFINITY, b[j] ?? Number.POSITIVE_INFINITY);
    while (i < a.length && (a[i] ?? 0) <= value) i++;
    while (j < b.length && (b[j] ?? 0) <= value) j++;
    // In whole numbers, so that equal shares of different counts differ by nothing.
    widest = Math.max(widest, Math.abs(i * b.length - j * a.length));
  }
  return widest / (a.length * b.length);
}

function gapOfBins(reference: NumericSummary, current: NumericSummary): Gap {
  requireSameEdges(reference, current);
  const m = reference.rows;
  const n = current.rows;
  let before = { reference: 0, current: 0 };
  let widest = 0;
  let possible = 0;
  for (const [bin, count] of reference.counts.entries()) {
    const after = {
      reference: before.reference + count,
      current: before.current + (current.counts[bin] ?? 0),
    };
    widest = Math.max(widest, Math.abs(after.reference * n - after.current * m));
    // Within the bin one function may have risen before the other does.
    possible = Math.max(
      possible,
      after.reference * n - before.current * m,
      after.current * m - before.reference * n,
    );
    before = after;
  }
  const blurred = (reference.rankError ?? 0) / m + (current.rankError ?? 0) / n;
  return { distance: widest / (m * n), errorBound: (possible - widest) / (m * n) + blurred };
}
