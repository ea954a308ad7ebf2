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
  const last = values.length - 1;
  const ranks = ps.flatMap((p) => [Math.floor(p * last), Math.min(Math.floor(p * last) + 1, last)]);
  placeRanks(
    values,
    [...new Set(ranks)].sort((a, b) => a - b),
    { low: 0, high: last },
  );
  return ps.map((p) => {
    const lower = Math.floor(p * last);
    const low = values[lower] ?? Number.NaN;
    const high = values[Math.min(lower + 1, last)] ?? Number.NaN;
    const fraction = p * last - lower;
    return { p, value: fraction === 0 ? low : low + fraction * (high - low) };
  });
}

/** Moves the values of several ranks to their places: the middle one first, which halves the work of the others. */
function placeRanks(
  values: Float64Array,
  ranks: readonly number[],
  range: { low: number; high: number },
): void {
  const middle = ranks.length >> 1;
  const rank = ranks[middle];
  if (rank === undefined) return;
  placeRank(values, rank, range);
  placeRanks(values, ranks.slice(0, middle), { low: range.low, high: rank - 1 });
  placeRanks(values, ranks.slice(middle + 1), { low: rank + 1, high: range.high });
}

/** Moves the value of a rank to its place, lesser ones before and greater ones after it (Hoare's quickselect, median of three). */
function placeRank(values: Float64Array, rank: number, range: { low: number; high: number }): void {
  let { low, high } = range;
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
