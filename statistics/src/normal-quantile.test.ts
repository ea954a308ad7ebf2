import { expect, it } from "vitest";
import { normalQuantile } from "./normal-quantile.ts";

// scipy.stats.norm.ppf, SciPy 1.17.1
it.each([
  [1e-10, -6.361340902404056],
  [0.001, -3.090232306167813],
  [0.025, -1.9599639845400545],
  [0.2, -0.8416212335729142],
  [0.5, 0],
  [0.9, 1.2815515655446004],
  [0.975, 1.959963984540054],
  [0.999999, 4.753424308817087],
])("answers SciPy's value at %d", (p, value) => {
  expect(normalQuantile(p)).toBeCloseTo(value, 12);
});

it("is infinite at the ends and undefined outside", () => {
  expect(normalQuantile(0)).toBe(Number.NEGATIVE_INFINITY);
  expect(normalQuantile(1)).toBe(Number.POSITIVE_INFINITY);
  expect(normalQuantile(1.1)).toBeNaN();
  expect(normalQuantile(Number.NaN)).toBeNaN();
});
