import { inputOf, type JudgedClasses, type JudgedRows } from "./judged-rows.ts";

/**
 * What a metric would be on average if the scores were right probabilities: what the model promises for these very rows,
 * before any truth. Measured below promised tells that the model has lost touch with the world; a month that is harder than
 * others lowers both. Null for metrics and rows that promise nothing. After the confidence-based estimation of performance.
 */
export function promisedMetric(name: string, rows: JudgedRows): number | null {
  if (rows.task !== "classification" || rows.probabilities === null) return null;
  const promised = PROMISES.get(name)?.(rows);
  return promised !== undefined && Number.isFinite(promised) ? promised : null;
}

/**
 * Expected pairs in the right order over expected pairs: the sum over pairs i, j of p_i (1 - p_j), where p_i is above p_j
 * (a half where equal), over the sum of all p_i (1 - p_j). A row makes no pair with itself.
 */
function promisedAuc(rows: JudgedClasses): number {
  const scores = inputOf("scores", rows)?.scores;
  if (scores === undefined) return Number.NaN;
  const sorted = scores.toSorted();
  let [below, right, all, sum] = [0, 0, 0, 0];
  for (const score of sorted) sum += score;
  for (let first = 0; first < sorted.length; ) {
    const score = sorted[first] ?? Number.NaN;
    let next = first;
    while (sorted[next] === score) next += 1;
    if (next === first) return Number.NaN;
    const ties = next - first;
    right += score * ties * (below + ((ties - 1) * (1 - score)) / 2);
    all += score * ties * (sorted.length - sum - (1 - score));
    below += ties * (1 - score);
    first = next;
  }
  return right / all;
}

/** The mean probability of the predicted class. */
function promisedAccuracy({ predicted, classes, probabilities }: JudgedClasses): number {
  let sum = 0;
  for (const [row, label] of predicted.entries()) sum += probabilities?.[row * classes + label] ?? Number.NaN;
  return sum / predicted.length;
}

const PROMISES = new Map([
  ["auc", promisedAuc],
  ["accuracy", promisedAccuracy],
]);
