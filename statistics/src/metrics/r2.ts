import { meanError } from "../mean-error.ts";
import { defineMetric } from "./define.ts";

/**
 * Share of the target's variance that the predictions explain: 1 - mean squared error / variance. Undefined where the
 * target is constant; below 0 where its mean would predict better.
 */
export const r2 = defineMetric({
  name: "r2",
  judges: "amounts",
  better: "higher",
  range: [Number.NEGATIVE_INFINITY, 1],
  score(amounts) {
    const mean = amounts.truth.reduce((sum, value) => sum + value, 0) / amounts.truth.length;
    const variance = meanError(
      { truth: amounts.truth, predicted: new Float64Array(amounts.truth.length).fill(mean) },
      square,
    );
    return variance === 0 ? Number.NaN : 1 - meanError(amounts, square) / variance;
  },
});

function square(error: number): number {
  return error * error;
}
