import type { ColumnShape } from "@causeway/contract";

/** A bin as it is drawn: its ends, and which share of the rows lies in it, 0 to 1. */
export type DrawnBin = { from: number; to: number; current: number; reference: number };

const MOST_BINS = 24;
/** Bins that differ less than this in width are drawn as they are. */
const EVEN = 1.05;
/** Share of the rows that may lie beyond the drawn range on each side; they are counted into the outermost bins. */
const BEYOND = 0.005;

type Numeric = Extract<ColumnShape, { kind: "numeric" }>;

/**
 * The bins of a numeric column, ready to draw over an even axis. Bins of one width stay as they are; quantile bins are
 * laid out anew over at most 24 bins of one width, their rows spread evenly inside each source bin. No row is lost.
 */
export function drawnBins({ edges, current, reference }: Numeric): DrawnBin[] {
  const totals = { current: sum(current), reference: sum(reference) };
  const bins = current.map((count, index) => ({
    from: edges[index] ?? 0,
    to: edges[index + 1] ?? 0,
    current: totals.current === 0 ? 0 : count / totals.current,
    reference: totals.reference === 0 ? 0 : (reference[index] ?? 0) / totals.reference,
  }));
  const widths = bins.map(({ from, to }) => to - from);
  if (bins.length <= MOST_BINS && Math.max(...widths) <= Math.min(...widths) * EVEN) return bins;
  const low = quantileOf(bins, BEYOND);
  const high = quantileOf(bins, 1 - BEYOND);
  if (!(high > low)) return bins;
  const count = Math.min(MOST_BINS, Math.max(4, bins.length));
  const wide = (high - low) / count;
  const drawn: DrawnBin[] = Array.from({ length: count }, (_, index) => ({
    from: low + index * wide,
    to: low + (index + 1) * wide,
    current: 0,
    reference: 0,
  }));
  for (const bin of bins) {
    const first = slotOf(bin.from, { low, wide, count });
    const last = slotOf(bin.to, { low, wide, count });
    for (let index = first; index <= last; index += 1) {
      const into = drawn[index];
      if (into === undefined) continue;
      // The outermost drawn bins reach to the ends of the data.
      const from = Math.max(bin.from, index === 0 ? Number.NEGATIVE_INFINITY : into.from);
      const to = Math.min(bin.to, index === count - 1 ? Number.POSITIVE_INFINITY : into.to);
      const part = bin.to > bin.from ? Math.max(0, to - from) / (bin.to - bin.from) : first === index ? 1 : 0;
      into.current += bin.current * part;
      into.reference += bin.reference * part;
    }
  }
  return drawn;
}

/** A category with the share of the rows that have it, now and in the reference. */
export type DrawnCategory = { value: string | null; current: number; reference: number };

/** The most frequent categories of both sides, at most `most`, and all others under `null`. */
export function drawnCategories(
  { values, other }: Extract<ColumnShape, { kind: "categorical" }>,
  most = 10,
): DrawnCategory[] {
  const totals = {
    current: sum(values.map(({ current }) => current)) + other.current,
    reference: sum(values.map(({ reference }) => reference)) + other.reference,
  };
  const share = (part: { current: number; reference: number }) => ({
    current: totals.current === 0 ? 0 : part.current / totals.current,
    reference: totals.reference === 0 ? 0 : part.reference / totals.reference,
  });
  const all = values
    .map((each) => ({ value: each.value, ...share(each) }))
    .sort((a, b) => Math.max(b.current, b.reference) - Math.max(a.current, a.reference));
  const rest = all.slice(most).reduce(
    (added, each) => ({
      current: added.current + each.current,
      reference: added.reference + each.reference,
    }),
    share(other),
  );
  const shown: DrawnCategory[] = all.slice(0, most);
  return rest.current + rest.reference > 0 ? [...shown, { value: null, ...rest }] : shown;
}

/** Where the mean of both distributions has `p` of its rows below, spread evenly inside bins. */
function quantileOf(bins: readonly DrawnBin[], p: number): number {
  let below = 0;
  for (const { from, to, current, reference } of bins) {
    const here = (current + reference) / 2;
    if (below + here >= p) return here === 0 ? from : from + ((p - below) / here) * (to - from);
    below += here;
  }
  return bins.at(-1)?.to ?? 0;
}

function slotOf(value: number, { low, wide, count }: { low: number; wide: number; count: number }): number {
  return Math.max(0, Math.min(count - 1, Math.floor((value - low) / wide)));
}

function sum(values: readonly number[]): number {
  return values.reduce((added, value) => added + value, 0);
}
