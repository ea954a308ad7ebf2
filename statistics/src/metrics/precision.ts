import { classAverage } from "../class-average.ts";
import { type ClassCounts, confusion, countsOf } from "../confusion.ts";
import { drawnConfusion } from "../drawn-confusion.ts";
import { shareInterval } from "../share-interval.ts";
import { defineMetric } from "./define.ts";

/** Share of the rows called positive that are: TP / (TP + FP), 0 where none was called so (van Rijsbergen, 1979). */
export const precision = defineMetric({
  name: "precision",
  judges: "labels",
  better: "higher",
  range: [0, 1],
  score: (labels) => classAverage(confusion(labels), labels.positive, ratio),
  resample: (labels) => drawnConfusion(labels, (matrix) => classAverage(matrix, labels.positive, ratio)),
  interval(labels, confidence) {
    if (labels.positive === null) return null;
    const { truePositives, falsePositives } = countsOf(confusion(labels), labels.positive);
    return shareInterval(truePositives, truePositives + falsePositives, confidence);
  },
});

function ratio({ truePositives, falsePositives }: ClassCounts): number {
  return truePositives === 0 ? 0 : truePositives / (truePositives + falsePositives);
}
