import { classAverage } from "../class-average.ts";
import { type ClassCounts, confusion } from "../confusion.ts";
import { drawnConfusion } from "../drawn-confusion.ts";
import { defineMetric } from "./define.ts";

/** Harmonic mean of precision and recall: 2 TP / (2 TP + FP + FN) (van Rijsbergen, Information Retrieval, 1979). */
export const f1 = defineMetric({
  name: "f1",
  judges: "labels",
  better: "higher",
  range: [0, 1],
  score: (labels) => classAverage(confusion(labels), labels.positive, ratio),
  resample: (labels) => drawnConfusion(labels, (matrix) => classAverage(matrix, labels.positive, ratio)),
});

function ratio({ truePositives, falsePositives, falseNegatives }: ClassCounts): number {
  return truePositives === 0
    ? 0
    : (2 * truePositives) / (2 * truePositives + falsePositives + falseNegatives);
}
