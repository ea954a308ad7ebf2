/** Scores of the positive class, one per row, beside what was true: 1 = positive, 0 = negative. */
export interface BinaryScores {
  readonly truth: Uint8Array;
  readonly scores: Float64Array;
}

/** Class numbers from 0, one pair per row. `positive` is the judged class of two, null where there are more. */
export interface ClassLabels {
  readonly truth: Int32Array;
  readonly predicted: Int32Array;
  readonly classes: number;
  readonly positive: number | null;
}

/** The class number that was true and the probability of each class; `probabilities` is rows by classes, row after row. */
export interface ClassProbabilities {
  readonly truth: Int32Array;
  readonly probabilities: Float64Array;
  readonly classes: number;
}

/** Measured and predicted amounts, one pair per row, in the unit of the target. */
export interface Amounts {
  readonly truth: Float64Array;
  readonly predicted: Float64Array;
}

/** What a metric can look at. */
export interface MetricInputs {
  scores: BinaryScores;
  labels: ClassLabels;
  probabilities: ClassProbabilities;
  amounts: Amounts;
}
export type Judged = keyof MetricInputs;

/** Bounds of a value at a confidence, by a named method; null where the rows do not define them. */
export interface Interval {
  readonly low: number;
  readonly high: number;
  readonly method: string;
}

/** One number that says how good predictions are. `score` is NaN where the rows do not define it. */
export interface Metric<Kind extends Judged = Judged> {
  readonly name: string;
  readonly judges: Kind;
  readonly better: "higher" | "lower";
  /** Least and greatest value that it can take. */
  readonly range: readonly [least: number, greatest: number];
  readonly score: (input: MetricInputs[Kind]) => number;
  /**
   * The score of a resample, prepared once: how often each row was drawn gives the score of those draws. Left out where
   * interval and difference have closed forms.
   */
  readonly resample?: (input: MetricInputs[Kind]) => (draws: Uint16Array) => number;
  /** The interval of the score in closed form; null where this input has none. */
  readonly interval?: (input: MetricInputs[Kind], confidence: number) => Interval | null;
  /** The interval of the second's score less the first's, judged on the same rows, in closed form. */
  readonly difference?: (inputs: Paired<Kind>, confidence: number) => Interval | null;
}

/** Two models' predictions of the same rows. */
export interface Paired<Kind extends Judged> {
  readonly champion: MetricInputs[Kind];
  readonly challenger: MetricInputs[Kind];
}

/** Declares a member of the catalog. */
export function defineMetric<Kind extends Judged>(metric: Metric<Kind>): Metric<Kind> {
  return metric;
}
