import { PolicySettings, type Trigger } from "@causeway/contract";

/** What is typed into the form. Everything that has a default begins with the schema's own. */
export type PolicyChoice = {
  name: string;
  deployment: string;
  retrain: string;
  param: string;
  drift: boolean;
  performance: boolean;
  drop: string;
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
  refit: boolean;
  approveBy: PolicySettings["approve"]["by"];
  fourEyes: boolean;
  expiresAfter: string;
  alias: string;
  confirm: string;
  notify: string[];
};

const DEFAULTS = PolicySettings.parse({ retrain: "pipeline", when: [{ on: "performance" }] });
const DEFAULT_DROP = DEFAULTS.when.find((trigger) => trigger.on === "performance")?.drop ?? 0;

/** The form of settings; without any, of the defaults. */
export function choiceOf(settings: PolicySettings | undefined): PolicyChoice {
  const { when, cooldown, budget, data, refit, approve, alias, confirm, notify, retrain, param } =
    settings ?? { ...DEFAULTS, retrain: "", param: undefined };
  const find = <On extends Trigger["on"]>(on: On) =>
    when.find((trigger): trigger is Extract<Trigger, { on: On }> => trigger.on === on);
  const [performance, labels, schedule] = [find("performance"), find("labels"), find("schedule")];
  return {
    name: "",
    deployment: "",
    retrain,
    param: param ?? "",
    drift: find("drift") !== undefined,
    performance: performance !== undefined,
    drop: String(performance?.drop ?? DEFAULT_DROP),
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
    refit,
    approveBy: approve.by,
    fourEyes: approve.fourEyes,
    expiresAfter: approve.expiresAfter,
    alias,
    confirm: String(confirm.windows),
    notify,
  };
}

/** What a filled form asks for, or each field that the schema refuses with its reason. What the form does not show stays as it was. */
export function readChoice(
  choice: PolicyChoice,
  before?: PolicySettings,
): { settings: PolicySettings } | { wrong: Readonly<Record<string, string>> } {
  const shown = before?.when.find((trigger) => trigger.on === "performance");
  const read = PolicySettings.safeParse({
    ...before,
    retrain: choice.retrain,
    param: choice.param === "" ? undefined : choice.param,
    when: [
      ...(choice.performance ? [{ ...shown, on: "performance", drop: number(choice.drop) }] : []),
      ...(choice.drift ? [{ on: "drift" }] : []),
      ...(choice.labels ? [{ on: "labels", rows: number(choice.rows) }] : []),
      ...(choice.schedule ? [{ on: "schedule", cron: choice.cron.trim(), zone: choice.zone.trim() }] : []),
    ],
    cooldown: choice.cooldown.trim() === "" ? null : choice.cooldown.trim(),
    budget: { trainings: number(choice.trainings), per: choice.per },
    data: { window: choice.window.trim(), leastRows: number(choice.leastRows) },
    refit: choice.refit,
    approve: { by: choice.approveBy, fourEyes: choice.fourEyes, expiresAfter: choice.expiresAfter.trim() },
    alias: choice.alias.trim(),
    confirm: { windows: number(choice.confirm) },
    notify: choice.notify,
  });
  if (read.success) return { settings: read.data };
  return {
    wrong: Object.fromEntries(
      read.error.issues.map(({ path, message }) => [fieldOf(path, choice), message]).reverse(),
    ),
  };
}

/** The field of the form that an issue of the schema is about. */
function fieldOf(path: readonly PropertyKey[], choice: PolicyChoice): string {
  const [first, second, third] = path.map(String);
  if (first === "when") {
    const shown = [
      ...(choice.performance ? ["drop"] : []),
      ...(choice.drift ? ["drift"] : []),
      ...(choice.labels ? ["rows"] : []),
      ...(choice.schedule ? [third === "zone" ? "zone" : "cron"] : []),
    ];
    return shown[Number(second)] ?? "when";
  }
  if (first === "budget" || first === "data" || first === "approve") return second ?? first;
  return first ?? "";
}

/** The same as a command of the CLI: what is left as it is, is not said. */
export function policyCommand(choice: PolicyChoice): string {
  const normal = choiceOf(undefined);
  const deployment = choice.deployment === "" ? "churn" : choice.deployment;
  const flag = (name: string, value: string, usual: string) =>
    value.trim() === usual || value.trim() === "" ? "" : ` --${name} ${quoted(value.trim())}`;
  const when = [
    ...(choice.performance
      ? [choice.drop === normal.drop ? "performance" : `performance:${choice.drop}`]
      : []),
    ...(choice.drift ? ["drift"] : []),
    ...(choice.labels ? [`labels:${choice.rows}`] : []),
    ...(choice.schedule ? [`cron:${choice.cron}`] : []),
  ].join(",");
  return [
    `retraining create ${deployment}`,
    flag("name", choice.name, deployment),
    ` --pipeline ${choice.retrain === "" ? "churn" : choice.retrain}`,
    flag("when", when, "performance"),
    flag("cooldown", choice.cooldown, ""),
    flag("budget", `${choice.trainings}/${choice.per}`, `${normal.trainings}/${normal.per}`),
    flag("data", choice.window, normal.window),
    choice.approveBy === "person" ? " --approve person" : "",
    choice.fourEyes ? " --four-eyes" : "",
    ...choice.notify.map((channel) => ` --notify ${quoted(channel)}`),
  ].join("");
}

/** A number as people type it; what is none becomes NaN, which the schema refuses with its field. */
function number(text: string): number {
  return text.trim() === "" ? Number.NaN : Number(text.trim().replace(",", "."));
}

function quoted(text: string): string {
  return /[^\w@.,:/-]/.test(text) ? `"${text}"` : text;
}
