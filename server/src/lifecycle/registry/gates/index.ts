import type { GateRule, RuleVerdict } from "@causeway/contract";
import { agrees } from "./agrees.ts";
import { atLeast } from "./at-least.ts";
import { better } from "./better.ts";
import type { GateDefinition, GateRows } from "./define.ts";
import { leastRows } from "./least-rows.ts";
import { notWorse } from "./not-worse.ts";

export type { Agreement, GateEstimates, GateRows, GoldenPair } from "./define.ts";

/** Every kind of condition on a challenger. */
export const GATES: { readonly [Name in GateRule["rule"]]: GateDefinition<Name> } = {
  better,
  "not-worse": notWorse,
  "at-least": atLeast,
  agrees,
  rows: leastRows,
};

/** What one rule finds about the judged rows. */
export function judgeRule(rule: GateRule, rows: GateRows): RuleVerdict {
  // The definition under a rule's name is the one for its parameters, which the compiler cannot see through the union.
  const definition = GATES[rule.rule] as unknown as GateDefinition;
  return { rule, ...definition.judge(rule, rows) };
}
