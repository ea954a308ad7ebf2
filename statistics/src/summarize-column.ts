import type { CategoricalSummary, NumericSummary } from "./column-summary.ts";
import { momentsOf } from "./profiles/moments.ts";

/**
 * Counts numbers in the bins of a reference and keeps the finite ones in order, so that tests are exact. Null is missing.
 */
export function summarizeNumbers(
  column: ArrayLike<number | null>,
  edges: readonly number[],
): NumericSummary & { readonly values: Float64Array } {
  const finite = new Float64Array(column.length);
  let rows = 0;
  let missing = 0;
  let nan = 0;
  for (let row = 0; row < column.length; row++) {
    const value = column[row];
    if (value === null || value === undefined) missing++;
    else if (Number.isNaN(value)) nan++;
    else if (Number.isFinite(value)) finite[rows++] = value;
  }
  const values = finite.slice(0, rows).sort();
  return {
    kind: "numeric",
    missing,
    nan,
    infinite: column.length - rows - missing - nan,
    ...momentsOf(values),
    edges,
    counts: countInBins(values, edges),
    values,
  };
}

/** Rows per bin of values in ascending order; what lies outside is in the outer bins. */
export function countInBins(sorted: Float64Array, edges: readonly number[]): number[] {
  const counts = new Array<number>(Math.max(1, edges.length - 1)).fill(0);
  let bin = 0;
  for (const value of sorted) {
    while (bin < counts.length - 1 && value >= (edges[bin + 1] ?? Number.POSITIVE_INFINITY)) bin++;
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return counts;
}

/** Counts categories, all of them; null is missing and no category. */
export function summarizeCategories(column: Iterable<string | null>): CategoricalSummary {
  const counts = new Map<string, number>();
  let rows = 0;
  let missing = 0;
  for (const value of column) {
    if (value === null) missing++;
    else {
      rows++;
      counts.set(value, (counts.get(value) ?? 0) + 1);
    }
  }
  return {
    kind: "categorical",
    rows,
    missing,
    counts: Object.fromEntries(counts),
    other: 0,
    distinct: counts.size,
  };
}
