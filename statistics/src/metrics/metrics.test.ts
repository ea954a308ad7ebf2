import { expect, it } from "vitest";
import { accuracy } from "./accuracy.ts";
import { auc } from "./auc.ts";
import { balancedAccuracy } from "./balanced-accuracy.ts";
import { brier } from "./brier.ts";
import type { Amounts, BinaryScores, ClassLabels } from "./define.ts";
import { f1 } from "./f1.ts";
import { logLoss } from "./log-loss.ts";
import { mae } from "./mae.ts";
import { mape } from "./mape.ts";
import { mcc } from "./mcc.ts";
import { medianError } from "./median-error.ts";
import { prAuc } from "./pr-auc.ts";
import { precision } from "./precision.ts";
import { r2 } from "./r2.ts";
import { recall } from "./recall.ts";
import { rmse } from "./rmse.ts";

// Every expected value: scikit-learn 1.9.1 on the same arrays (roc_auc_score, brier_score_loss, log_loss,
// accuracy_score, precision_score, recall_score, f1_score, balanced_accuracy_score, matthews_corrcoef,
// average_precision_score, root_mean_squared_error, mean_absolute_error, median_absolute_error,
// mean_absolute_percentage_error, r2_score).
const truth = [1, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0, 1];
const scores = [0.9, 0.8, 0.7, 0.7, 0.7, 0.4, 0.4, 0.35, 0.3, 0.2, 0.1, 0.6];
const binary: BinaryScores = { truth: Uint8Array.from(truth), scores: Float64Array.from(scores) };
const called: ClassLabels = {
  truth: Int32Array.from(truth),
  predicted: Int32Array.from(scores, (score) => (score >= 0.5 ? 1 : 0)),
  classes: 2,
  positive: 1,
};
const three: ClassLabels = {
  truth: Int32Array.of(0, 1, 2, 2, 1, 0, 2, 1, 0, 2),
  predicted: Int32Array.of(0, 2, 2, 2, 1, 0, 1, 1, 0, 0),
  classes: 3,
  positive: null,
};
const amounts: Amounts = {
  truth: Float64Array.of(3, -0.5, 2, 7, 4.2),
  predicted: Float64Array.of(2.5, 0, 2, 8, 4),
};

it("auc counts ties half", () => {
  expect(auc.score(binary)).toBeCloseTo(0.6805555555555556, 14);
});

it("auc is undefined with one class or a score that is no number", () => {
  expect(auc.score({ truth: Uint8Array.of(1, 1), scores: Float64Array.of(0.1, 0.9) })).toBeNaN();
  expect(auc.score({ truth: Uint8Array.of(1, 0), scores: Float64Array.of(0.1, Number.NaN) })).toBeNaN();
});

it("brier equals the reference", () => {
  expect(brier.score(binary)).toBeCloseTo(0.22187499999999996, 14);
});

it("log-loss equals the reference for two classes and for three", () => {
  const two = Float64Array.from(scores.flatMap((score) => [1 - score, score]));
  expect(logLoss.score({ truth: Int32Array.from(truth), probabilities: two, classes: 2 })).toBeCloseTo(
    0.6277769072576574,
    13,
  );
  const probabilities = Float64Array.from([
    0.7, 0.2, 0.1, 0.2, 0.3, 0.5, 0.1, 0.1, 0.8, 0.2, 0.2, 0.6, 0.1, 0.8, 0.1, 0.6, 0.3, 0.1, 0.1, 0.6, 0.3,
    0.3, 0.4, 0.3, 0.9, 0.05, 0.05, 0.5, 0.3, 0.2,
  ]);
  expect(logLoss.score({ truth: three.truth, probabilities, classes: 3 })).toBeCloseTo(
    0.6863648062717086,
    13,
  );
});

it("log-loss stays finite for a sure and wrong row", () => {
  const wrong = { truth: Int32Array.of(0), probabilities: Float64Array.of(0, 1), classes: 2 };
  expect(logLoss.score(wrong)).toBeCloseTo(36.04365338911715, 10);
});

it.each([
  [accuracy, 0.6666666666666666, 0.7],
  [precision, 0.6666666666666666, 0.6944444444444443],
  [recall, 0.6666666666666666, 0.7222222222222222],
  [f1, 0.6666666666666666, 0.6984126984126983],
  [balancedAccuracy, 0.6666666666666666, 0.7222222222222222],
  [mcc, 0.3333333333333333, 0.5606060606060606],
])("$name judges the positive class of two, and averages over three", (metric, two, macro) => {
  expect(metric.score(called)).toBeCloseTo(two, 14);
  expect(metric.score(three)).toBeCloseTo(macro, 14);
});

it("precision, recall and f1 are 0 where nothing is called positive", () => {
  const none = { ...called, predicted: new Int32Array(truth.length) };
  expect([precision, recall, f1].map((metric) => metric.score(none))).toEqual([0, 0, 0]);
});

it("pr-auc is average precision, and undefined without positive rows", () => {
  expect(prAuc.score(binary)).toBeCloseTo(0.6819444444444444, 14);
  expect(prAuc.score({ truth: Uint8Array.of(0, 0), scores: Float64Array.of(0.1, 0.2) })).toBeNaN();
});

it("mcc is 0 where all are called alike", () => {
  expect(mcc.score({ ...called, predicted: new Int32Array(truth.length) })).toBe(0);
});

it("mape and median-error equal the reference", () => {
  expect(mape.score(amounts)).toBeCloseTo(0.27142857142857146, 14);
  expect(medianError.score(amounts)).toBeCloseTo(0.5, 14);
});

it("mape leaves out rows whose true value is 0, and is undefined where all are", () => {
  const [truth, predicted] = [Float64Array.of(0, 4), Float64Array.of(3, 5)];
  expect(mape.score({ truth, predicted })).toBe(0.25);
  expect(mape.score({ truth: truth.subarray(0, 1), predicted: predicted.subarray(0, 1) })).toBeNaN();
});

it("median-error is the mean of the middle two of an even number of rows", () => {
  const truth = Float64Array.of(0, 0, 0, 0);
  expect(medianError.score({ truth, predicted: Float64Array.of(1, 2, 4, 9) })).toBe(3);
});

it("rmse, mae and r2 equal the reference", () => {
  expect(rmse.score(amounts)).toBeCloseTo(0.5549774770204643, 14);
  expect(mae.score(amounts)).toBeCloseTo(0.44, 14);
  expect(r2.score(amounts)).toBeCloseTo(0.9496600418410042, 14);
});

it("r2 is undefined for a constant target", () => {
  expect(r2.score({ truth: Float64Array.of(2, 2), predicted: Float64Array.of(1, 2) })).toBeNaN();
});
