import { type ClassCounts, countsOf } from "./confusion.ts";

/**
 * A ratio of one class's counts: of the positive class where there is one, else the plain mean over the classes that
 * occur (macro average, as scikit-learn computes it). NaN without rows.
 */
export function classAverage(
  matrix: readonly (readonly number[])[],
  positive: number | null,
  ratio: (counts: ClassCounts) => number,
): number {
  if (!matrix.some((line) => line.some((count) => count > 0))) return Number.NaN;
  if (positive !== null) return ratio(countsOf(matrix, positive));
  const ratios: number[] = [];
  for (let label = 0; label < matrix.length; label++) {
    const counts = countsOf(matrix, label);
    const occurs = counts.truePositives + counts.falsePositives + counts.falseNegatives > 0;
    if (occurs) ratios.push(ratio(counts));
  }
  return ratios.reduce((sum, value) => sum + value, 0) / ratios.length;
}
