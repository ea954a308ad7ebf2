import type { Column } from "@causeway/contract";
import { columnVector, writeNumbers } from "../tables/column-vectors.ts";
import { type Duck, identifier, parquet } from "../tables/duck.ts";
import { CHUNK_ROWS } from "../tables/part-digest.ts";
import { addWords, createSketch, type DistinctSketch, estimateDistinct } from "./hyper-log-log.ts";
import { selectQuantiles } from "./select-quantiles.ts";

/** Bins of a histogram. */
export const BINS = 20;

/** Values that the quantiles of all columns together are taken from: 256 MB. */
const SAMPLED_VALUES = 32 * 1024 * 1024;

/** A column of numbers, days or times with its range over all parts, in numbers. */
export interface NumericColumn extends Pick<Column, "name" | "type"> {
  finite: number;
  min: number;
  max: number;
}

/** What a second look at the numbers of a column tells. */
export interface NumericSummary {
  quantiles: { p: number; value: number }[];
  histogram: { edges: number[]; counts: number[] };
  /** About how many different finite values there are. */
  distinct: number;
}

/**
 * Counts the values of each bin and finds quantiles. Up to a million values of a column the quantiles are those of all
 * values; beyond, of one value of every stride, chosen by a fixed sequence, so that the same rows give the same numbers.
 */
export async function summarizeNumbers(
  duck: Duck,
  paths: readonly string[],
  columns: readonly NumericColumn[],
): Promise<NumericSummary[]> {
  if (columns.length === 0) return [];
  const room = Math.min(1_000_000, Math.floor(SAMPLED_VALUES / columns.length));
  const states = columns.map((column) => createState(column, room));
  const numbers = new Float64Array(CHUNK_ROWS);
  const words = new Uint32Array(numbers.buffer);
  const names = columns.map(({ name }) => identifier(name)).join(", ");
  const result = await duck.stream(`select ${names} from ${parquet(paths)}`);
  for (;;) {
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) break;
    for (const [index, state] of states.entries()) {
      const { type } = columns[index] as NumericColumn; // one state per column
      const length = writeNumbers(columnVector(chunk, index, type), type, numbers);
      addToState(state, { numbers, words, length });
    }
  }
  return states.map(({ sample, sampled, min, width, counts, distinct }) => ({
    distinct: estimateDistinct(distinct),
    quantiles: selectQuantiles(sample.subarray(0, sampled)),
    histogram: {
      edges: Array.from({ length: counts.length + 1 }, (_, bin) => min + bin * width),
      counts: Array.from(counts),
    },
  }));
}

interface State {
  distinct: DistinctSketch;
  min: number;
  width: number;
  counts: Float64Array;
  sample: Float64Array;
  sampled: number;
  stride: number;
  /** Values until the next one is sampled. */
  wait: number;
  /** How many values of the present stride come after the sampled one. */
  rest: number;
  random: number;
}

function createState({ finite, min, max }: NumericColumn, room: number): State {
  const stride = Math.max(1, Math.ceil(finite / room));
  const bins = min === max ? 1 : BINS;
  return {
    distinct: createSketch(),
    min,
    width: min === max ? 1 : (max - min) / bins,
    counts: new Float64Array(bins),
    sample: new Float64Array(Math.min(room, finite)),
    sampled: 0,
    stride,
    wait: 0,
    rest: stride - 1,
    random: 0x9e3779b9,
  };
}

/** A block of numbers, and the same memory as words of 32 bits. */
interface Block {
  numbers: Float64Array;
  words: Uint32Array;
  length: number;
}

function addToState(state: State, { numbers, words, length }: Block): void {
  const { min, counts, sample, stride, distinct } = state;
  const bins = counts.length;
  const scale = 1 / state.width;
  for (let at = 0; at < length; at++) {
    const value = numbers[at] as number; // inside the block
    if (!(value - value === 0)) continue;
    addWords(distinct, words[at * 2] as number, words[at * 2 + 1] as number); // the halves of the value
    const bin = Math.floor((value - min) * scale);
    counts[bin < bins ? bin : bins - 1] = (counts[bin < bins ? bin : bins - 1] as number) + 1; // inside the bins
    if (stride === 1) sample[state.sampled++] = value;
    else if (state.wait > 0) state.wait--;
    else {
      if (state.sampled < sample.length) sample[state.sampled++] = value;
      // Marsaglia's xorshift: a fixed sequence without the period that a table may have.
      state.random ^= state.random << 13;
      state.random ^= state.random >>> 17;
      state.random ^= state.random << 5;
      const place = (state.random >>> 0) % stride;
      state.wait = state.rest + place;
      state.rest = stride - 1 - place;
    }
  }
}
