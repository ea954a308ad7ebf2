import { expect, it } from "vitest";
import { type Point, summarize } from "./metric-summary.ts";

const at = (second: number) => Date.UTC(2026, 10, 21, 10, 0, second);
const point = (value: number, step: number, second = 0): Point => ({
  name: "loss",
  value,
  step,
  atMs: at(second),
});
const loss = (points: Point[]) => summarize(points).get("loss");

it("takes the greatest step as the last, then the latest time, then the greatest value", () => {
  const last = (points: Point[]) => loss(points)?.last.value;
  expect(last([point(1, 5), point(2, 3, 9)])).toBe(1);
  expect(last([point(1, 5, 2), point(2, 5, 1)])).toBe(1);
  expect(last([point(2, 5, 1), point(1, 5, 1)])).toBe(2);
  expect(last([point(Number.NaN, 5, 1), point(1, 5, 1)])).toBeNaN();
  expect(last([point(1, 5, 1), point(Number.NaN, 5, 1)])).toBeNaN();
  expect(last([point(1, 1), point(2, 2), point(3, 2, -9), point(4, 1)])).toBe(2);
});

it("leaves what is not finite out of least and greatest", () => {
  const points = [point(Number.NaN, 0), point(-2, 1), point(Number.POSITIVE_INFINITY, 2), point(3, 3)];
  expect(loss(points)).toMatchObject({ min: -2, max: 3 });
  expect(loss([point(Number.NaN, 0)])).toMatchObject({ min: null, max: null });
});

it("sees that no point can be there twice where each step is greater than the one before", () => {
  const isRising = (steps: number[]) => loss(steps.map((step) => point(1, step)))?.isRising;
  expect(isRising([-1, 0, 7])).toBe(true);
  expect(isRising([1, 2, 2])).toBe(false);
  expect(isRising([1, 3, 2, 4])).toBe(false);
});

it("adds to what earlier points said, each metric by itself", () => {
  const others = ["b", "a", "b"].map((name, step) => ({ ...point(step, step), name }));
  const known = summarize(others, summarize([point(9, 0)]));
  expect([...known].map(([name, { points, max }]) => [name, points.length, max])).toEqual([
    ["loss", 1, 9],
    ["b", 2, 2],
    ["a", 1, 1],
  ]);
});
