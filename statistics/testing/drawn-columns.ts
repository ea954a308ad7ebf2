import {
  type ColumnSummary,
  type NumericSummary,
  referenceEdges,
  summarizeCategories,
  summarizeNumbers,
} from "../src/index.ts";
import { randomNumbers } from "../src/random-numbers.ts";

/** Draws from one seed: evenly between 0 and 1, and normally distributed. */
export interface Draws {
  readonly even: () => number;
  readonly normal: () => number;
}

/** Repeatable draws. */
export function drawsOf(seed: number): Draws {
  const next = randomNumbers(seed);
  const even = () => (next() + 0.5) / 4_294_967_296;
  // Box and Muller (Annals of Mathematical Statistics 29, 1958).
  const normal = () => Math.sqrt(-2 * Math.log(even())) * Math.cos(2 * Math.PI * even());
  return { even, normal };
}

type Value = number | string | null;
type Drawn = (draws: Draws, shared: number) => Value;

/** Thirty columns as tables have them: skewed, tied, with gaps, rare and many categories, some moving together. */
export const COLUMNS: readonly Drawn[] = [
  ({ normal }) => normal(),
  ({ normal }, shared) => shared + 0.3 * normal(),
  ({ normal }, shared) => shared + 0.5 * normal(),
  ({ normal }, shared) => -shared + 0.4 * normal(),
  (_, shared) => shared * shared,
  ({ normal }) => Math.exp(1.2 * normal()),
  ({ even }) => -Math.log(even()),
  ({ even }) => even(),
  ({ even }) => Math.tan(Math.PI * (even() - 0.5)),
  ({ even }) => Math.floor(-3 * Math.log(even())),
  ({ normal }) => Math.round(5 * normal()),
  ({ even, normal }) => (even() < 0.7 ? 0 : Math.exp(normal())),
  ({ even }) => (even() < 0.5 ? 1 : 0),
  ({ even }) => (even() < 0.1 ? 1 : 0),
  ({ even, normal }) => (even() < 0.05 ? null : normal()),
  ({ even, normal }) => (even() < 0.3 ? null : normal()),
  ({ even }) => Math.floor(5 * even()),
  () => 5,
  ({ even }) => (even() < 0.5 ? "a" : "b"),
  ({ even }) => (even() < 0.05 ? "a" : "b"),
  ({ even }) => (even() < 0.1 ? "a" : "b"),
  ({ even }) => (even() < 0.2 ? "a" : "b"),
  ({ even }) => `of ${Math.floor(5 * even())}`,
  ({ even }) => `of ${Math.floor(even() ** 2 * 20)}`,
  ({ even }) => `of ${Math.floor(even() ** 3 * 300)}`,
  ({ even }) => `of ${Math.floor(even() ** 1.5 * 7)}`,
  ({ even }) => (even() < 0.9 ? "most" : `rare ${Math.floor(40 * even())}`),
  (_, shared) => (shared > 1 ? "high" : shared > 0 ? "middle" : "low"),
  ({ even }) => (even() < 0.08 ? null : `of ${Math.floor(5 * even())}`),
  () => "one",
];

/** A stream whose columns never change: a reference of some rows, and windows drawn from the same distributions. */
export interface Stream {
  readonly references: readonly ColumnSummary[];
  /** Columns of a new window, counted in the reference's bins; `shift` moves the first by so many standard deviations. */
  readonly window: (rows: number, shift?: number) => ColumnSummary[];
}

/** Rows that windows are drawn from. */
const POOL = 100_000;

/** Draws a reference and what windows are drawn from. Rows stay together, so that columns keep moving together. */
export function stableStream({ rows, seed }: { rows: number; seed: number }): Stream {
  const draws = drawsOf(seed);
  const reference = drawRows(draws, rows);
  const pool = drawRows(draws, POOL);
  const columns = reference.map((column, i) => countedColumn(column, pool[i] ?? []));
  return {
    references: columns.map((column) => column.reference),
    window(size, shift = 0) {
      const picked = Uint32Array.from({ length: size }, () => Math.floor(draws.even() * POOL));
      return columns.map((column, i) => column.count(picked, i === 0 ? shift : 0));
    },
  };
}

function drawRows(draws: Draws, rows: number): Value[][] {
  const columns: Value[][] = COLUMNS.map(() => []);
  for (let row = 0; row < rows; row++) {
    const shared = draws.normal();
    for (const [i, drawn] of COLUMNS.entries()) columns[i]?.push(drawn(draws, shared));
  }
  return columns;
}

interface CountedColumn {
  readonly reference: ColumnSummary;
  readonly count: (picked: Uint32Array, shift: number) => ColumnSummary;
}

function countedColumn(reference: readonly Value[], pool: readonly Value[]): CountedColumn {
  return reference.some((value) => typeof value === "string")
    ? categories(reference, pool)
    : numbers(reference, pool);
}

function numbers(reference: readonly Value[], pool: readonly Value[]): CountedColumn {
  const known = reference.filter((value) => typeof value === "number");
  const edges = referenceEdges(Float64Array.from(known).sort());
  const all = reference.map((value) => (typeof value === "number" ? value : null));
  const { values: _, ...summary } = summarizeNumbers(all, edges);
  const bins = Int16Array.from(pool, (value) => (typeof value === "number" ? binOf(value, edges) : -1));
  return {
    reference: summary,
    count(picked, shift) {
      const counts = new Array<number>(edges.length - 1).fill(0);
      let missing = 0;
      for (const row of picked) {
        const value = shift === 0 ? undefined : pool[row];
        const bin = typeof value === "number" ? binOf(value + shift, edges) : (bins[row] ?? -1);
        if (bin < 0) missing++;
        else counts[bin] = (counts[bin] ?? 0) + 1;
      }
      return { ...summary, rows: picked.length - missing, missing, counts } satisfies NumericSummary;
    },
  };
}

function binOf(value: number, edges: readonly number[]): number {
  let low = 0;
  let high = edges.length - 2;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((edges[middle] ?? 0) <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}

function categories(reference: readonly Value[], pool: readonly Value[]): CountedColumn {
  const text = (value: Value) => (value === null ? null : String(value));
  const names = [...new Set(pool.map(text))].filter((name) => name !== null);
  const codeOf = new Map(names.map((name, code) => [name, code]));
  const codes = Int16Array.from(pool, (value) => codeOf.get(text(value) ?? "") ?? -1);
  return {
    reference: summarizeCategories(reference.map(text)),
    count(picked) {
      const counts = new Array<number>(names.length).fill(0);
      let missing = 0;
      for (const row of picked) {
        const code = codes[row] ?? -1;
        if (code < 0) missing++;
        else counts[code] = (counts[code] ?? 0) + 1;
      }
      const seen = names.flatMap((name, code) => (counts[code] ? [[name, counts[code]] as const] : []));
      return {
        kind: "categorical",
        rows: picked.length - missing,
        missing,
        counts: Object.fromEntries(seen),
        other: 0,
        distinct: seen.length,
      };
    },
  };
}
