import { confusion } from "../confusion.ts";
import { drawnConfusion } from "../drawn-confusion.ts";
import { defineMetric } from "./define.ts";

/** Mean over the classes that occur of the share of their rows that were predicted right (Brodersen et al., ICPR 2010). */
export const balancedAccuracy = defineMetric({
  name: "balanced-accuracy",
  judges: "labels",
  better: "higher",
  range: [0, 1],
  score: (labels) => meanRecall(confusion(labels)),
  resample: (labels) => drawnConfusion(labels, meanRecall),
});

function meanRecall(matrix: readonly (readonly number[])[]): number {
  let sum = 0;
  let classes = 0;
  for (const [label, line] of matrix.entries()) {
    const rows = line.reduce((all, count) => all + count, 0);
    if (rows === 0) continue;
    sum += (line[label] ?? 0) / rows;
    classes++;
  }
  return sum / classes;
}
