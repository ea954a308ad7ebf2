import { defineMetric } from "./define.ts";

/** Share of rows whose class was predicted right. */
export const accuracy = defineMetric({
  name: "accuracy",
  judges: "labels",
  better: "higher",
  range: [0, 1],
  score({ truth, predicted }) {
    let right = 0;
    for (const [row, label] of truth.entries()) if (predicted[row] === label) right++;
    return right / truth.length;
  },
});
