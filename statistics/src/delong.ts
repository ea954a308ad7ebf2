import type { BinaryScores } from "./metrics/define.ts";
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
export function delong(input: BinaryScores, confidence = 0.95): AucEstimate {
  const placed = placements(input);
  if (!placed) return { auc: Number.NaN, variance: Number.NaN, low: null, high: null, confidence };
  const { wins, losses } = placed;
  const auc = mean(wins);
  const variance = sampleVariance(wins) / wins.length + sampleVariance(losses) / losses.length;
  return { auc, variance, ...logitInterval({ auc, variance, confidence }), confidence };
}

/** The difference of two AUCs on the same rows, the second less the first. */
export interface AucDifference {
  readonly difference: number;
  readonly variance: number;
  readonly low: number;
  readonly high: number;
}

/**
 * Two models' AUCs on the same rows after DeLong et al.: the variance of the difference is that of the differences of
 * their placements, so that what both find hard costs neither. The interval is difference ± z sqrt(variance); null where
 * a class has fewer than 2 rows.
 */
export function pairedDelong(
  { champion, challenger }: { champion: BinaryScores; challenger: BinaryScores },
  confidence = 0.95,
): AucDifference | null {
  const before = placements(champion);
  const now = placements(challenger);
  if (!before || !now) return null;
  const wins = now.wins.map((win, i) => win - (before.wins[i] ?? Number.NaN));
  const losses = now.losses.map((loss, i) => loss - (before.losses[i] ?? Number.NaN));
  const difference = mean(wins);
  const variance = sampleVariance(wins) / wins.length + sampleVariance(losses) / losses.length;
  if (Number.isNaN(variance)) return null;
  const half = normalQuantile((1 + confidence) / 2) * Math.sqrt(variance);
  return { difference, variance, low: difference - half, high: difference + half };
}

/** Per positive row the share of negatives below it, per negative row the share of positives above it; ties count half. */
function placements({ truth, scores }: BinaryScores): { wins: Float64Array; losses: Float64Array } | null {
  const positives = scores.filter((_, row) => truth[row] === 1);
  const negatives = scores.filter((_, row) => truth[row] !== 1);
  const m = positives.length;
  const n = negatives.length;
  if (m === 0 || n === 0 || scores.some(Number.isNaN)) return null;

  // A value's rank among all less its rank in its own class = how many of the other class lie below it.
  const together = midranks(concatenate(positives, negatives));
  const inPositives = midranks(positives);
  const inNegatives = midranks(negatives);
  const wins = together.subarray(0, m).map((rank, i) => (rank - (inPositives[i] ?? Number.NaN)) / n);
  const losses = together.subarray(m).map((rank, i) => 1 - (rank - (inNegatives[i] ?? Number.NaN)) / m);
  return { wins, losses };
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
