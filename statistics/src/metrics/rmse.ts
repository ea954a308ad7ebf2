import { drawnMean } from "../drawn-mean.ts";
import { costsOf, meanError } from "../mean-error.ts";
import { defineMetric } from "./define.ts";

/** Root of the mean squared error, in the unit of the target. */
export const rmse = defineMetric({
  name: "rmse",
  judges: "amounts",
  better: "lower",
  range: [0, Number.POSITIVE_INFINITY],
  score: (amounts) => Math.sqrt(meanError(amounts, square)),
  resample(amounts) {
    const mean = drawnMean(costsOf(amounts, square));
    return (draws) => Math.sqrt(mean(draws));
  },
});

function square(error: number): number {
  return error * error;
}
