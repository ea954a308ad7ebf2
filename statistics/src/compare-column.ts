import { type ColumnSummary, missingOf, rowsOf } from "./column-summary.ts";
import { fisherExact } from "./distributions/two-by-two.ts";
import { cellsOf, totalVariationOf } from "./drift-tests/cells.ts";
import { type ColumnPair, DRIFT_TESTS, type Exactness } from "./drift-tests/index.ts";
import { ks } from "./drift-tests/ks.ts";
import { homogeneityP } from "./homogeneity.ts";

/** What one test of the catalog says; `limit` is null for tests that decide by p. */
export interface ColumnScore {
  readonly method: string;
  readonly score: number;
  readonly limit: number | null;
  readonly pValue: number | null;
  readonly exactness: Exactness;
  readonly errorBound: number | null;
}

/** A column against its reference. */
export interface ColumnComparison {
  /** Size of the change, 0 to 1: Kolmogorov-Smirnov distance of numbers, total variation of categories. */
  readonly effect: number;
  /** Chance of such a change while nothing changed: of `ks` for numbers, of the exact test of homogeneity for categories. */
  readonly pValue: number;
  /** Every test of the catalog that the column defines. */
  readonly scores: readonly ColumnScore[];
  /** Chance of such a change of the share of missing values, by Fisher's exact test. */
  readonly missingP: number;
  /** Share of missing values now less that of the reference. */
  readonly missingChange: number;
}

/**
 * Compares a column with its reference, which is a finite sample too: every p is of a test of two samples. A side without
 * values shows no change of values (effect 0, p 1, no scores), only one of missing values.
 */
export function compareColumn(reference: ColumnSummary, current: ColumnSummary): ColumnComparison {
  const pair = pairOf(reference, current);
  const scores = DRIFT_TESTS.flatMap((test) => {
    const figure = test.columnKinds.includes(pair.kind) ? test.score(pair) : null;
    if (!figure) return [];
    const limit = test.driftsWhen === "score-at-least" ? test.limit : null;
    return [{ method: test.name, limit, ...figure }];
  });
  return { ...decide(pair), scores, ...compareMissing(reference, current) };
}

function pairOf(reference: ColumnSummary, current: ColumnSummary): ColumnPair {
  if (reference.kind === "numeric" && current.kind === "numeric") {
    return { kind: "numeric", reference, current };
  }
  if (reference.kind === "categorical" && current.kind === "categorical") {
    return { kind: "categorical", reference, current };
  }
  throw new RangeError(
    `The column is ${reference.kind} in the reference and ${current.kind} now. Count both as the reference's kind.`,
  );
}

function decide(pair: ColumnPair): { effect: number; pValue: number } {
  if (pair.kind === "numeric") {
    const figure = ks.score(pair);
    return { effect: figure?.score ?? 0, pValue: figure?.pValue ?? 1 };
  }
  const cells = cellsOf(pair);
  if (!cells) return { effect: 0, pValue: 1 };
  return { effect: totalVariationOf(cells), pValue: homogeneityP(cells.reference, cells.current) };
}

function compareMissing(reference: ColumnSummary, current: ColumnSummary) {
  const before = { hits: missingOf(reference), rows: rowsOf(reference) };
  const now = { hits: missingOf(current), rows: rowsOf(current) };
  const share = ({ hits, rows }: { hits: number; rows: number }) => (rows === 0 ? 0 : hits / rows);
  const known = before.rows > 0 && now.rows > 0;
  return {
    missingP: known ? fisherExact({ reference: before, current: now }) : 1,
    missingChange: known ? share(now) - share(before) : 0,
  };
}
