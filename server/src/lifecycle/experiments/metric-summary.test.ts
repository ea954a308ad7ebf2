import { expect, it } from "vitest";
import { type Point, summarize } from "./metric-summary.ts";

const at = (second: number) => Date.UTC(2026, 10, 21, 10, 0, second);
const point = (value: number, step: number, second = 0): Point => ({
  name: "loss",
  value,
  step,
  atMs: at(second),
});

it("takes the greatest step as the last, then the latest time, then the greatest value", () => {
  const last = (points: Point[]) => summarize(points)[0]?.last.value;
  expect(last([point(1, 5), point(2, 3, 9)])).toBe(1);
  expect(last([point(1, 5, 2), point(2, 5, 1)])).toBe(1);
  expect(last([point(2, 5, 1), point(1, 5, 1)])).toBe(2);
  expect(last([point(Number.NaN, 5, 1), point(1, 5, 1)])).toBeNaN();
  expect(last([point(1, 5, 1), point(Number.NaN, 5, 1)])).toBeNaN();
});

it("leaves what is not finite out of least and greatest, not out of the count", () => {
  expect(
    summarize([point(Number.NaN, 0), point(-2, 1), point(Number.POSITIVE_INFINITY, 2), point(3, 3)]),
  ).toMatchObject([{ min: -2, max: 3 }]);
  expect(summarize([point(Number.NaN, 0)])).toMatchObject([{ min: null, max: null }]);
});

it("answers metrics in order of their names", () => {
  const points = ["b", "a"].map((name) => ({ ...point(1, 0), name }));
  expect(summarize(points).map(({ name }) => name)).toEqual(["a", "b"]);
});
