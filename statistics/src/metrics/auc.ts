import { delong, pairedDelong } from "../delong.ts";
import { midranks } from "../midranks.ts";
import { defineMetric } from "./define.ts";

/**
 * Area under the ROC curve: the chance that a positive row scores above a negative one, ties counting half.
 * By ranks, as the Mann-Whitney statistic: (R - m(m+1)/2) / (m n), with R the sum of the positives' midranks
 * (Hanley and McNeil, Radiology 143, 1982). Undefined without both classes.
 */
export const auc = defineMetric({
  name: "auc",
  judges: "scores",
  better: "higher",
  range: [0, 1],
  score({ truth, scores }) {
    if (scores.some(Number.isNaN)) return Number.NaN;
    const ranks = midranks(scores);
    let positives = 0;
    let sum = 0;
    for (const [row, rank] of ranks.entries()) {
      if (truth[row] !== 1) continue;
      positives++;
      sum += rank;
    }
    const negatives = scores.length - positives;
    return (sum - (positives * (positives + 1)) / 2) / (positives * negatives);
  },
  interval(input, confidence) {
    const { low, high } = delong(input, confidence);
    return low === null || high === null ? null : { low, high, method: "delong-logit" };
  },
  difference(inputs, confidence) {
    const found = pairedDelong(inputs, confidence);
    return found && { low: found.low, high: found.high, method: "delong-paired" };
  },
});
