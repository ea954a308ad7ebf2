import type { Judged, MetricInputs } from "./metrics/define.ts";

/** Predictions of a classifier beside the truth: class numbers from 0, one pair per row. */
export interface JudgedClasses {
  readonly task: "classification";
  readonly truth: Int32Array;
  readonly predicted: Int32Array;
  readonly classes: number;
  /** The judged class of two; null where there are more. */
  readonly positive: number | null;
  /** Probability of each class, rows by classes, row after row; null for a model that gives labels alone. */
  readonly probabilities: Float64Array | null;
}

/** Predictions of a regression beside the truth, in the unit of the target. */
export interface JudgedAmounts {
  readonly task: "regression";
  readonly truth: Float64Array;
  readonly predicted: Float64Array;
}

/** What a metric is computed from. */
export type JudgedRows = JudgedClasses | JudgedAmounts;

/** The rows as a kind of metric looks at them; null where they hold no such thing. */
export function inputOf<Kind extends Judged>(kind: Kind, rows: JudgedRows): MetricInputs[Kind] | null {
  const views: { [K in Judged]: () => MetricInputs[K] | null } = {
    scores: () => (rows.task === "classification" ? scoresOf(rows) : null),
    labels: () => (rows.task === "classification" ? rows : null),
    probabilities: () =>
      rows.task === "classification" && rows.probabilities
        ? { truth: rows.truth, probabilities: rows.probabilities, classes: rows.classes }
        : null,
    amounts: () => (rows.task === "regression" ? rows : null),
  };
  return views[kind]();
}

function scoresOf({ truth, classes, positive, probabilities }: JudgedClasses): MetricInputs["scores"] | null {
  if (!probabilities || positive === null) return null;
  return {
    truth: Uint8Array.from(truth, (label) => (label === positive ? 1 : 0)),
    scores: Float64Array.from(truth, (_, row) => probabilities[row * classes + positive] ?? Number.NaN),
  };
}
