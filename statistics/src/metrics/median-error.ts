import { costsOf } from "../mean-error.ts";
import { type Amounts, defineMetric } from "./define.ts";

/** Median of |error|, in the unit of the target; the mean of the middle two of an even number of rows. */
export const medianError = defineMetric({
  name: "median-error",
  judges: "amounts",
  better: "lower",
  range: [0, Number.POSITIVE_INFINITY],
  score: (amounts) => drawnMedian(amounts)(new Uint16Array(amounts.truth.length).fill(1)),
  resample: drawnMedian,
});

function drawnMedian(amounts: Amounts): (draws: Uint16Array) => number {
  const costs = costsOf(amounts, Math.abs);
  const order = Uint32Array.from(costs, (_, row) => row).sort((a, b) => (costs[a] ?? 0) - (costs[b] ?? 0));
  return (draws) => {
    const rows = draws.reduce((sum, times) => sum + times, 0);
    const middle = [Math.floor((rows - 1) / 2), Math.floor(rows / 2)] as const;
    let passed = 0;
    let lower = Number.NaN;
    for (const row of order) {
      passed += draws[row] ?? 0;
      if (passed > middle[0] && Number.isNaN(lower)) lower = costs[row] ?? Number.NaN;
      if (passed > middle[1]) return (lower + (costs[row] ?? Number.NaN)) / 2;
    }
    return Number.NaN;
  };
}
