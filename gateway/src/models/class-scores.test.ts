import type { Prediction } from "@causeway/contract";
import { expect, it } from "vitest";
import type { TensorInfo } from "../runtimes/index.ts";
import { findClasses, scoresOfLogits } from "./class-scores.ts";

const reals = (...shape: number[]): TensorInfo[] => [{ name: "predictions", datatype: "FP32", shape }];
const answers = (...values: Prediction["value"][]): Prediction[] => values.map((value) => ({ value }));
const named = ["setosa", "versicolor", "virginica"];

it("takes rows of probabilities for the scores of classes, named by their places", () => {
  const found = findClasses({
    outputs: reals(-1, 3),
    answers: answers([0.2, 0.3, 0.5], [1, 0, 0]),
    named: [],
  });
  expect(found).toEqual({ labels: ["0", "1", "2"], logits: false });
});

it.each([
  ["numbers that may be amounts", reals(-1, 3), answers([0.2, 0.3, 0.5], [1.5, 0, 0])],
  ["one number", reals(-1, 1), answers(0.5)],
  ["no answers", reals(-1, 3), answers()],
  ["pictures", reals(-1, 2, 2), answers([0.1, 0.2, 0.3, 0.4])],
  ["several outputs", [...reals(-1, 2), ...reals(-1, 2)], answers("{}")],
])("finds no classes behind %s", (_, outputs, given) => {
  expect(findClasses({ outputs, answers: given, named: [] })).toBeNull();
});

it("names classes as the model was logged with them, and tells logits from scores", () => {
  const find = (...values: number[][]) =>
    findClasses({ outputs: reals(-1, 3), answers: answers(...values), named });
  expect(find([0.2, 0.3, 0.5])).toEqual({ labels: named, logits: false });
  expect(find([0.2, 0.3, 0.5], [2.1, -0.4, 0])).toEqual({ labels: named, logits: true });
  const one = findClasses({ outputs: reals(-1, 1), answers: answers(-3), named: ["no", "yes"] });
  expect(one).toEqual({ labels: ["no", "yes"], logits: true });
});

it("refuses a model with another number of outputs than classes", () => {
  const given = { outputs: reals(-1, 4), answers: answers([1, 2, 3, 4]), named };
  expect(() => findClasses(given)).toThrow(/4 numbers for each row, and was logged with 3 classes/);
});

it("makes scores of logits that add up to one, however large they are", () => {
  const [low = 0, middle = 0, high = 0] = scoresOfLogits([1000, 1001, 1002]);
  expect(low + middle + high).toBeCloseTo(1, 12);
  expect(high / middle).toBeCloseTo(Math.E, 9);
  expect(scoresOfLogits([0])).toEqual([0.5, 0.5]);
});
