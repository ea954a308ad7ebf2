import { expect, it } from "vitest";
import { midranks } from "./midranks.ts";

it("ranks from 1 in ascending order", () => {
  expect([...midranks(Float64Array.of(30, 10, 20))]).toEqual([3, 1, 2]);
});

it("gives equal values the mean of their ranks", () => {
  // scipy.stats.rankdata([1, 2, 2, 3, 3, 3]), SciPy 1.17.1
  expect([...midranks(Float64Array.of(1, 2, 2, 3, 3, 3))]).toEqual([1, 2.5, 2.5, 5, 5, 5]);
});

it("ranks nothing", () => {
  expect([...midranks(new Float64Array())]).toEqual([]);
});
