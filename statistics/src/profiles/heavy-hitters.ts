/** Counts of the most frequent values. Each is at most `countError` rows too low, and never too high. Plain data. */
export interface HeavyHitters {
  /** Values that are kept. */
  readonly most: number;
  readonly rows: number;
  /** 0 while every value is kept. A value in more rows than this is always listed. */
  readonly countError: number;
  readonly counts: Readonly<Record<string, number>>;
}

const MOST_HITTERS = 1000;

/** No values. */
export function emptyHitters(most = MOST_HITTERS): HeavyHitters {
  return { most, rows: 0, countError: 0, counts: {} };
}

/** Adds values by their rows, in any order: the same values and rows give the same counts. */
export function addToHitters(hitters: HeavyHitters, values: ReadonlyMap<string, number>): HeavyHitters {
  let rows = hitters.rows;
  for (const count of values.values()) rows += count;
  return keepMost({ ...hitters, rows }, joined(hitters.counts, values));
}

function joined(
  counts: Readonly<Record<string, number>>,
  more: ReadonlyMap<string, number>,
): Map<string, number> {
  const all = new Map(Object.entries(counts));
  for (const [value, count] of more) all.set(value, (all.get(value) ?? 0) + count);
  return all;
}

/** Counts of both parts together; the error is at most the sum of theirs and of what is cut off. */
export function mergeHitters(a: HeavyHitters, b: HeavyHitters): HeavyHitters {
  const together = {
    most: Math.min(a.most, b.most),
    rows: a.rows + b.rows,
    countError: a.countError + b.countError,
  };
  return keepMost(together, joined(a.counts, new Map(Object.entries(b.counts))));
}

/**
 * Keeps the most frequent values: with more, the count of the first one that has to go is taken from all, which never
 * loses more than rows / (most + 1) of one (Misra and Gries, Science of Computer Programming 2, 1982; merged as by
 * Agarwal et al., PODS 2012).
 */
function keepMost(
  { most, rows, countError }: Omit<HeavyHitters, "counts">,
  counts: ReadonlyMap<string, number>,
): HeavyHitters {
  // Listed by rows, then by name, so that the same values give the same bytes.
  const sorted = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  const cut = sorted[most]?.[1] ?? 0;
  const kept = sorted
    .filter(([, count]) => count > cut)
    .map(([value, count]) => [value, count - cut] as const);
  return { most, rows, countError: countError + cut, counts: Object.fromEntries(kept) };
}
