import { choiceOf, type PolicyChoice, readChoice } from "./policy-choice.ts";
import { ruleOption } from "./policy-rule.ts";

/** What a file says that no option of the command can. */
const FILE = "policy.json";

/** The same as a command of the CLI, and the settings file that it needs: what is left as it is, is not said. */
export function policyCommand(choice: PolicyChoice): { command: string; file: string | undefined } {
  const usual = choiceOf(undefined);
  const deployment = choice.deployment === "" ? "churn" : choice.deployment;
  const file = settingsFile(choice);
  const flag = (name: string, value: string, normal: string) =>
    value.trim() === normal || value.trim() === "" ? "" : ` --${name} ${quoted(value.trim())}`;
  const rules = choice.gate.map(ruleOption);
  const command = [
    `retraining create ${deployment}`,
    flag("name", choice.name, deployment),
    ` --pipeline ${choice.retrain === "" ? "churn" : quoted(choice.retrain)}`,
    flag("monitor", choice.monitor, ""),
    flag("param", choice.param, ""),
    flag("target", choice.target, ""),
    flag("when", triggers(choice, usual), "performance"),
    flag("cooldown", choice.cooldown, ""),
    flag("budget", `${choice.trainings}/${choice.per}`, `${usual.trainings}/${usual.per}`),
    flag("data", choice.window, usual.window),
    ...(file?.["gate"] === undefined
      ? rules.map((rule) => (rule === undefined ? "" : ` --gate ${quoted(rule)}`))
      : []),
    choice.approveBy === "person" ? " --approve person" : "",
    choice.fourEyes ? " --four-eyes" : "",
    flag("expires", choice.expiresAfter, usual.expiresAfter),
    flag("confirm", choice.confirm, usual.confirm),
    ...choice.notify.map((channel) => ` --notify ${quoted(channel)}`),
    file === undefined ? "" : ` --settings ${FILE}`,
  ].join("");
  return { command, file: file === undefined ? undefined : `${FILE}: ${JSON.stringify(file)}` };
}

function triggers(choice: PolicyChoice, usual: PolicyChoice): string {
  const { drop, truthRows, metric, cron, zone } = choice;
  const parts = [
    ...(metric.trim() === "" ? [] : [metric.trim()]),
    ...(drop === usual.drop && truthRows === usual.truthRows ? [] : [drop]),
    ...(truthRows === usual.truthRows ? [] : [truthRows]),
  ];
  return [
    ...(choice.performance ? [["performance", ...parts].join(":")] : []),
    ...(choice.drift ? ["drift"] : []),
    ...(choice.labels ? [`labels:${choice.rows}`] : []),
    ...(choice.schedule
      ? [`cron:"${cron.trim()}"${zone.trim() === usual.zone ? "" : `@${zone.trim()}`}`]
      : []),
  ].join(",");
}

function settingsFile(choice: PolicyChoice): Record<string, unknown> | undefined {
  const usual = choiceOf(undefined);
  const read = readChoice({ ...choice, retrain: choice.retrain === "" ? "churn" : choice.retrain });
  if ("wrong" in read) return undefined;
  const { settings } = read;
  const said = {
    ...(choice.params.trim() === usual.params ? {} : { params: settings.params }),
    ...(choice.leastRows === usual.leastRows ? {} : { data: { leastRows: settings.data.leastRows } }),
    ...(choice.gate.map(ruleOption).includes(undefined) ? { gate: settings.gate } : {}),
    ...(choice.refit === usual.refit ? {} : { refit: settings.refit }),
    ...(choice.alias === usual.alias ? {} : { alias: settings.alias }),
  };
  return Object.keys(said).length === 0 ? undefined : said;
}

function quoted(text: string): string {
  if (!/[^\w@.,:/-]/.test(text)) return text;
  return text.includes('"') ? `'${text}'` : `"${text}"`;
}
