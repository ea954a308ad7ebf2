import { expect, it } from "vitest";
import { confusion, countsOf } from "./confusion.ts";

// sklearn.metrics.confusion_matrix, scikit-learn 1.9.1
const truth = Int32Array.of(0, 1, 2, 2, 1, 0, 2, 1, 0, 2);
const predicted = Int32Array.of(0, 2, 2, 2, 1, 0, 1, 1, 0, 0);
const matrix = [
  [3, 0, 0],
  [0, 2, 1],
  [1, 1, 2],
];

it("counts true classes by row and predicted ones by column", () => {
  expect(confusion({ truth, predicted, classes: 3 })).toEqual(matrix);
});

it("reads one class against the rest", () => {
  expect(countsOf(matrix, 2)).toEqual({ truePositives: 2, falsePositives: 1, falseNegatives: 2 });
});

it("refuses a class that it was not told of", () => {
  expect(() => confusion({ truth, predicted, classes: 2 })).toThrow("Row 1 holds a class outside 0 to 1.");
});
