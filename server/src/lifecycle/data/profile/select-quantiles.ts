/** The quantiles that a profile holds. */
export const QUANTILES = [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99] as const;

/**
 * Quantiles of `values`, which are put in partial order in place. Between two values the line that joins them is taken
 * (definition 7 of Hyndman and Fan, "Sample quantiles in statistical packages", 1996: the default of NumPy and R).
 */
export function selectQuantiles(
  values: Float64Array,
  ps: readonly number[] = QUANTILES,
): { p: number; value: number }[] {
  if (values.length === 0) return [];
  let sortedTo = 0;
  return ps.map((p) => {
    const rank = p * (values.length - 1);
    const lower = Math.floor(rank);
    // Everything before the last rank is already no greater than everything after it.
    selectRank(values, lower, sortedTo);
    sortedTo = lower;
    const low = values[lower] as number; // ranks lie inside
    const fraction = rank - lower;
    return { p, value: fraction === 0 ? low : low + fraction * (least(values, lower + 1) - low) };
  });
}

/** Moves the value of a rank to its place, lesser ones before and greater ones after it (Hoare's quickselect, median of three). */
function selectRank(values: Float64Array, rank: number, from: number): void {
  let low = from;
  let high = values.length - 1;
  while (low < high) {
    const pivot = medianOfThree(values, low, high);
    let left = low;
    let right = high;
    while (left <= right) {
      while ((values[left] as number) < pivot) left++; // the pivot itself stops it
      while ((values[right] as number) > pivot) right--; // the pivot itself stops it
      if (left > right) break;
      const held = values[left] as number; // inside
      values[left] = values[right] as number; // inside
      values[right] = held;
      left++;
      right--;
    }
    if (rank <= right) high = right;
    else if (rank >= left) low = left;
    else return;
  }
}

function medianOfThree(values: Float64Array, low: number, high: number): number {
  const a = values[low] as number; // inside
  const b = values[(low + high) >> 1] as number; // inside
  const c = values[high] as number; // inside
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
}

function least(values: Float64Array, from: number): number {
  let found = Number.POSITIVE_INFINITY;
  for (let at = from; at < values.length; at++)
    if ((values[at] as number) < found) found = values[at] as number; // inside
  return found;
}
