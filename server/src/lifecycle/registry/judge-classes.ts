import { type Estimate, type EvaluationReport, fail, type Prediction } from "@causeway/contract";
import {
  calibrationBins,
  confusion,
  countsOf,
  delong,
  METRICS,
  rocCurve,
  wilson,
} from "@causeway/statistics";
import { matchLabel } from "./class-labels.ts";

/** What was found about predictions, before it is told of which model and which rows. */
export type Judgement = Pick<
  EvaluationReport,
  "task" | "positive" | "rows" | "metrics" | "roc" | "calibration" | "confusion"
> & { readonly classes: readonly string[] };

/** A value of the target column; rows without one are not judged. */
export type Truth = string | number | boolean;

/** Takes rows one at a time and keeps numbers only, so that memory grows by a few bytes a row. */
export interface Judge {
  readonly add: (truth: Truth, prediction: Prediction) => void;
  readonly finish: () => Judgement;
}

/**
 * Judges a classifier. Its classes are those of its scores, in their order; without scores, those that occur. `positive`
 * is the judged class of two, the rarer one unless given.
 */
export function judgeClasses(options: {
  target: string;
  positive: string | null;
  classes: readonly string[];
}): Judge {
  const labels = [...options.classes];
  const modelClasses = labels.length;
  const truths: number[] = [];
  const predictions: number[] = [];
  const scores: number[] = [];
  let scored = true;

  function labelOf(value: Truth, known: readonly string[]): number {
    const label = matchLabel(value, known);
    if (label !== undefined) return known.indexOf(label);
    if (modelClasses === 2) {
      throw fail("BAD_DATA", {
        message: `The target ${options.target} has the value "${value}", which is none of the model's classes ${labels.join(", ")}`,
        field: options.target,
        value: String(value),
        help: "Judge the model on rows whose target holds its own classes.",
      });
    }
    labels.push(String(value));
    return labels.length - 1;
  }

  function add(truth: Truth, prediction: Prediction): void {
    if (prediction.value === null || Array.isArray(prediction.value)) {
      throw fail("BAD_MODEL", {
        message: `The model answers row ${truths.length} with ${JSON.stringify(prediction.value)}, which is no class`,
        value: prediction.value,
        help: "Judge it as a regression, or register a model that answers with a label.",
      });
    }
    truths.push(labelOf(truth, labels));
    predictions.push(labelOf(prediction.value, labels));
    scored &&= prediction.scores !== undefined;
    for (let i = 0; i < modelClasses; i++) scores.push(prediction.scores?.[labels[i] ?? ""] ?? Number.NaN);
  }

  function finish(): Judgement {
    const truth = Int32Array.from(truths);
    const classes = labels.length;
    const positive = classes === 2 ? positiveOf(labels, truth, options.positive) : null;
    const predicted = Int32Array.from(predictions);
    const counts = confusion({ truth, predicted, classes });
    const shares = sharesOf(counts, positive);
    const estimates: Estimate[] = METRICS.labels.map(
      ({ name, score }) => shares.get(name) ?? plain(name, score({ truth, predicted, classes, positive })),
    );
    const judgement = {
      task: "classification" as const,
      classes: labels,
      positive: positive === null ? null : (labels[positive] ?? null),
      rows: truth.length,
      confusion: { labels, counts },
    };
    if (!scored || modelClasses === 0) {
      return { ...judgement, metrics: estimates.filter(isDefined), roc: null, calibration: null };
    }

    const probabilities = spread(scores, modelClasses, classes);
    for (const metric of METRICS.probabilities)
      estimates.push(plain(metric.name, metric.score({ truth, probabilities, classes })));
    if (positive === null) {
      return { ...judgement, metrics: estimates.filter(isDefined), roc: null, calibration: null };
    }

    const binary = {
      truth: Uint8Array.from(truth, (label) => (label === positive ? 1 : 0)),
      scores: Float64Array.from(truth, (_, row) => scores[row * modelClasses + positive] ?? Number.NaN),
    };
    const others = METRICS.scores.filter(({ name }) => name !== "auc");
    const metrics = [
      aucEstimate(binary),
      ...estimates,
      ...others.map((metric) => plain(metric.name, metric.score(binary))),
    ];
    return {
      ...judgement,
      metrics: metrics.filter(isDefined),
      roc: rocCurve(binary),
      calibration: calibrationBins(binary),
    };
  }

  return { add, finish };
}

/** The metrics that are shares of rows, with Wilson's interval. Precision and recall are one class's or none. */
function sharesOf(counts: readonly (readonly number[])[], positive: number | null): Map<string, Estimate> {
  const rows = counts.flat().reduce((sum, count) => sum + count, 0);
  const right = counts.reduce((sum, line, label) => sum + (line[label] ?? 0), 0);
  const shares = [share("accuracy", right, rows)];
  if (positive !== null) {
    const { truePositives, falsePositives, falseNegatives } = countsOf(counts, positive);
    shares.push(share("precision", truePositives, truePositives + falsePositives));
    shares.push(share("recall", truePositives, truePositives + falseNegatives));
  }
  return new Map(shares.filter(isDefined).map((estimate) => [estimate.name, estimate]));
}

function share(name: string, successes: number, of: number): Estimate {
  const { share: value, low, high, confidence } = wilson(successes, of);
  return { name, value, low, high, confidence, method: "wilson" };
}

function positiveOf(labels: readonly string[], truth: Int32Array, asked: string | null): number {
  if (asked === null) {
    const seconds = truth.reduce((sum, label) => sum + label, 0);
    return seconds * 2 <= truth.length ? 1 : 0;
  }
  const label = matchLabel(asked, labels);
  if (label !== undefined) return labels.indexOf(label);
  throw fail("INVALID_FIELD", {
    message: `The positive class ${asked} is none of the model's classes ${labels.join(", ")}`,
    field: "positive",
    value: asked,
    help: `Name one of them, for example positive: "${labels[1] ?? ""}".`,
  });
}

/** Gives classes that the model does not know the probability 0. */
function spread(scores: readonly number[], from: number, to: number): Float64Array {
  if (from === to) return Float64Array.from(scores);
  const rows = scores.length / from;
  const wide = new Float64Array(rows * to);
  for (let row = 0; row < rows; row++)
    for (let i = 0; i < from; i++) wide[row * to + i] = scores[row * from + i] ?? Number.NaN;
  return wide;
}

function aucEstimate(binary: { truth: Uint8Array; scores: Float64Array }): Estimate {
  const { auc, low, high, confidence } = delong(binary);
  const known = low !== null;
  return {
    name: "auc",
    value: auc,
    low,
    high,
    confidence: known ? confidence : null,
    method: known ? "delong-logit" : null,
  };
}

/** A metric without an interval. */
function plain(name: string, value: number): Estimate {
  return { name, value, low: null, high: null, confidence: null, method: null };
}

/** False for a metric that the rows do not define. */
function isDefined({ value }: Pick<Estimate, "value">): boolean {
  return Number.isFinite(value);
}
