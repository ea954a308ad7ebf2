import { fisherExact } from "./distributions/two-by-two.ts";
import { chiSquareTail } from "./distributions/upper-gamma.ts";

/** Rarer categories than this on both sides together can hardly tell anything and are put together. */
const LEAST_TOGETHER = 8;
/** At most so many categories are looked at one by one. */
const MOST_CELLS = 64;

/**
 * Chance that two samples over the same categories differ so much while nothing changed, valid for samples of any size.
 *
 * With the margins given, the table of two rows and k columns falls into k - 1 independent ones of two by two: the first
 * category against all later ones, the second against all later ones, and so on (Lancaster, Biometrika 36, 1949; Irwin,
 * the same volume). Each is tested exactly after Fisher, and the k - 1 values of p are combined by Fisher's method
 * (-2 sum ln p against chi-squared with 2 (k - 1) degrees of freedom), which is conservative for discrete tests. Rare
 * categories are put together by their count on both sides, which the condition on the margins allows.
 */
export function homogeneityP(reference: readonly number[], current: readonly number[]): number {
  const cells = poolRare(reference.map((count, i) => ({ reference: count, current: current[i] ?? 0 })));
  let later = cells.reduce(join, { reference: 0, current: 0 });
  let sum = 0;
  for (const cell of cells.slice(0, -1)) {
    const p = fisherExact({
      reference: { hits: cell.reference, rows: later.reference },
      current: { hits: cell.current, rows: later.current },
    });
    sum -= 2 * Math.log(p);
    later = { reference: later.reference - cell.reference, current: later.current - cell.current };
  }
  return cells.length < 2 ? 1 : chiSquareTail(sum, 2 * (cells.length - 1));
}

interface Cell {
  readonly reference: number;
  readonly current: number;
}

/** Cells, most rows first, the rare ones as one at the end; at least the most frequent one stays by itself. */
function poolRare(cells: readonly Cell[]): Cell[] {
  const sorted = cells
    .filter((cell) => cell.reference + cell.current > 0)
    .sort((a, b) => b.reference + b.current - a.reference - a.current);
  const frequent = sorted.filter(
    (cell, i) => i === 0 || (i < MOST_CELLS - 1 && cell.reference + cell.current >= LEAST_TOGETHER),
  );
  const rare = sorted.slice(frequent.length);
  return rare.length === 0 ? frequent : [...frequent, rare.reduce(join)];
}

function join(a: Cell, b: Cell): Cell {
  return { reference: a.reference + b.reference, current: a.current + b.current };
}
