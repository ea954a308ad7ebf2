import { expect, it } from "vitest";
import { wilson } from "./wilson.ts";

// scipy.stats.binomtest(k, n).proportion_ci(0.95, method="wilson"), SciPy 1.17.1
it.each([
  [1127, 1441, 0.7600462078321732, 0.8026452868205243],
  [0, 10, 0, 0.27753279986288926],
  [10, 10, 0.7224672001371109, 1],
  [194, 294, 0.6039592639052764, 0.7116448845977352],
])("gives SciPy's interval for %d of %d", (successes, of, low, high) => {
  const estimate = wilson(successes, of);
  expect(estimate.share).toBe(successes / of);
  expect(estimate.low).toBeCloseTo(low, 12);
  expect(estimate.high).toBeCloseTo(high, 12);
});

it("is undefined without trials", () => {
  expect(wilson(0, 0).share).toBeNaN();
});
