import type { NumericSummary } from "@causeway/statistics";

/** Cells of the table that finds a value's bin: a look and a few comparisons instead of eight. */
const CELLS = 2_048;

/** Values that a schema does not know: below and above the range that was seen in training. */
export type NumberRange = { readonly min: number; readonly max: number };

/** Counts the numbers of one column in given bins. Its state is typed memory, for it is touched once per value. */
export type NumberCounter = {
  readonly edges: Float64Array;
  readonly counts: Float64Array;
  /** First bin that a value of the cell can be in. */
  readonly cells: Uint16Array;
  readonly scale: number;
  readonly range: NumberRange;
  /** See the places below. */
  readonly state: Float64Array;
};

const ROWS = 0;
const MISSING = 1;
const NAN = 2;
const INFINITE = 3;
const SUM = 4;
const SQUARES = 5;
const MIN = 6;
const MAX = 7;
const OUTSIDE = 8;
/** Sums are taken of distances from here, so that great numbers that lie close together keep their digits. */
const ORIGIN = 9;

/** Makes a counter; `edges` ascend and are at least two. */
export function createNumberCounter(edges: readonly number[], range: NumberRange | null): NumberCounter {
  const first = edges[0] ?? 0;
  const last = edges.at(-1) ?? 0;
  const scale = (CELLS - 1) / (last - first);
  const cells = new Uint16Array(CELLS + 1);
  const usable = Number.isFinite(scale) && scale > 0;
  for (let cell = 0, bin = 0; usable && cell <= CELLS; cell++) {
    while (bin < edges.length - 2 && Math.floor(((edges[bin + 1] ?? 0) - first) * scale) < cell) bin++;
    cells[cell] = bin;
  }
  const state = new Float64Array(10);
  state[MIN] = Number.POSITIVE_INFINITY;
  state[MAX] = Number.NEGATIVE_INFINITY;
  state[ORIGIN] = Number.isFinite(first) ? first : 0;
  return {
    edges: Float64Array.from(edges),
    counts: new Float64Array(Math.max(1, edges.length - 1)),
    cells,
    scale: usable ? scale : 0,
    range: range ?? { min: Number.NEGATIVE_INFINITY, max: Number.POSITIVE_INFINITY },
    state,
  };
}

/** Counts one value that is there; NaN and the infinities are counted apart. */
export function countNumber(counter: NumberCounter, value: number): void {
  const { state, edges, counts, cells, scale, range } = counter;
  if (value - value !== 0) {
    const place = Number.isNaN(value) ? NAN : INFINITE;
    state[place] = (state[place] as number) + 1; // inside
    return;
  }
  const distance = value - (state[ORIGIN] as number); // inside
  state[ROWS] = (state[ROWS] as number) + 1; // inside
  state[SUM] = (state[SUM] as number) + distance; // inside
  state[SQUARES] = (state[SQUARES] as number) + distance * distance; // inside
  if (value < (state[MIN] as number)) state[MIN] = value; // inside
  if (value > (state[MAX] as number)) state[MAX] = value; // inside
  if (value < range.min || value > range.max) state[OUTSIDE] = (state[OUTSIDE] as number) + 1; // inside
  const last = counts.length - 1;
  const cell = (value - (edges[0] as number)) * scale; // there are at least two edges
  let bin = cell < 0 ? 0 : cell >= CELLS ? last : (cells[Math.floor(cell)] as number); // inside
  while (bin < last && value >= (edges[bin + 1] as number)) bin++; // inside
  counts[bin] = (counts[bin] as number) + 1; // inside
}

/**
 * Counts a block of values of one group, NaN where one is missing or none: `isMissing` tells which. The sums stay in
 * registers for the length of the block, which is most of the speed.
 */
export function countBlock(
  counter: NumberCounter,
  { numbers, rows }: { numbers: Float64Array; rows: number },
  isMissing: (row: number) => boolean,
): void {
  const { state, edges, counts, cells, scale, range } = counter;
  const origin = state[ORIGIN] as number; // inside
  const first = edges[0] as number; // there are at least two edges
  const last = counts.length - 1;
  const { min: least, max: greatest } = range;
  let sum = 0;
  let squares = 0;
  let min = state[MIN] as number; // inside
  let max = state[MAX] as number; // inside
  let outside = 0;
  let finite = 0;
  for (let row = 0; row < rows; row++) {
    const value = numbers[row] as number; // inside the block
    if (value - value !== 0) {
      const place = isMissing(row) ? MISSING : Number.isNaN(value) ? NAN : INFINITE;
      state[place] = (state[place] as number) + 1; // inside
      continue;
    }
    const distance = value - origin;
    finite++;
    sum += distance;
    squares += distance * distance;
    if (value < min) min = value;
    if (value > max) max = value;
    if (value < least || value > greatest) outside++;
    const cell = (value - first) * scale;
    let bin = cell < 0 ? 0 : cell >= CELLS ? last : (cells[cell | 0] as number); // inside
    while (bin < last && value >= (edges[bin + 1] as number)) bin++; // inside
    counts[bin] = (counts[bin] as number) + 1; // inside
  }
  state[ROWS] = (state[ROWS] as number) + finite; // inside
  state[SUM] = (state[SUM] as number) + sum; // inside
  state[SQUARES] = (state[SQUARES] as number) + squares; // inside
  state[OUTSIDE] = (state[OUTSIDE] as number) + outside; // inside
  state[MIN] = min;
  state[MAX] = max;
}

/** Counts rows without a value. */
export function countMissing(counter: NumberCounter, rows: number): void {
  counter.state[MISSING] = (counter.state[MISSING] as number) + rows; // inside
}

/** What was counted, and how many values lay outside the range. */
export function numberSummary({ edges, counts, state }: NumberCounter): {
  summary: NumericSummary;
  outside: number;
} {
  const at = (place: number): number => state[place] ?? 0;
  const rows = at(ROWS);
  const summary: NumericSummary = {
    kind: "numeric",
    rows,
    missing: at(MISSING),
    nan: at(NAN),
    infinite: at(INFINITE),
    mean: rows === 0 ? 0 : at(ORIGIN) + at(SUM) / rows,
    m2: rows === 0 ? 0 : Math.max(0, at(SQUARES) - (at(SUM) * at(SUM)) / rows),
    min: rows === 0 ? 0 : at(MIN),
    max: rows === 0 ? 0 : at(MAX),
    edges: Array.from(edges),
    counts: Array.from(counts),
  };
  return { summary, outside: at(OUTSIDE) };
}
