import type { BinaryScores } from "./metrics/index.ts";
import { midranks } from "./midranks.ts";
import { normalQuantile } from "./normal-quantile.ts";

/** An AUC with its variance and interval; bounds are null where the data does not define them. */
export interface AucEstimate {
  readonly auc: number;
  readonly variance: number;
  readonly low: number | null;
  readonly high: number | null;
  readonly confidence: number;
}

/**
 * AUC with its variance after DeLong, DeLong and Clarke-Pearson (Biometrics 44, 1988), computed from midranks after
 * Sun and Xu (IEEE Signal Processing Letters 21, 2014): O(n log n), ties counting half.
 *
 * The interval is taken on the logit scale and carried back, so that it never leaves 0 to 1 and keeps its coverage near
 * the ends (Pepe, The Statistical Evaluation of Medical Tests, 2003, 5.2.4): logit(auc) ± z se / (auc (1 - auc)). It is
 * null where the classes are separated perfectly (the variance is 0 and says nothing) or a class has fewer than 2 rows.
 */
export function delong({ truth, scores }: BinaryScores, confidence = 0.95): AucEstimate {
  const positives = scores.filter((_, row) => truth[row] === 1);
  const negatives = scores.filter((_, row) => truth[row] !== 1);
  const m = positives.length;
  const n = negatives.length;
  if (m === 0 || n === 0 || scores.some(Number.isNaN)) {
    return { auc: Number.NaN, variance: Number.NaN, low: null, high: null, confidence };
  }

  // A value's rank among all less its rank in its own class = how many of the other class lie below it.
  const together = midranks(concatenate(positives, negatives));
  const inPositives = midranks(positives);
  const inNegatives = midranks(negatives);
  const wins = together.subarray(0, m).map((rank, i) => (rank - (inPositives[i] ?? Number.NaN)) / n);
  const losses = together.subarray(m).map((rank, i) => 1 - (rank - (inNegatives[i] ?? Number.NaN)) / m);

  const auc = mean(wins);
  const variance = sampleVariance(wins) / m + sampleVariance(losses) / n;
  return { auc, variance, ...logitInterval({ auc, variance, confidence }), confidence };
}

function logitInterval({
  auc,
  variance,
  confidence,
}: {
  auc: number;
  variance: number;
  confidence: number;
}): {
  low: number | null;
  high: number | null;
} {
  const half = (normalQuantile((1 + confidence) / 2) * Math.sqrt(variance)) / (auc * (1 - auc));
  if (!(half > 0 && Number.isFinite(half))) return { low: null, high: null };
  const centre = Math.log(auc / (1 - auc));
  return { low: logistic(centre - half), high: logistic(centre + half) };
}

function logistic(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

function concatenate(first: Float64Array, second: Float64Array): Float64Array {
  const joined = new Float64Array(first.length + second.length);
  joined.set(first);
  joined.set(second, first.length);
  return joined;
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Divides by n - 1; NaN below two values. */
function sampleVariance(values: Float64Array): number {
  const centre = mean(values);
  return values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1);
}
