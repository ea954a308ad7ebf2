import { normalQuantile } from "../normal-quantile.ts";
import { shareInterval } from "../share-interval.ts";
import { type ClassLabels, defineMetric } from "./define.ts";

/** Share of rows whose class was predicted right. */
export const accuracy = defineMetric({
  name: "accuracy",
  judges: "labels",
  better: "higher",
  range: [0, 1],
  score: (labels) => rightOf(labels) / labels.truth.length,
  interval: (labels, confidence) => shareInterval(rightOf(labels), labels.truth.length, confidence),
  /**
   * Of two paired shares, by the rows that only one model has right, a and b of n: d ± z sqrt((p + q - d²) / (n + 2)) with
   * p = (a + 1) / (n + 2), q = (b + 1) / (n + 2), d = p - q (Bonett and Price, British Journal of Mathematical and
   * Statistical Psychology 65, 2012).
   */
  difference({ champion, challenger }, confidence) {
    let better = 0;
    let worse = 0;
    for (const [row, label] of champion.truth.entries()) {
      const before = champion.predicted[row] === label;
      const now = challenger.predicted[row] === label;
      if (now && !before) better++;
      if (before && !now) worse++;
    }
    const rows = champion.truth.length + 2;
    const p = (better + 1) / rows;
    const q = (worse + 1) / rows;
    const half = normalQuantile((1 + confidence) / 2) * Math.sqrt((p + q - (p - q) ** 2) / rows);
    return { low: p - q - half, high: p - q + half, method: "bonett-price" };
  },
});

function rightOf({ truth, predicted }: ClassLabels): number {
  let right = 0;
  for (const [row, label] of truth.entries()) if (predicted[row] === label) right++;
  return right;
}
