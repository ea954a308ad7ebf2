import { describe, expect, it } from "vitest";
import { drawsOf } from "../testing/drawn-columns.ts";
import { differenceOfIndependent } from "./difference-of-independent.ts";
import {
  compareMetric,
  estimateMetric,
  findMetric,
  listMetrics,
  type MetricEstimate,
} from "./judge-metric.ts";
import type { JudgedAmounts, JudgedClasses, JudgedRows } from "./judged-rows.ts";

const options = { confidence: 0.95, seed: 1 };

function classes(truth: ArrayLike<number>, scores: ArrayLike<number>): JudgedClasses {
  return {
    task: "classification",
    truth: Int32Array.from(truth),
    predicted: Int32Array.from(scores, (score) => (score >= 0.5 ? 1 : 0)),
    classes: 2,
    positive: 1,
    probabilities: Float64Array.from(Array.from(scores).flatMap((score) => [1 - score, score])),
  };
}

/** Two models of the same rows, the second with less noise. */
function drawnPair(
  rows: number,
  seed: number,
  task: JudgedRows["task"],
): { champion: JudgedRows; challenger: JudgedRows } {
  const { even, normal } = drawsOf(seed);
  if (task === "regression") {
    const truth = Float64Array.from({ length: rows }, () => 5 + normal());
    const model = (noise: number): JudgedAmounts => ({
      task,
      truth,
      predicted: truth.map((value) => value + noise * normal()),
    });
    return { champion: model(0.6), challenger: model(0.5) };
  }
  const chances = Array.from({ length: rows }, even);
  const truth = chances.map((chance) => (even() < chance ? 1 : 0));
  const model = (noise: number) =>
    classes(
      truth,
      chances.map((chance) => Math.min(0.99, Math.max(0.01, chance + noise * (even() - 0.5)))),
    );
  return { champion: model(1), challenger: model(0.2) };
}

describe("catalog", () => {
  it("finds a metric by its name in either spelling, and says what it judges", () => {
    expect(findMetric("log_loss")).toEqual({
      name: "log-loss",
      task: "classification",
      judges: "probabilities",
      lessIsBetter: true,
    });
    expect(findMetric("rmse")).toMatchObject({ task: "regression", lessIsBetter: true });
    expect(findMetric("auc")?.lessIsBetter).toBe(false);
    expect(findMetric("lift")).toBeUndefined();
  });

  it("names its metrics to whoever asks for another", () => {
    expect(() => estimateMetric("lift", drawnPair(10, 1, "regression").champion, options)).toThrow(
      "There is no metric lift. Metrics are auc, pr-auc,",
    );
  });
});

describe.each(listMetrics())("$name", ({ name, task, lessIsBetter }) => {
  const pair = drawnPair(800, 3, task);

  it("M2/intervals has an interval around its value, wider with more confidence", () => {
    const found = estimateMetric(name, pair.champion, options);
    const surer = estimateMetric(name, pair.champion, { ...options, confidence: 0.99 });
    expect(found).toMatchObject({ name, confidence: 0.95, method: expect.any(String) });
    expect(found?.low).toBeLessThan(found?.value ?? Number.NaN);
    expect(found?.high).toBeGreaterThan(found?.value ?? Number.NaN);
    expect(surer?.low).toBeLessThan(found?.low ?? Number.NaN);
    expect(surer?.high).toBeGreaterThan(found?.high ?? Number.NaN);
  });

  it("is the same for the same seed", () => {
    expect(estimateMetric(name, pair.champion, options)).toEqual(
      estimateMetric(name, pair.champion, options),
    );
  });

  it("compares two models so that more is better, narrower than two models of other rows", () => {
    const found = compareMetric(name, pair, options);
    if (!found) throw new Error("undefined");
    const sign = lessIsBetter ? -1 : 1;
    expect(found.difference.value).toBeCloseTo(sign * (found.challenger.value - found.champion.value), 12);
    expect(found.difference.value).toBeGreaterThan(0);
    const apart = differenceOfIndependent(found.challenger, found.champion, { lessIsBetter });
    expect(apart.value).toBeCloseTo(found.difference.value, 12);
    expect(width(found.difference)).toBeLessThan(width(apart));
  });

  it("finds no difference between a model and itself", () => {
    const found = compareMetric(name, { champion: pair.champion, challenger: pair.champion }, options);
    expect(found?.difference.value).toBe(0);
    expect(found?.difference.low).toBeLessThanOrEqual(0);
    expect(found?.difference.high).toBeGreaterThanOrEqual(0);
  });

  it("is nothing of rows of the other task", () => {
    const other = drawnPair(20, 1, task === "regression" ? "classification" : "regression");
    expect(estimateMetric(name, other.champion, options)).toBeNull();
    expect(compareMetric(name, other, options)).toBeNull();
  });
});

function width({ low, high }: MetricEstimate): number {
  return (high ?? Number.NaN) - (low ?? Number.NaN);
}

