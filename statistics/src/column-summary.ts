/**
 * A column of numbers, counted. `edges` are ascending; bin i holds `[edges[i], edges[i + 1])`, the last is closed, and the
 * first and last are open to their outer sides. Null, NaN and the infinities are in no bin.
 */
export interface NumericSummary {
  readonly kind: "numeric";
  /** Rows with a finite value. */
  readonly rows: number;
  readonly missing: number;
  readonly nan: number;
  readonly infinite: number;
  /** Moments and ends of the finite values; 0 without any. `m2` is the sum of squared distances from the mean. */
  readonly mean: number;
  readonly m2: number;
  readonly min: number;
  readonly max: number;
  readonly edges: readonly number[];
  /** One shorter than the edges. */
  readonly counts: readonly number[];
  /** The finite values, ascending; with them on both sides tests are exact. */
  readonly values?: Float64Array;
  /** Most rows by which the count below an edge can be off: of a sketch; 0 unless given. */
  readonly rankError?: number;
}

/** A column of categories, counted. A missing value is no category. */
export interface CategoricalSummary {
  readonly kind: "categorical";
  /** Rows with a value. */
  readonly rows: number;
  readonly missing: number;
  /** Rows by value: of all values, or of the most frequent ones. */
  readonly counts: Readonly<Record<string, number>>;
  /** Rows with a value that is not in `counts`. */
  readonly other: number;
  /** Different values; at least so many where it was not counted exactly. */
  readonly distinct: number;
}

/** A column of one window or of the reference, in the size of a report. */
export type ColumnSummary = NumericSummary | CategoricalSummary;

export const COLUMN_KINDS = ["numeric", "categorical"] as const;
export type ColumnKind = (typeof COLUMN_KINDS)[number];

/** All rows of a column, with and without a value. */
export function rowsOf(summary: ColumnSummary): number {
  return summary.rows + missingOf(summary);
}

/** Rows of a column that hold no value to compare: null and, in numbers, NaN and the infinities. */
export function missingOf(summary: ColumnSummary): number {
  return summary.missing + (summary.kind === "numeric" ? summary.nan + summary.infinite : 0);
}

/** Refuses numbers that were counted in different bins: nothing can be said of them. */
export function requireSameEdges(a: NumericSummary, b: NumericSummary): void {
  const same = a.edges.length === b.edges.length && a.edges.every((edge, i) => edge === b.edges[i]);
  if (!same) {
    throw new RangeError(
      `The columns are counted in different bins (${a.edges.length} and ${b.edges.length} edges). Count both with the edges of the reference.`,
    );
  }
}
