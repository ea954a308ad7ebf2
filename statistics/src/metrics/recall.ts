import { classAverage } from "../class-average.ts";
import { type ClassCounts, confusion, countsOf } from "../confusion.ts";
import { drawnConfusion } from "../drawn-confusion.ts";
import { shareInterval } from "../share-interval.ts";
import { defineMetric } from "./define.ts";

/** Share of the positive rows that were called so: TP / (TP + FN), 0 where there is none (van Rijsbergen, 1979). */
export const recall = defineMetric({
  name: "recall",
  judges: "labels",
  better: "higher",
  range: [0, 1],
  score: (labels) => classAverage(confusion(labels), labels.positive, ratio),
  resample: (labels) => drawnConfusion(labels, (matrix) => classAverage(matrix, labels.positive, ratio)),
  interval(labels, confidence) {
    if (labels.positive === null) return null;
    const { truePositives, falseNegatives } = countsOf(confusion(labels), labels.positive);
    return shareInterval(truePositives, truePositives + falseNegatives, confidence);
  },
});

function ratio({ truePositives, falseNegatives }: ClassCounts): number {
  return truePositives === 0 ? 0 : truePositives / (truePositives + falseNegatives);
}
