import { describe, expect, it } from "vitest";
import type { JudgedClasses } from "./judged-rows.ts";
import { promisedMetric } from "./promised-metric.ts";

/** Rows of two classes whose second is judged, predicted by the greater probability. */
function rowsOf(scores: readonly number[], truth: readonly number[] = scores.map(() => 0)): JudgedClasses {
  return {
    task: "classification",
    truth: Int32Array.from(truth),
    predicted: Int32Array.from(scores, (score) => (score > 0.5 ? 1 : 0)),
    classes: 2,
    positive: 1,
    probabilities: Float64Array.from(scores.flatMap((score) => [1 - score, score])),
  };
}

/** The definition over all ordered pairs of different rows. */
function byDefinition(scores: readonly number[]): number {
  let [right, all] = [0, 0];
  for (const [i, one] of scores.entries())
    for (const [j, other] of scores.entries()) {
      if (i === j) continue;
      all += one * (1 - other);
      right += one * (1 - other) * (one > other ? 1 : one === other ? 0.5 : 0);
    }
  return right / all;
}

describe("what a model promises", () => {
  it("equals the definition over all pairs, ties counting half", () => {
    const scores = [0.9, 0.1, 0.5, 0.5, 0.3, 0.9, 0.75, 0.02, 0.5];
    expect(promisedMetric("auc", rowsOf(scores))).toBeCloseTo(byDefinition(scores), 12);
  });

  it("is what is measured on average where scores are right probabilities", () => {
    const scores = Array.from({ length: 400 }, (_, row) => ((row * 37) % 400) / 400 + 1 / 800);
    const truth = scores.map((score, row) => (((row * 7919) % 1009) / 1009 < score ? 1 : 0));
    const right = truth.filter((label, row) => (label === 1) === (scores[row] ?? 0) > 0.5).length / 400;
    expect(promisedMetric("accuracy", rowsOf(scores))).toBeCloseTo(0.75, 2);
    expect(Math.abs(right - 0.75)).toBeLessThan(0.06);
  });

  it("promises nothing for labels without probabilities, for amounts, and for other metrics", () => {
    expect(promisedMetric("auc", { ...rowsOf([0.5]), probabilities: null })).toBeNull();
    expect(promisedMetric("f1", rowsOf([0.2, 0.6]))).toBeNull();
    expect(promisedMetric("auc", rowsOf([0.5]))).toBeNull();
    const amounts = { task: "regression", truth: Float64Array.of(1), predicted: Float64Array.of(1) } as const;
    expect(promisedMetric("rmse", amounts)).toBeNull();
  });
});
