/** The quantiles that a profile holds. */
export const QUANTILES = [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99] as const;

/** From this many values on, dividing them into bins first saves most of the work. */
const MANY = 8_192;
const BINS = 4_096;

/**
 * Quantiles of finite `values`, whose order may change. Between two values the line that joins them is taken (definition 7
 * of Hyndman and Fan, "Sample quantiles in statistical packages", 1996: the default of NumPy and R).
 */
export function selectQuantiles(
  values: Float64Array,
  ps: readonly number[] = QUANTILES,
): { p: number; value: number }[] {
  if (values.length === 0) return [];
  const last = values.length - 1;
  const wanted = ps.flatMap((p) => [Math.floor(p * last), Math.min(Math.floor(p * last) + 1, last)]);
  const ranks = [...new Set(wanted)].sort((a, b) => a - b);
  const found = values.length < MANY ? byPlace(values, ranks) : byBins(values, ranks);
  return ps.map((p) => {
    const lower = Math.floor(p * last);
    const low = found.get(lower) ?? Number.NaN;
    const high = found.get(Math.min(lower + 1, last)) ?? Number.NaN;
    const fraction = p * last - lower;
    return { p, value: fraction === 0 ? low : low + fraction * (high - low) };
  });
}

/** The values of ranks, which grow. */
function byPlace(values: Float64Array, ranks: readonly number[]): Map<number, number> {
  placeRanks(values, ranks, { low: 0, high: values.length - 1 });
  return new Map(ranks.map((rank) => [rank, values[rank] ?? Number.NaN]));
}

/** Counts values by bins of equal width, so that only the values of the bins that hold a rank have to be ordered. */
function byBins(values: Float64Array, ranks: readonly number[]): Map<number, number> {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (let at = 0; at < values.length; at++) {
    const value = values[at] as number; // inside
    if (value < min) min = value;
    if (value > max) max = value;
  }
  const scale = (BINS - 1) / (max - min);
  // One value alone, or a range beyond what doubles divide.
  if (!Number.isFinite(scale) || scale === 0) return byPlace(values, ranks);
  const counts = new Uint32Array(BINS);
  for (let at = 0; at < values.length; at++) {
    const bin = Math.floor(((values[at] as number) - min) * scale); // inside
    counts[bin] = (counts[bin] as number) + 1; // inside the bins, for no value is beyond the greatest
  }
  const groups: { values: Float64Array; filled: number; ranks: number[]; before: number }[] = [];
  const groupOf = new Int32Array(BINS).fill(-1);
  let before = 0;
  let next = 0;
  for (let bin = 0; bin < BINS && next < ranks.length; bin++) {
    const count = counts[bin] ?? 0;
    const own: number[] = [];
    for (; next < ranks.length && (ranks[next] ?? 0) < before + count; next++) own.push(ranks[next] ?? 0);
    if (own.length > 0) {
      groupOf[bin] = groups.length;
      groups.push({ values: new Float64Array(count), filled: 0, ranks: own, before });
    }
    before += count;
  }
  for (let at = 0; at < values.length; at++) {
    const value = values[at] as number; // inside
    const index = groupOf[Math.floor((value - min) * scale)] as number; // inside the bins
    if (index < 0) continue;
    const group = groups[index];
    if (group !== undefined) group.values[group.filled++] = value;
  }
  const found = new Map<number, number>();
  for (const group of groups) {
    const inside = group.ranks.map((rank) => rank - group.before);
    for (const [rank, value] of byPlace(group.values, inside)) found.set(rank + group.before, value);
  }
  return found;
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
