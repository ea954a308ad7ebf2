/** A sample of values with weights, from which every rank is known up to `rankError` rows. Plain data. */
export interface QuantileSketch {
  /** Values that a level holds before half of them move up. */
  readonly size: number;
  readonly rows: number;
  /** No count of rows below a value is off by more than this; 0 while every value is kept. */
  readonly rankError: number;
  /** Values of level h stand for 2^h rows each. */
  readonly levels: readonly (readonly number[])[];
  /** How often each level was halved: whether the next time values at odd or at even places stay. */
  readonly halved: readonly number[];
}

const SKETCH_SIZE = 2048;

/** An empty sketch. */
export function emptySketch(size = SKETCH_SIZE): QuantileSketch {
  if (!Number.isInteger(size) || size < 2 || size % 2 === 1) {
    throw new RangeError(`A sketch holds an even number of values per level, at least 2: not ${size}.`);
  }
  return { size, rows: 0, rankError: 0, levels: [], halved: [] };
}

/**
 * Adds finite values. A full level is sorted and every second value moves up with twice the weight, alternately those at
 * odd and at even places (Manku, Rajagopalan and Lindsay, SIGMOD 1998; KLL of Karnin, Lang and Liberty, FOCS 2016, without
 * chance: the same rows in the same order give the same sketch). Each halving of level h moves no rank by more than 2^h
 * rows, so the error is known: about log2(rows / size) / size of the rows, 0.5 % of a million.
 */
export function addToSketch(sketch: QuantileSketch, values: Float64Array): QuantileSketch {
  const open = opened(sketch);
  for (const value of values) {
    open.levels[0]?.push(value);
    if ((open.levels[0]?.length ?? 0) >= sketch.size) halve(open);
  }
  return closed(open, sketch.rows + values.length);
}

/** The sketch of both parts' rows together; its error is the sum of theirs and of the halvings that merging takes. */
export function mergeSketches(a: QuantileSketch, b: QuantileSketch): QuantileSketch {
  if (a.size !== b.size) throw new RangeError(`Sketches of ${a.size} and ${b.size} values cannot be merged.`);
  const open = opened(a);
  open.rankError += b.rankError;
  for (const [level, values] of b.levels.entries()) levelOf(open, level).push(...values);
  halve(open);
  return closed(open, a.rows + b.rows);
}

/** Rows whose value is below, up to the sketch's error. */
export function rowsBelow({ levels }: QuantileSketch, value: number): number {
  let rows = 0;
  for (const [level, values] of levels.entries()) {
    for (const one of values) if (one < value) rows += 2 ** level;
  }
  return rows;
}

/** Values at evenly spaced ranks, least and greatest included, ascending: what `referenceEdges` takes. */
export function quantilesOf({ levels }: QuantileSketch, most: number): Float64Array {
  const weighted = levels
    .flatMap((values, level) => values.map((value) => ({ value, rows: 2 ** level })))
    .sort((a, b) => a.value - b.value);
  const rows = weighted.reduce((sum, one) => sum + one.rows, 0);
  const count = Math.min(most, rows);
  const quantiles = new Float64Array(count);
  let place = 0;
  let passed = weighted[0]?.rows ?? 0;
  for (let i = 0; i < count; i++) {
    const rank = count === 1 ? 0 : (i * (rows - 1)) / (count - 1);
    while (passed <= rank && place < weighted.length - 1) {
      place++;
      passed += weighted[place]?.rows ?? 0;
    }
    quantiles[i] = weighted[place]?.value ?? Number.NaN;
  }
  return quantiles;
}

interface OpenSketch {
  readonly size: number;
  rankError: number;
  readonly levels: number[][];
  readonly halved: number[];
}

function opened({ size, rankError, levels, halved }: QuantileSketch): OpenSketch {
  const open = { size, rankError, levels: levels.map((values) => [...values]), halved: [...halved] };
  levelOf(open, 0);
  return open;
}

function levelOf({ levels, halved }: OpenSketch, level: number): number[] {
  while (levels.length <= level) {
    levels.push([]);
    halved.push(0);
  }
  return levels[level] ?? [];
}

/** Halves every level that is full, lowest first. */
function halve(open: OpenSketch): void {
  for (let level = 0; level < open.levels.length; level++) {
    const values = open.levels[level] ?? [];
    if (values.length < open.size) continue;
    const sorted = Float64Array.from(values).sort();
    // An odd one stays behind, so that weights add up to the rows.
    const even = sorted.length - (sorted.length % 2);
    const above = levelOf(open, level + 1);
    for (let i = (open.halved[level] ?? 0) % 2; i < even; i += 2) above.push(sorted[i] ?? Number.NaN);
    open.levels[level] = [...sorted.subarray(even)];
    open.halved[level] = (open.halved[level] ?? 0) + 1;
    open.rankError += 2 ** level;
  }
}

function closed({ size, rankError, levels, halved }: OpenSketch, rows: number): QuantileSketch {
  return { size, rows, rankError, levels: levels.map((values) => values.toSorted((a, b) => a - b)), halved };
}
