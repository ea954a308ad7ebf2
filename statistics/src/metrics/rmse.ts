import { meanError } from "../mean-error.ts";
import { defineMetric } from "./define.ts";

/** Root of the mean squared error, in the unit of the target. */
export const rmse = defineMetric({
  name: "rmse",
  judges: "amounts",
  better: "lower",
  range: [0, Number.POSITIVE_INFINITY],
  score: (amounts) => Math.sqrt(meanError(amounts, (error) => error * error)),
});
