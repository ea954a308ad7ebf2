import { type ClassCounts, confusion, countsOf } from "./confusion.ts";
import type { ClassLabels } from "./metrics/define.ts";

/**
 * A ratio of one class's counts: of the positive class where there is one, else the plain mean over the classes that
 * occur (macro average, as scikit-learn computes it). NaN without rows.
 */
export function classAverage(labels: ClassLabels, ratio: (counts: ClassCounts) => number): number {
  if (labels.truth.length === 0) return Number.NaN;
  const matrix = confusion(labels);
  if (labels.positive !== null) return ratio(countsOf(matrix, labels.positive));
  const ratios: number[] = [];
  for (let label = 0; label < labels.classes; label++) {
    const counts = countsOf(matrix, label);
    const occurs = counts.truePositives + counts.falsePositives + counts.falseNegatives > 0;
    if (occurs) ratios.push(ratio(counts));
  }
  return ratios.reduce((sum, value) => sum + value, 0) / ratios.length;
}
