import { drawnMean } from "../drawn-mean.ts";
import { type ClassProbabilities, defineMetric } from "./define.ts";

/** Probabilities are kept this far from 0, so that one sure and wrong row costs much and not infinitely much. */
const LEAST = Number.EPSILON;

/**
 * Mean of -ln p, with p the probability given to the true class, each row's probabilities scaled to add up to 1
 * (the negative log-likelihood of a categorical distribution; Bishop, Pattern Recognition, 4.108).
 */
export const logLoss = defineMetric({
  name: "log-loss",
  judges: "probabilities",
  better: "lower",
  range: [0, -Math.log(LEAST)],
  score(input) {
    let sum = 0;
    for (const cost of costsOf(input)) sum += cost;
    return sum / input.truth.length;
  },
  resample: (input) => drawnMean(costsOf(input)),
});

/** -ln p of each row. */
function costsOf({ truth, probabilities, classes }: ClassProbabilities): Float64Array {
  return Float64Array.from(truth, (label, row) => {
    let total = 0;
    for (let i = 0; i < classes; i++) total += probabilities[row * classes + i] ?? Number.NaN;
    const given = (probabilities[row * classes + label] ?? Number.NaN) / total;
    return -Math.log(Math.min(Math.max(given, LEAST), 1));
  });
}