it("M2/intervals covers the true value as often as it says", () => {
  // The true error is normal: rmse 0.6, median |error| 0.6 times the normal quantile of 0.75.
  const truths = { rmse: 0.6, "median-error": 0.6 * 0.6744897501960817 };
  for (const [name, truth] of Object.entries(truths)) {
    let covered = 0;
    for (let seed = 0; seed < 150; seed++) {
      const { champion } = drawnPair(300, 100 + seed, "regression");
      const found = estimateMetric(name, champion, { confidence: 0.9, seed });
      if (found && (found.low ?? 1) <= truth && truth <= (found.high ?? 0)) covered++;
    }
    expect(covered / 150).toBeGreaterThan(0.83);
    expect(covered / 150).toBeLessThan(0.97);
  }
});

it("auc compares two models by DeLong's paired variance", () => {
  // NumPy 2.4.6, by the definition over all pairs of 200 rows.
  const rows = Array.from({ length: 200 }, (_, i) => i);
  const truth = rows.map((i) => ((i * 7919 + 13) % 101 < 45 ? 1 : 0));
  const champion = rows.map((i) => (((i * 104_729 + 7) % 997) / 997) * 0.7 + (truth[i] ?? 0) * 0.3);
  const challenger = rows.map((i) => (((i * 15_485_863 + 11) % 991) / 991) * 0.6 + (truth[i] ?? 0) * 0.35);
  const pair = { champion: classes(truth, champion), challenger: classes(truth, challenger) };
  const found = compareMetric("auc", pair, options)?.difference;
  expect(found?.value).toBeCloseTo(0.09424030772345382, 12);
  expect(found?.low).toBeCloseTo(0.03385519039138749, 10);
  expect(found?.high).toBeCloseTo(0.15462542505552015, 10);
  expect(found?.method).toBe("delong-paired");
});

it("accuracy compares two models by the rows that one of them has right", () => {
  const truth = new Array(100).fill(1);
  const scores = (right: number, from: number) =>
    truth.map((_, row) => (row >= from && row < from + right ? 0.9 : 0.1));
  const pair = { champion: classes(truth, scores(80, 0)), challenger: classes(truth, scores(80, 10)) };
  const found = compareMetric("accuracy", pair, options)?.difference;
  // Ten rows each: Bonett and Price's interval is 0 ± z sqrt(22 / 102 / 102).
  expect(found?.value).toBe(0);
  expect(found?.high).toBeCloseTo((1.959963984540054 * Math.sqrt(22)) / 102, 12);
});

it("gives no interval where resamples leave the metric undefined, and none for one row", () => {
  const oneRow = classes([1], [0.9]);
  expect(estimateMetric("f1", oneRow, options)).toMatchObject({ value: 1, low: null, method: null });
  const onePositive = classes([1, 0, 0], [0.9, 0.1, 0.2]);
  expect(estimateMetric("pr-auc", onePositive, options)).toMatchObject({ value: 1, low: null });
  expect(estimateMetric("auc", classes([1, 1], [0.9, 0.1]), options)).toBeNull();
});

it("refuses models that were judged on different rows", () => {
  const pair = { champion: classes([1], [0.9]), challenger: classes([1, 0], [0.9, 0.1]) };
  expect(() => compareMetric("accuracy", pair, options)).toThrow("Judge both on the same rows");
});

describe("the difference of independent estimates", () => {
  const estimate = (value: number, low: number | null, high: number | null): MetricEstimate => ({
    name: "auc",
    value,
    low,
    high,
    confidence: low === null ? null : 0.95,
    method: low === null ? null : "delong-logit",
  });

  it("is recovered from both intervals", () => {
    const found = differenceOfIndependent(estimate(0.7, 0.66, 0.73), estimate(0.8, 0.77, 0.84), {
      lessIsBetter: false,
    });
    expect(found.value).toBeCloseTo(-0.1, 12);
    expect(found.low).toBeCloseTo(-0.1 - Math.hypot(0.04, 0.04), 12);
    expect(found.high).toBeCloseTo(-0.1 + Math.hypot(0.03, 0.03), 12);
    expect(found.method).toBe("mover");
  });

  it("turns round where less is better", () => {
    const found = differenceOfIndependent(estimate(0.7, 0.6, 0.9), estimate(0.5, 0.4, 0.6), {
      lessIsBetter: true,
    });
    expect(found.value).toBeCloseTo(-0.2, 12);
    expect(found.low).toBeCloseTo(-0.2 - Math.hypot(0.1, 0.2), 12);
  });

  it("has no bounds where a side has none", () => {
    const found = differenceOfIndependent(estimate(1, null, null), estimate(0.5, 0.4, 0.6), {
      lessIsBetter: false,
    });
    expect(found).toMatchObject({ value: 0.5, low: null, high: null, confidence: null, method: null });
  });
});
