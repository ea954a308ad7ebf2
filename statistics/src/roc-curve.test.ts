import { expect, it } from "vitest";
import { rocCurve } from "./roc-curve.ts";

const truth = Uint8Array.of(1, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0, 1);
const scores = Float64Array.of(0.9, 0.8, 0.7, 0.7, 0.7, 0.4, 0.4, 0.35, 0.3, 0.2, 0.1, 0.6);

it("has a point per distinct score", () => {
  // sklearn.metrics.roc_curve(drop_intermediate=False), scikit-learn 1.9.1, without its first point at infinity
  const expected = [
    [0.9, 1 / 6, 0],
    [0.8, 1 / 6, 1 / 6],
    [0.7, 1 / 2, 1 / 3],
    [0.6, 2 / 3, 1 / 3],
    [0.4, 5 / 6, 1 / 2],
    [0.35, 5 / 6, 2 / 3],
    [0.3, 1, 2 / 3],
    [0.2, 1, 5 / 6],
    [0.1, 1, 1],
  ].map(([threshold, truePositiveRate, falsePositiveRate]) => ({
    threshold,
    truePositiveRate,
    falsePositiveRate,
  }));
  expect(rocCurve({ truth, scores })).toEqual(expected);
});

it("keeps both ends and at most the asked number of points", () => {
  const rows = 5000;
  const many = {
    truth: Uint8Array.from({ length: rows }, (_, row) => ((row * 7919) % 1000 < row / 6 ? 1 : 0)),
    scores: Float64Array.from({ length: rows }, (_, row) => row / rows),
  };
  const points = rocCurve(many, 50);
  expect(points.length).toBeLessThanOrEqual(50);
  expect(points.length).toBeGreaterThan(40);
  expect(points[0]?.threshold).toBe((rows - 1) / rows);
  expect(points.at(-1)).toEqual({ threshold: 0, truePositiveRate: 1, falsePositiveRate: 1 });
});

it("is empty with one class", () => {
  expect(rocCurve({ truth: Uint8Array.of(1), scores: Float64Array.of(0.5) })).toEqual([]);
});
