import { drawnMean } from "../drawn-mean.ts";
import { defineMetric } from "./define.ts";

/** Mean squared distance of the positive class's probability from 1 or 0 (Brier, Monthly Weather Review 78, 1950). */
export const brier = defineMetric({
  name: "brier",
  judges: "scores",
  better: "lower",
  range: [0, 1],
  score({ truth, scores }) {
    let sum = 0;
    for (const [row, score] of scores.entries()) sum += (score - (truth[row] ?? Number.NaN)) ** 2;
    return sum / scores.length;
  },
  resample: ({ truth, scores }) =>
    drawnMean(scores.map((score, row) => (score - (truth[row] ?? Number.NaN)) ** 2)),
});
