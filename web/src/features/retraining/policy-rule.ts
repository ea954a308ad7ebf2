import type { GateRule } from "@causeway/contract";

/** The kinds of rules, in the order of the form's list. */
export const RULE_KINDS = ["better", "not-worse", "at-least", "agrees", "rows"] as const;
export type RuleKind = (typeof RULE_KINDS)[number];

/** One rule of a policy's gate as it is typed; which fields a kind has, `ruleFields` says. */
export type RuleChoice = {
  /** Tells the rows of the form apart. */
  key: string;
  rule: RuleKind;
  metric: string;
  amount: string;
  confidence: string;
  slice: string;
  golden: string;
};

type RuleField = "metric" | "amount" | "confidence" | "slice" | "golden";

/** The fields of each kind of rule. */
export const RULE_FIELDS = {
  better: ["metric", "amount", "confidence"],
  "not-worse": ["metric", "amount", "confidence"],
  "at-least": ["metric", "amount", "slice"],
  agrees: ["amount", "golden"],
  rows: ["amount"],
} as const satisfies Record<RuleKind, readonly RuleField[]>;

const EMPTY = { metric: "", confidence: "0.95", slice: "", golden: "0.8" };
const USUAL_AMOUNT = {
  better: "0",
  "not-worse": "0.01",
  "at-least": "",
  agrees: "0.2",
  rows: "500",
} as const satisfies Record<RuleKind, string>;

/** A rule as the form begins it: with the schema's defaults. */
export function newRule(rule: RuleKind, key: string): RuleChoice {
  return { ...EMPTY, key, rule, amount: USUAL_AMOUNT[rule] };
}

/** The form of a rule. */
export function ruleChoice(rule: GateRule, key: string): RuleChoice {
  const begun = newRule(rule.rule, key);
  switch (rule.rule) {
    case "better":
    case "not-worse":
      return { ...begun, metric: rule.metric, amount: String(rule.by), confidence: String(rule.confidence) };
    case "at-least":
      return { ...begun, metric: rule.metric, amount: String(rule.value), slice: rule.slice ?? "" };
    case "agrees":
      return { ...begun, amount: String(rule.mean), golden: String(rule.golden) };
    case "rows":
      return { ...begun, amount: String(rule.least) };
    default:
      return rule satisfies never;
  }
}

/** What a filled row asks for; the schema judges it. */
export function ruleOfChoice(choice: RuleChoice, number: (text: string) => number): unknown {
  const { rule } = choice;
  const [metric, slice, amount] = [choice.metric.trim(), choice.slice.trim(), number(choice.amount)];
  switch (rule) {
    case "better":
    case "not-worse":
      return { rule, metric, by: amount, confidence: number(choice.confidence) };
    case "at-least":
      return { rule, metric, value: amount, ...(slice === "" ? {} : { slice }) };
    case "agrees":
      return { rule, mean: amount, golden: number(choice.golden) };
    case "rows":
      return { rule, least: amount };
    default:
      return rule satisfies never;
  }
}

/** The rule as the command line writes it; undefined where only a settings file can say it. */
export function ruleOption(choice: RuleChoice): string | undefined {
  const { rule, amount, confidence, slice } = choice;
  const metric = choice.metric.trim() === "" ? "auc" : choice.metric.trim();
  switch (rule) {
    case "better":
    case "not-worse":
      return confidence === EMPTY.confidence ? `${rule}:${metric}:${amount}` : undefined;
    case "at-least":
      return `${rule}:${metric}:${amount}${slice.trim() === "" ? "" : `@${slice.trim()}`}`;
    case "agrees":
      return undefined;
    case "rows":
      return `${rule}:${amount}`;
    default:
      return rule satisfies never;
  }
}
