import { decideDifference } from "./decide-difference.ts";
import { defineGate } from "./define.ts";

/** The challenger is not worse by more than a margin, beyond chance. */
export const notWorse = defineGate({
  rule: "not-worse",
  judge: (rule, rows) =>
    decideDifference(rule, { rows, above: -rule.by, wanted: `not worse by more than ${rule.by}` }),
});
