import { confusion } from "../confusion.ts";
import { drawnConfusion } from "../drawn-confusion.ts";
import { defineMetric } from "./define.ts";

/**
 * Matthews' correlation of true and predicted classes, -1 to 1: (right n - sum t p) / sqrt((n² - sum p²)(n² - sum t²)),
 * with t and p the rows truly of and predicted as each class (Gorodkin, Computational Biology and Chemistry 28, 2004).
 * 0 where one side holds a single class.
 */
export const mcc = defineMetric({
  name: "mcc",
  judges: "labels",
  better: "higher",
  range: [-1, 1],
  score: (labels) => correlation(confusion(labels)),
  resample: (labels) => drawnConfusion(labels, correlation),
});

function correlation(matrix: readonly (readonly number[])[]): number {
  let rows = 0;
  let right = 0;
  let both = 0;
  let truths = 0;
  let calls = 0;
  for (const [label, line] of matrix.entries()) {
    const truth = line.reduce((sum, count) => sum + count, 0);
    const called = matrix.reduce((sum, other) => sum + (other[label] ?? 0), 0);
    rows += truth;
    right += line[label] ?? 0;
    both += truth * called;
    truths += truth * truth;
    calls += called * called;
  }
  if (rows === 0) return Number.NaN;
  const scale = (rows * rows - calls) * (rows * rows - truths);
  return scale === 0 ? 0 : (right * rows - both) / Math.sqrt(scale);
}
