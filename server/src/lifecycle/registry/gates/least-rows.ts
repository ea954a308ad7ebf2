import { countText } from "../estimate-text.ts";
import { defineGate, NO_ESTIMATES } from "./define.ts";

/** Enough rows were judged. */
export const leastRows = defineGate({
  rule: "rows",
  judge(rule, { rows }) {
    const passed = rows >= rule.least;
    const judged = `${countText(rows)} rows were judged`;
    return {
      ...NO_ESTIMATES,
      passed,
      rows,
      reason: passed ? judged : `${judged}; at least ${countText(rule.least)} are wanted`,
    };
  },
});
