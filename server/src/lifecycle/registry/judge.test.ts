import type { Prediction } from "@causeway/contract";
import { expect, it } from "vitest";
import { chooseJudge, type JudgeOptions } from "./judge.ts";
import type { Truth } from "./judge-classes.ts";

const options: JudgeOptions = { target: "Churn", task: null, positive: null };

function judged(rows: [Truth, Prediction][], asked: Partial<JudgeOptions> = {}) {
  const [truth, prediction] = rows[0]!;
  const judge = chooseJudge({ ...options, ...asked }, truth, prediction);
  for (const row of rows) judge.add(...row);
  return judge.finish();
}

const churn = (yes: number): Prediction => ({
  value: yes >= 0.5 ? "Yes" : "No",
  scores: { No: 1 - yes, Yes: yes },
});

it("judges two classes by AUC with DeLong's interval, labels, log-loss and Brier score", () => {
  // The twelve rows of the reference values in statistics: scikit-learn 1.9.1.
  const truth = [1, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0, 1];
  const scores = [0.9, 0.8, 0.7, 0.7, 0.7, 0.4, 0.4, 0.35, 0.3, 0.2, 0.1, 0.6];
  const found = judged(truth.map((label, row) => [label === 1 ? "Yes" : "No", churn(scores[row]!)]));
  expect(found).toMatchObject({ task: "classification", positive: "Yes", classes: ["No", "Yes"], rows: 12 });
  const metrics = new Map(found.metrics.map((metric) => [metric.name, metric]));
  expect(metrics.get("auc")).toMatchObject({ confidence: 0.95, method: "delong-logit" });
  expect(metrics.get("auc")?.value).toBeCloseTo(0.6805555555555556, 12);
  expect(metrics.get("auc")?.low).toBeCloseTo(0.31668716230472604, 10);
  expect(metrics.get("accuracy")?.value).toBeCloseTo(2 / 3, 12);
  expect(["accuracy", "precision", "recall"].map((name) => metrics.get(name)?.method)).toEqual([
    "wilson",
    "wilson",
    "wilson",
  ]);
  expect(metrics.get("f1")?.method).toBeNull();
  expect(metrics.get("log-loss")?.value).toBeCloseTo(0.6277769072576574, 12);
  expect(metrics.get("brier")?.value).toBeCloseTo(0.22187499999999996, 12);
  expect(found.confusion).toEqual({
    labels: ["No", "Yes"],
    counts: [
      [4, 2],
      [2, 4],
    ],
  });
  expect(found.roc).toHaveLength(9);
  expect(found.calibration?.reduce((sum, bin) => sum + bin.rows, 0)).toBe(12);
});

it("judges the rarer class of two", () => {
  const rows: [Truth, Prediction][] = [
    ["Yes", churn(0.9)],
    ["Yes", churn(0.8)],
    ["No", churn(0.2)],
  ];
  expect(judged(rows).positive).toBe("No");
});

it("judges the class that it is told to", () => {
  const rows: [Truth, Prediction][] = [
    ["Yes", churn(0.9)],
    ["No", churn(0.2)],
    ["No", churn(0.6)],
    ["Yes", churn(0.7)],
  ];
  expect(judged(rows, { positive: "No" }).positive).toBe("No");
  expect(() => judged(rows, { positive: "Maybe" })).toThrow("none of the model's classes No, Yes");
});

it("matches a boolean target with a model's numeric labels", () => {
  const answer = (p: number): Prediction => ({ value: p > 0.5 ? "1" : "0", scores: { "0": 1 - p, "1": p } });
  const found = judged([
    [true, answer(0.8)],
    [false, answer(0.3)],
    [true, answer(0.6)],
    [false, answer(0.1)],
  ]);
  expect(found.metrics.find(({ name }) => name === "accuracy")?.value).toBe(1);
});

it("gives a class that a model of three does not know no probability", () => {
  const answer = (value: string): Prediction => ({ value, scores: { a: 0.2, b: 0.3, c: 0.5 } });
  const found = judged([
    ["a", answer("a")],
    ["d", answer("b")],
    ["c", answer("c")],
  ]);
  expect(found.classes).toEqual(["a", "b", "c", "d"]);
  expect(found.metrics.map(({ name }) => name)).toEqual([
    "accuracy",
    "balanced-accuracy",
    "precision",
    "recall",
    "f1",
    "mcc",
    "log-loss",
  ]);
  expect(found.roc).toBeNull();
});

it("refuses a target that a model of two classes does not know", () => {
  expect(() =>
    judged([
      ["Yes", churn(0.9)],
      ["Perhaps", churn(0.9)],
    ]),
  ).toThrow('The target Churn has the value "Perhaps", which is none of the model\'s classes No, Yes');
});

it("judges labels without scores", () => {
  const found = judged([
    ["cat", { value: "cat" }],
    ["dog", { value: "cat" }],
    ["dog", { value: "dog" }],
  ]);
  expect(found.metrics.map(({ name }) => name)).toEqual([
    "accuracy",
    "balanced-accuracy",
    "precision",
    "recall",
    "f1",
    "mcc",
  ]);
  expect(found.classes).toEqual(["cat", "dog"]);
});

it("judges numbers as amounts, and says so when one is missing", () => {
  const found = judged([
    [3, { value: 2.5 }],
    [-0.5, { value: 0 }],
    [2, { value: 2 }],
    [7, { value: 8 }],
  ]);
  expect(found.task).toBe("regression");
  expect(found.metrics.map(({ name }) => name)).toEqual(["rmse", "mae", "median-error", "mape", "r2"]);
  expect(() =>
    judged([
      [3, { value: 2.5 }],
      [3, { value: null }],
    ]),
  ).toThrow("The model answers row 1 with null");
  expect(() =>
    judged([
      [3, { value: 2.5 }],
      ["x", { value: 1 }],
    ]),
  ).toThrow("and the model predicts numbers");
});

it("leaves out what the rows do not define", () => {
  const found = judged([
    ["Yes", churn(0.9)],
    ["Yes", churn(0.8)],
  ]);
  expect(found.metrics.map(({ name }) => name)).not.toContain("auc");
  expect(found.roc).toEqual([]);
});
