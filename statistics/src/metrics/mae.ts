import { drawnMean } from "../drawn-mean.ts";
import { costsOf, meanError } from "../mean-error.ts";
import { defineMetric } from "./define.ts";

/** Mean absolute error, in the unit of the target. */
export const mae = defineMetric({
  name: "mae",
  judges: "amounts",
  better: "lower",
  range: [0, Number.POSITIVE_INFINITY],
  score: (amounts) => meanError(amounts, Math.abs),
  resample: (amounts) => drawnMean(costsOf(amounts, Math.abs)),
});
