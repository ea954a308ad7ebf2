import { classAverage } from "../class-average.ts";
import { defineMetric } from "./define.ts";

/** Share of the rows called positive that are: TP / (TP + FP), 0 where none was called so (van Rijsbergen, 1979). */
export const precision = defineMetric({
  name: "precision",
  judges: "labels",
  better: "higher",
  range: [0, 1],
  score: (labels) =>
    classAverage(labels, ({ truePositives, falsePositives }) =>
      truePositives === 0 ? 0 : truePositives / (truePositives + falsePositives),
    ),
});
