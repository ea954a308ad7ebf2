import type { Amounts } from "./metrics/define.ts";

/** Mean over the rows of a cost of the error (predicted less true); NaN without rows. */
export function meanError({ truth, predicted }: Amounts, cost: (error: number) => number): number {
  let sum = 0;
  for (const [row, value] of truth.entries()) sum += cost((predicted[row] ?? Number.NaN) - value);
  return sum / truth.length;
}

/** The cost of each row. */
export function costsOf({ truth, predicted }: Amounts, cost: (error: number) => number): Float64Array {
  return truth.map((value, row) => cost((predicted[row] ?? Number.NaN) - value));
}
