/**
 * Ranks from 1 in ascending order; equal values share the mean of the ranks that they take together.
 * The order of NaN is undefined: leave them out before.
 */
export function midranks(values: Float64Array): Float64Array {
  const order = new Uint32Array(values.length);
  for (let i = 0; i < order.length; i++) order[i] = i;
  order.sort((a, b) => at(values, a) - at(values, b));

  const ranks = new Float64Array(values.length);
  let start = 0;
  while (start < order.length) {
    const value = at(values, at(order, start));
    let end = start + 1;
    while (end < order.length && at(values, at(order, end)) === value) end++;
    const shared = (start + 1 + end) / 2;
    for (let i = start; i < end; i++) ranks[at(order, i)] = shared;
    start = end;
  }
  return ranks;
}

function at(values: Float64Array | Uint32Array, index: number): number {
  return values[index] ?? Number.NaN;
}
