import { decideDifference } from "./decide-difference.ts";
import { defineGate } from "./define.ts";

/** The challenger is better beyond chance. */
export const better = defineGate({
  rule: "better",
  judge: (rule, rows) =>
    decideDifference(rule, { rows, above: rule.by, wanted: `better by more than ${rule.by}` }),
});
