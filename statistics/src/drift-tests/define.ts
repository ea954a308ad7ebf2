import type { CategoricalSummary, ColumnKind, NumericSummary } from "../column-summary.ts";

/** How far a number can be trusted: computed from all that the definition asks for, or from bins with a bound. */
export const EXACTNESS = ["exact", "sketched"] as const;
export type Exactness = (typeof EXACTNESS)[number];

/** What a test says of one column. */
export interface DriftFigure {
  readonly score: number;
  /** Chance of such a score while nothing changed; null for distances that have none. */
  readonly pValue: number | null;
  readonly exactness: Exactness;
  /** The score by definition lies no further away than this; null where it is exact, or where no bound is known. */
  readonly errorBound: number | null;
}

/** The same column in the reference and now. */
export type ColumnPair =
  | { readonly kind: "numeric"; readonly reference: NumericSummary; readonly current: NumericSummary }
  | {
      readonly kind: "categorical";
      readonly reference: CategoricalSummary;
      readonly current: CategoricalSummary;
    };

/** One way to compare a column with its reference. It only scores: the caller decides what counts as drift. */
export interface DriftTest {
  readonly name: string;
  readonly columnKinds: readonly ColumnKind[];
  /** The score, or p, at which it counts as drift by convention. */
  readonly limit: number;
  readonly driftsWhen: "score-at-least" | "p-at-most";
  /** What it needs to be exact: all values in order, or no more than the counts of the summary. */
  readonly exactFrom: "values" | "counts";
  /** Null where the columns do not define it: a side without rows, or a column that the test is not made for. */
  readonly score: (pair: ColumnPair) => DriftFigure | null;
}

/** Declares a member of the catalog. */
export function defineDriftTest(test: DriftTest): DriftTest {
  return test;
}

/** A distance without p-value: exact where nothing was lumped together, else with a bound where there is one. */
export function distanceFigure(
  score: number,
  { error, bound }: { error: number; bound: number | null },
): DriftFigure {
  return error > 0
    ? { score, pValue: null, exactness: "sketched", errorBound: bound }
    : { score, pValue: null, exactness: "exact", errorBound: null };
}
