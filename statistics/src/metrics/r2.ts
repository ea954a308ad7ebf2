import { drawnMean } from "../drawn-mean.ts";
import { costsOf, meanError } from "../mean-error.ts";
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
  resample(amounts) {
    const { truth } = amounts;
    // About the mean of all, so that the resample's variance loses no digits in a difference of large squares.
    const centre = truth.reduce((sum, value) => sum + value, 0) / truth.length;
    const mean = drawnMean(truth.map((value) => value - centre));
    const squares = drawnMean(truth.map((value) => (value - centre) ** 2));
    const errors = drawnMean(costsOf(amounts, square));
    return (draws) => {
      const variance = squares(draws) - mean(draws) ** 2;
      return variance > 0 ? 1 - errors(draws) / variance : Number.NaN;
    };
  },
});

function square(error: number): number {
  return error * error;
}
