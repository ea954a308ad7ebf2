/**
 * Edges of bins to count a column in, from its reference's values in ascending order (or evenly spaced quantiles of them):
 * at most `most` bins, an empty one on each side for what lies below and above. Up to `most - 2` distinct values get a bin
 * each, with edges halfway between neighbours; more share bins of about equal rows, a frequent value alone in its own.
 */
export function referenceEdges(sorted: ArrayLike<number>, most = 256): number[] {
  const least = sorted[0];
  const greatest = sorted[sorted.length - 1];
  if (least === undefined || greatest === undefined) return [-1, 0, 1];
  const distinct = distinctOf(sorted, most - 2);
  const inner = distinct ? halfway(distinct) : innerEdges(sorted, Math.max(1, most - 2));
  // A constant keeps no room around it: any other value is another one.
  const whole = distinct !== null && distinct.length > 1 && distinct.every(Number.isInteger);
  const from = whole ? least - 0.5 : least;
  const to = whole ? greatest + 0.5 : nextAbove(greatest);
  const width = greatest > least ? (greatest - least) / (inner.length + 1) : Math.abs(greatest) / 2 || 1;
  const edges = [from - width, from, ...inner, to, to + width];
  // Where the step is lost in rounding (numbers near 2^53 and beyond), edges may coincide.
  return edges.filter((edge, i) => i === 0 || edge > (edges[i - 1] ?? edge));
}

/** The different values, ascending; null where they are more than `most`. */
function distinctOf(sorted: ArrayLike<number>, most: number): number[] | null {
  const distinct: number[] = [];
  for (let i = 0; i < sorted.length; i++) {
    const value = sorted[i] ?? Number.NaN;
    if (value === distinct.at(-1)) continue;
    if (distinct.length === most) return null;
    distinct.push(value);
  }
  return distinct;
}

function halfway(distinct: readonly number[]): number[] {
  return distinct.slice(1).map((value, i) => {
    const before = distinct[i] ?? value;
    const middle = before + (value - before) / 2;
    // Neighbours without a number between them.
    return middle > before ? middle : value;
  });
}

/** Edges between bins of about equal rows. */
function innerEdges(sorted: ArrayLike<number>, most: number): number[] {
  let share = sorted.length / most;
  for (;;) {
    const edges = edgesOf(sorted, share);
    if (edges.length <= most) return edges.slice(1);
    share *= 1.25;
  }
}

/** A bin ends once it holds `share` rows; a value with as many rows begins one and ends it. */
function edgesOf(sorted: ArrayLike<number>, share: number): number[] {
  const edges: number[] = [];
  let held = Number.POSITIVE_INFINITY;
  let start = 0;
  while (start < sorted.length) {
    const value = sorted[start] ?? Number.NaN;
    let end = start + 1;
    while (end < sorted.length && sorted[end] === value) end++;
    const rows = end - start;
    const frequent = rows >= share;
    if (held >= share || frequent) {
      edges.push(value);
      held = 0;
    }
    held = frequent ? Number.POSITIVE_INFINITY : held + rows;
    start = end;
  }
  return edges;
}

/** The least number above a finite one. */
function nextAbove(value: number): number {
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, value === 0 ? 0 : value);
  bits.setBigInt64(0, bits.getBigInt64(0) + (value < 0 ? -1n : 1n));
  return bits.getFloat64(0);
}
