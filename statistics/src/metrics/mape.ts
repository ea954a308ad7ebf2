import { drawnMean } from "../drawn-mean.ts";
import { type Amounts, defineMetric } from "./define.ts";

/** Mean of |error| / |true value|, a ratio, over the rows whose true value is not 0. */
export const mape = defineMetric({
  name: "mape",
  judges: "amounts",
  better: "lower",
  range: [0, Number.POSITIVE_INFINITY],
  score(amounts) {
    const { costs, counted } = relative(amounts);
    let rows = 0;
    let sum = 0;
    for (const [row, cost] of costs.entries()) {
      sum += cost;
      rows += counted[row] ?? 0;
    }
    return sum / rows;
  },
  resample(amounts) {
    const { costs, counted } = relative(amounts);
    const cost = drawnMean(costs);
    const rows = drawnMean(counted);
    return (draws) => cost(draws) / rows(draws);
  },
});

function relative({ truth, predicted }: Amounts): { costs: Float64Array; counted: Float64Array } {
  return {
    costs: truth.map((value, row) =>
      value === 0 ? 0 : Math.abs(((predicted[row] ?? Number.NaN) - value) / value),
    ),
    counted: truth.map((value) => (value === 0 ? 0 : 1)),
  };
}
