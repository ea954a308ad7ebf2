import type { ClassLabels } from "./metrics/define.ts";

/** How often each true class (row) was predicted as each class (column). */
export function confusion({ truth, predicted, classes }: Omit<ClassLabels, "positive">): number[][] {
  const counts = Array.from({ length: classes }, () => Array.from({ length: classes }, () => 0));
  for (const [row, label] of truth.entries()) {
    const line = counts[label];
    const column = predicted[row];
    if (line === undefined || column === undefined || !(column in line)) {
      throw new RangeError(`Row ${row} holds a class outside 0 to ${classes - 1}.`);
    }
    line[column] = (line[column] ?? 0) + 1;
  }
  return counts;
}

/** Counts of one class against the rest. */
export interface ClassCounts {
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly falseNegatives: number;
}

/** The counts of a class, read from a confusion matrix. */
export function countsOf(matrix: readonly (readonly number[])[], label: number): ClassCounts {
  const own = matrix[label] ?? [];
  const truePositives = own[label] ?? 0;
  const actual = own.reduce((sum, count) => sum + count, 0);
  const claimed = matrix.reduce((sum, line) => sum + (line[label] ?? 0), 0);
  return {
    truePositives,
    falsePositives: claimed - truePositives,
    falseNegatives: actual - truePositives,
  };
}
