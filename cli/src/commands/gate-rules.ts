import { fail, GateRule } from "@causeway/contract";

/** The rules of a gate as options give them. */
export type RuleOptions = {
  better: string[];
  notWorse: string[];
  atLeast: string[];
  agrees?: string | true;
  leastRows?: string;
  confidence: string;
};

/** Reads `auc`, `auc:0.01`, `recall:0.6` and `recall:0.6@Contract` into rules. */
export function rulesOf(options: RuleOptions): GateRule[] {
  const confidence = number(options.confidence, "--confidence");
  const compared = (rule: "better" | "not-worse", texts: readonly string[]) =>
    texts.map((text) => {
      const [metric = "", by] = text.split(":");
      return { rule, metric, confidence, ...(by === undefined ? {} : { by: number(by, `--${rule}`) }) };
    });
  const rules = [
    ...compared("better", options.better),
    ...compared("not-worse", options.notWorse),
    ...options.atLeast.map(floorOf),
    ...(options.agrees === undefined
      ? []
      : [
          {
            rule: "agrees",
            ...(options.agrees === true ? {} : { mean: number(options.agrees, "--agrees") }),
          },
        ]),
    ...(options.leastRows === undefined
      ? []
      : [{ rule: "rows", least: number(options.leastRows, "--least-rows") }]),
  ];
  if (rules.length === 0) {
    throw fail("INVALID_FIELD", {
      message: "a gate needs at least one rule",
      field: "rules",
      help: "for example --better auc, --not-worse auc:0.01, --at-least recall:0.6 or --at-least recall:0.6@Contract",
    });
  }
  return rules.map((rule) => {
    const parsed = GateRule.safeParse(rule);
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    throw fail("INVALID_FIELD", {
      message: `the rule ${rule.rule} is not understood: ${issue?.path.join(".")} ${issue?.message}`,
      field: `--${rule.rule}`,
      value: JSON.stringify(rule),
      help: "write a metric with its amount, for example auc:0.01",
    });
  });
}

function floorOf(text: string) {
  const at = text.indexOf("@");
  const slice = at < 0 ? {} : { slice: text.slice(at + 1) };
  const [metric = "", value] = (at < 0 ? text : text.slice(0, at)).split(":");
  return { rule: "at-least", metric, value: number(value ?? "", "--at-least"), ...slice };
}

function number(text: string, field: string): number {
  const value = Number(text);
  if (text.trim() !== "" && Number.isFinite(value)) return value;
  throw fail("INVALID_FIELD", {
    message: `${text === "" ? "nothing" : text} is no number`,
    field,
    value: text,
    help: "write for example auc:0.01",
  });
}
