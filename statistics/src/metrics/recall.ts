import { classAverage } from "../class-average.ts";
import { defineMetric } from "./define.ts";

/** Share of the positive rows that were called so: TP / (TP + FN), 0 where there is none (van Rijsbergen, 1979). */
export const recall = defineMetric({
  name: "recall",
  judges: "labels",
  better: "higher",
  range: [0, 1],
  score: (labels) =>
    classAverage(labels, ({ truePositives, falseNegatives }) =>
      truePositives === 0 ? 0 : truePositives / (truePositives + falseNegatives),
    ),
});
