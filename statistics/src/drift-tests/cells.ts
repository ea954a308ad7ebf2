import type { CategoricalSummary, NumericSummary } from "../column-summary.ts";
import type { ColumnPair } from "./define.ts";

/** How many bins of equal share numbers are put into. */
const BINS = 10;

/** Rows of both sides by category or bin, in one order. */
export interface Cells {
  readonly reference: readonly number[];
  readonly current: readonly number[];
  /** No share, and no sum of differences of shares by half, is off by more than this: what summaries no longer tell apart. */
  readonly error: number;
}

/** Most tests look at the same cells of the same pair. */
const KNOWN = new WeakMap<ColumnPair, Cells>();

/** Rows of both sides in the cells that distances of shares are computed on; null where a side has none. */
export function cellsOf(pair: ColumnPair): Cells | null {
  if (pair.reference.rows === 0 || pair.current.rows === 0) return null;
  const known = KNOWN.get(pair);
  if (known) return known;
  const cells = pair.kind === "numeric" ? numericCells(pair) : categoricalCells(pair);
  KNOWN.set(pair, cells);
  return cells;
}

/**
 * Bins of the summary joined to about ten of equal share in the reference: each ends with a tenth of the rows, a value with
 * so many stays alone, and a last one of under a twentieth joins its neighbour. The outer two are open-ended, except for a column with fewer than ten
 * filled bins (few distinct values): there what lies below and above has bins of its own, so that a constant can drift.
 */
function numericCells({ reference, current }: { reference: NumericSummary; current: NumericSummary }): Cells {
  const filled = reference.counts.filter((count) => count > 0).length;
  const first = reference.counts.findIndex((count) => count > 0);
  const last = reference.counts.findLastIndex((count) => count > 0);
  const sum = (counts: readonly number[]) => counts.reduce((rows, count) => rows + count, 0);
  const below = { reference: 0, current: sum(current.counts.slice(0, first)) };
  const above = { reference: 0, current: sum(current.counts.slice(last + 1)) };

  const cells: Cell[] = [];
  let open: Cell = { reference: 0, current: 0 };
  for (let bin = first; bin <= last; bin++) {
    const count = reference.counts[bin] ?? 0;
    if (count * BINS >= reference.rows && open.reference > 0) {
      cells.push(open);
      open = { reference: 0, current: 0 };
    }
    open = join(open, { reference: count, current: current.counts[bin] ?? 0 });
    if (open.reference * BINS < reference.rows && bin < last) continue;
    cells.push(open);
    open = { reference: 0, current: 0 };
  }
  if (cells.length > 2 && (cells.at(-1)?.reference ?? 0) * 2 * BINS < reference.rows) {
    cells.splice(-2, 2, cells.slice(-2).reduce(join));
  }
  // A cell lies between two edges, and each count up to an edge can be off.
  const rankError = (reference.rankError ?? 0) / reference.rows + (current.rankError ?? 0) / current.rows;
  if (filled < BINS) return { ...split([below, ...cells, above]), error: rankError * (cells.length + 2) };
  const outer = cells.length - 1;
  const ended = cells.map((cell, i) =>
    i === 0 ? join(cell, below) : i === outer ? join(cell, above) : cell,
  );
  return { ...split(ended), error: rankError * Math.max(2, cells.length) };
}

interface Cell {
  readonly reference: number;
  readonly current: number;
}

function join(a: Cell, b: Cell): Cell {
  return { reference: a.reference + b.reference, current: a.current + b.current };
}

function split(cells: readonly Cell[]): Omit<Cells, "error"> {
  return {
    reference: cells.map((cell) => cell.reference),
    current: cells.map((cell) => cell.current),
  };
}

/**
 * One cell per value that either side lists, most rows first, then by name. Where a side has rows it does not list, a
 * value that it does not list may be among them: such values go into one cell with the rest of both.
 */
function categoricalCells(pair: { reference: CategoricalSummary; current: CategoricalSummary }): Cells {
  const listed: { value: string; reference: number; current: number }[] = [];
  const rest = { reference: pair.reference.other, current: pair.current.other };
  const values = new Set([...Object.keys(pair.reference.counts), ...Object.keys(pair.current.counts)]);
  for (const value of values) {
    const reference = rowsWith(pair.reference, value);
    const current = rowsWith(pair.current, value);
    const unknown =
      (reference === undefined && pair.reference.other > 0) ||
      (current === undefined && pair.current.other > 0);
    const rows = { reference: reference ?? 0, current: current ?? 0 };
    if (unknown) {
      rest.reference += rows.reference;
      rest.current += rows.current;
    } else if (rows.reference + rows.current > 0) listed.push({ value, ...rows });
  }
  listed.sort((a, b) => b.reference + b.current - a.reference - a.current || (a.value < b.value ? -1 : 1));
  const error = Math.max(rest.reference / pair.reference.rows, rest.current / pair.current.rows);
  return { ...split(rest.reference + rest.current > 0 ? [...listed, rest] : listed), error };
}

function rowsWith({ counts }: CategoricalSummary, value: string): number | undefined {
  return Object.hasOwn(counts, value) ? counts[value] : undefined;
}

/** Both sides as shares, cell by cell. */
export function sharesOf(cells: Cells): readonly (readonly [reference: number, current: number])[] {
  const of = (counts: readonly number[]) => counts.reduce((sum, count) => sum + count, 0);
  const reference = of(cells.reference);
  const current = of(cells.current);
  return cells.reference.map((count, i) => [count / reference, (cells.current[i] ?? 0) / current] as const);
}

/** Half the sum of the shares' differences, in whole numbers up to the last step, so that 10 rows of 100 are a tenth. */
export function totalVariationOf({ reference, current }: Cells): number {
  const of = (counts: readonly number[]) => counts.reduce((sum, count) => sum + count, 0);
  const m = of(reference);
  const n = of(current);
  const moved = reference.reduce((sum, count, i) => sum + Math.abs(count * n - (current[i] ?? 0) * m), 0);
  return moved / (2 * m * n);
}
