import { type IssueRule, issueRule, type Json, PolicySettings, type Trigger } from "@causeway/contract";
import { type RuleChoice, ruleChoice, ruleOfChoice } from "./policy-rule.ts";

/** What is typed into the form. Everything that has a default begins with the schema's own. */
export type PolicyChoice = {
  name: string;
  deployment: string;
  /** Whose windows it follows; the deployment's only one where it is empty. */
  monitor: string;
  retrain: string;
  param: string;
  target: string;
  /** Other params of the pipeline, a line each: `seed = 3`. */
  params: string;
  drift: boolean;
  performance: boolean;
  drop: string;
  metric: string;
  truthRows: string;
  labels: boolean;
  rows: string;
  schedule: boolean;
  cron: string;
  zone: string;
  cooldown: string;
  trainings: string;
  per: PolicySettings["budget"]["per"];
  window: string;
  leastRows: string;
  gate: RuleChoice[];
  refit: boolean;
  approveBy: PolicySettings["approve"]["by"];
  fourEyes: boolean;
  expiresAfter: string;
  alias: string;
  confirm: string;
  notify: string[];
};

const DEFAULTS = PolicySettings.parse({ retrain: "pipeline", when: [{ on: "performance" }] });
const DEFAULT_PERFORMANCE = DEFAULTS.when.find((trigger) => trigger.on === "performance");

/** The form of settings; without any, of the defaults. */
export function choiceOf(settings: PolicySettings | undefined): PolicyChoice {
  const shown = settings ?? { ...DEFAULTS, retrain: "" };
  const { when, cooldown, budget, data, refit, approve, alias, confirm, notify, retrain } = shown;
  const find = <On extends Trigger["on"]>(on: On) =>
    when.find((trigger): trigger is Extract<Trigger, { on: On }> => trigger.on === on);
  const [performance, labels, schedule] = [find("performance"), find("labels"), find("schedule")];
  return {
    name: "",
    deployment: "",
    monitor: "",
    retrain,
    param: shown.param ?? "",
    target: shown.target ?? "",
    params: Object.entries(shown.params)
      .map(([name, value]) => `${name} = ${writtenValue(value)}`)
      .join("\n"),
    drift: find("drift") !== undefined,
    performance: performance !== undefined,
    drop: String(performance?.drop ?? DEFAULT_PERFORMANCE?.drop ?? 0),
    metric: performance?.metric ?? "",
    truthRows: String(performance?.rows ?? DEFAULT_PERFORMANCE?.rows ?? 1),
    labels: labels !== undefined,
    rows: String(labels?.rows ?? 5_000),
    schedule: schedule !== undefined,
    cron: schedule?.cron ?? "0 3 * * MON",
    zone: schedule?.zone ?? "UTC",
    cooldown: cooldown ?? "",
    trainings: String(budget.trainings),
    per: budget.per,
    window: data.window,
    leastRows: String(data.leastRows),
    gate: shown.gate.map((rule, index) => ruleChoice(rule, `given-${index}`)),
    refit,
    approveBy: approve.by,
    fourEyes: approve.fourEyes,
    expiresAfter: approve.expiresAfter,
    alias,
    confirm: String(confirm.windows),
    notify,
  };
}

/** Fields with the rule that their value breaks, or a sentence where there is no more. */
export type Wrong = Readonly<Record<string, IssueRule | string>>;

/** What a filled form asks for, or each field that the schema refuses with its reason. What the form does not show stays as it was. */
export function readChoice(
  choice: PolicyChoice,
  before?: PolicySettings,
): { settings: PolicySettings } | { wrong: Wrong } {
  const params = readParams(choice.params);
  const metric = choice.metric.trim();
  const read = PolicySettings.safeParse({
    ...before,
    retrain: choice.retrain,
    param: choice.param === "" ? undefined : choice.param,
    target: choice.target.trim() === "" ? undefined : choice.target.trim(),
    params: "values" in params ? params.values : {},
    when: [
      ...(choice.performance
        ? [
            {
              on: "performance",
              drop: number(choice.drop),
              rows: number(choice.truthRows),
              ...(metric === "" ? {} : { metric }),
            },
          ]
        : []),
      ...(choice.drift ? [{ on: "drift" }] : []),
      ...(choice.labels ? [{ on: "labels", rows: number(choice.rows) }] : []),
      ...(choice.schedule ? [{ on: "schedule", cron: choice.cron.trim(), zone: choice.zone.trim() }] : []),
      ...furtherTriggers(choice, before),
    ],
    gate: choice.gate.map((rule) => ruleOfChoice(rule, number)),
    cooldown: choice.cooldown.trim() === "" ? null : choice.cooldown.trim(),
    budget: { trainings: number(choice.trainings), per: choice.per },
    data: { window: choice.window.trim(), leastRows: number(choice.leastRows) },
    refit: choice.refit,
    approve: { by: choice.approveBy, fourEyes: choice.fourEyes, expiresAfter: choice.expiresAfter.trim() },
    alias: choice.alias.trim(),
    confirm: { windows: number(choice.confirm) },
    notify: choice.notify,
  });
  const wrongParams = "wrong" in params ? { params: params.wrong } : {};
  if (read.success && "values" in params) return { settings: read.data };
  const issues = read.error?.issues ?? [];
  return {
    wrong: {
      ...Object.fromEntries(
        issues.map((issue) => [fieldOf(issue.path, choice), issueRule(issue) ?? issue.message]).reverse(),
      ),
      ...wrongParams,
    },
  };
}

/** The form has one trigger of each kind; a second one, as a settings file can have it, stays while its kind is chosen. */
function furtherTriggers(choice: PolicyChoice, before: PolicySettings | undefined): Trigger[] {
  const when = before?.when ?? [];
  return when.filter(
    (trigger, index) => choice[trigger.on] && when.findIndex(({ on }) => on === trigger.on) < index,
  );
}

/** Reads lines of `name = value`, the value as JSON or else as text. */
function readParams(text: string): { values: Record<string, Json> } | { wrong: string } {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const pairs = lines.map((line) => /^\s*([^=\s][^=]*?)\s*=(.*)$/.exec(line));
  const bad = pairs.indexOf(null);
  if (bad >= 0) return { wrong: `${lines[bad]?.trim()}: name = value` };
  return { values: Object.fromEntries(pairs.map((pair) => [pair?.[1] ?? "", readValue(pair?.[2] ?? "")])) };
}

function readValue(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    return text.trim();
  }
}

/** A text that would be read as something else is written in quotes. */
function writtenValue(value: Json): string {
  return typeof value === "string" && readValue(value) === value ? value : JSON.stringify(value);
}

/** The field of the form that an issue of the schema is about. */
function fieldOf(path: readonly PropertyKey[], choice: PolicyChoice): string {
  const [first, second, third] = path.map(String);
  if (first === "gate") return `gate.${second}`;
  if (first === "when") {
    const shown = [
      ...(choice.performance
        ? [third === "rows" ? "truthRows" : third === "metric" ? "metric" : "drop"]
        : []),
      ...(choice.drift ? ["drift"] : []),
      ...(choice.labels ? ["rows"] : []),
      ...(choice.schedule ? [third === "zone" ? "zone" : "cron"] : []),
    ];
    return shown[Number(second)] ?? "when";
  }
  if (first === "budget" || first === "data" || first === "approve") return second ?? first;
  return first ?? "";
}

/** A number as people type it; what is none becomes NaN, which the schema refuses with its field. */
function number(text: string): number {
  return text.trim() === "" ? Number.NaN : Number(text.trim().replace(",", "."));
}
