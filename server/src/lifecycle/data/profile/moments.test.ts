import { expect, it } from "vitest";
import { addNumbers, createMoments, mergeMoments } from "./moments.ts";

const momentsOf = (...values: number[]) => {
  const moments = createMoments();
  addNumbers(moments, Float64Array.from(values), values.length);
  return moments;
};

it("D4/moments leave NaN and infinities out", () => {
  const moments = momentsOf(1, Number.NaN, 3, Number.POSITIVE_INFINITY);
  expect(moments).toEqual({ finite: 2, mean: 2, m2: 2, min: 1, max: 3 });
});

it("D4/mergeable moments of parts are those of the whole", () => {
  const values = Array.from({ length: 3_000 }, (_, n) => 1e9 + Math.sin(n) * (n % 7));
  const whole = momentsOf(...values);
  const merged = createMoments();
  for (let from = 0; from < values.length; from += 700)
    mergeMoments(merged, momentsOf(...values.slice(from, from + 700)));
  expect(merged.finite).toBe(whole.finite);
  expect(merged.mean).toBeCloseTo(whole.mean, 4);
  expect(merged.m2 / whole.m2).toBeCloseTo(1, 7);
  expect([merged.min, merged.max]).toEqual([whole.min, whole.max]);
});

it("of nothing change nothing", () => {
  const moments = momentsOf(5);
  mergeMoments(moments, createMoments());
  expect(moments.finite).toBe(1);
});
