import { chiSquareTail } from "../distributions/upper-gamma.ts";
import { cellsOf } from "./cells.ts";
import { defineDriftTest } from "./define.ts";

/** Below this an expected count makes the approximation useless (Cochran, Annals of Mathematical Statistics 23, 1952). */
const LEAST_EXPECTED = 5;

/**
 * Pearson's chi-squared test of homogeneity of two samples, without continuity correction; `score` is the statistic, with
 * one degree of freedom less than cells. Categories, rarest first, are put together until each cell expects at least 5
 * rows on both sides, so that a new category never makes it infinite. Fewer than two cells left: p = 1.
 */
export const chisquare = defineDriftTest({
  name: "chisquare",
  columnKinds: ["categorical"],
  limit: 0.05,
  driftsWhen: "p-at-most",
  exactFrom: "counts",
  score(pair) {
    const cells = pair.kind === "categorical" ? cellsOf(pair) : null;
    if (!cells) return null;
    const pooled = poolRare(cells, Math.min(pair.reference.rows, pair.current.rows));
    const rows = pair.reference.rows + pair.current.rows;
    let score = 0;
    for (const { reference, current } of pooled) {
      const together = reference + current;
      const expected = (together * pair.current.rows) / rows;
      score += (current - expected) ** 2 / expected;
      score += (reference - (together - expected)) ** 2 / (together - expected);
    }
    const pValue = pooled.length < 2 ? 1 : chiSquareTail(score, pooled.length - 1);
    return cells.error > 0
      ? { score, pValue, exactness: "sketched", errorBound: null }
      : { score, pValue, exactness: "exact", errorBound: null };
  },
});

interface Cell {
  readonly reference: number;
  readonly current: number;
}

function poolRare(
  counts: { reference: readonly number[]; current: readonly number[] },
  smaller: number,
): Cell[] {
  const rows = [...counts.reference, ...counts.current].reduce((sum, count) => sum + count, 0);
  const expected = (cell: Cell) => ((cell.reference + cell.current) * smaller) / rows;
  const cells = counts.reference
    .map((reference, i) => ({ reference, current: counts.current[i] ?? 0 }))
    .sort((a, b) => expected(b) - expected(a));
  const kept = cells.filter((cell) => expected(cell) >= LEAST_EXPECTED);
  const rare = cells.slice(kept.length);
  if (rare.length === 0) return kept;
  const rest = rare.reduce(join, { reference: 0, current: 0 });
  const last = kept.at(-1);
  if (expected(rest) >= LEAST_EXPECTED || last === undefined) return [...kept, rest];
  return [...kept.slice(0, -1), join(last, rest)];
}

function join(a: Cell, b: Cell): Cell {
  return { reference: a.reference + b.reference, current: a.current + b.current };
}
