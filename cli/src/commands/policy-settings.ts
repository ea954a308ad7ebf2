import { fail, GateRule, PolicySettings, Trigger } from "@causeway/contract";

/** The settings of a policy as options give them. */
export type PolicyOptions = {
  readonly pipeline?: string;
  readonly param?: string;
  readonly target?: string;
  readonly when: readonly string[];
  readonly cooldown?: string;
  readonly budget?: string;
  readonly gate: readonly string[];
  readonly approve?: "rule" | "person";
  readonly fourEyes?: true;
  readonly expires?: string;
  readonly data?: string;
  readonly confirm?: string;
  readonly notify: readonly string[];
};

/** Joins a settings file's content with the options; an option that is given wins. */
export function policySettings(file: Record<string, unknown>, options: PolicyOptions): PolicySettings {
  const when = options.when.flatMap(splitTriggers).map(triggerOf);
  const given = {
    ...file,
    ...(options.pipeline === undefined ? {} : { retrain: options.pipeline }),
    ...(options.param === undefined ? {} : { param: options.param }),
    ...(options.target === undefined ? {} : { target: options.target }),
    ...(when.length === 0 ? {} : { when }),
    ...(options.cooldown === undefined ? {} : { cooldown: options.cooldown }),
    ...(options.budget === undefined ? {} : { budget: budgetOf(options.budget) }),
    ...(options.gate.length === 0 ? {} : { gate: options.gate.map(gateOf) }),
    ...(options.data === undefined ? {} : { data: { ...objectOf(file["data"]), window: options.data } }),
    ...(options.confirm === undefined ? {} : { confirm: { windows: Number(options.confirm) } }),
    ...(options.notify.length === 0 ? {} : { notify: options.notify }),
    ...(options.approve === undefined && options.fourEyes === undefined && options.expires === undefined
      ? {}
      : {
          approve: {
            ...objectOf(file["approve"]),
            ...(options.approve === undefined ? {} : { by: options.approve }),
            // Four eyes are a person's.
            ...(options.fourEyes === undefined ? {} : { by: "person", fourEyes: true }),
            ...(options.expires === undefined ? {} : { expiresAfter: options.expires }),
          },
        }),
  };
  const parsed = PolicySettings.safeParse(given);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = issue?.path.join(".") ?? "";
  throw fail("INVALID_FIELD", {
    message: `the settings are not understood: ${field === "" ? "" : `${field}: `}${issue?.message}`,
    field,
    help: "causeway retraining create --help shows how each is written",
  });
}

/** Commas separate triggers, except between quotes: `drift,cron:"0 3 1,15 * *"`. */
function splitTriggers(text: string): string[] {
  return (text.match(/(?:"[^"]*"|[^,"])+/g) ?? []).map((part) => part.trim()).filter((part) => part !== "");
}

/** Reads `drift`, `performance`, `performance:0.05`, `performance:accuracy:0.05`, `performance:0.05:300`, `labels:5000`, `cron:"0 3 * * MON"`, `cron:"…"@Asia/Ho_Chi_Minh`. */
function triggerOf(text: string): Trigger {
  const [, kind = "", rest = ""] = /^([a-z]+)(?::(.*))?$/.exec(text) ?? [];
  switch (kind) {
    case "drift":
      return checked(text, { on: "drift" });
    case "performance": {
      const parts = rest === "" ? [] : rest.split(":");
      const metric = parts.find((part) => Number.isNaN(Number(part)));
      const [drop, rows] = parts.filter((part) => !Number.isNaN(Number(part)));
      return checked(text, {
        on: "performance",
        ...(metric === undefined ? {} : { metric }),
        ...(drop === undefined ? {} : { drop: Number(drop) }),
        ...(rows === undefined ? {} : { rows: Number(rows) }),
      });
    }
    case "labels":
      return checked(text, { on: "labels", rows: Number(rest.replaceAll("_", "")) });
    case "cron": {
      const [, quoted, plain, zone] = /^(?:"([^"]*)"|([^"@]*))(?:@(.+))?$/.exec(rest) ?? [];
      const cron = (quoted ?? plain ?? "").trim();
      return checked(text, { on: "schedule", cron, ...(zone === undefined ? {} : { zone }) });
    }
    default:
      throw notTrigger(text);
  }
}

function checked(text: string, trigger: unknown): Trigger {
  const parsed = Trigger.safeParse(trigger);
  if (parsed.success) return parsed.data;
  throw notTrigger(text);
}

function notTrigger(text: string): Error {
  return fail("INVALID_FIELD", {
    message: `${text} is no trigger`,
    field: "--when",
    value: text,
    help: 'write drift, performance:0.05, labels:5000 or cron:"0 3 * * MON"@Asia/Ho_Chi_Minh, with commas between them',
  });
}

/** Reads `2/month`. */
function budgetOf(text: string) {
  const [, trainings, per] = /^(\d+)\s*\/\s*([a-z]+)$/.exec(text) ?? [];
  if (trainings !== undefined && per !== undefined) return { trainings: Number(trainings), per };
  throw fail("INVALID_FIELD", {
    message: `${text} is no budget`,
    field: "--budget",
    value: text,
    help: "write trainings per day, week, month or year, for example 2/month",
  });
}

/** Reads `better:auc`, `better:auc:0.005`, `not-worse:auc:0.01`, `at-least:recall:0.6`, `at-least:recall:0.6@Contract`, `rows:500`. */
function gateOf(text: string): GateRule {
  const at = text.indexOf("@");
  const slice = at < 0 ? {} : { slice: text.slice(at + 1) };
  const [rule = "", first = "", second] = (at < 0 ? text : text.slice(0, at)).split(":");
  const amount = second === undefined ? {} : { [rule === "at-least" ? "value" : "by"]: Number(second) };
  const wanted =
    rule === "rows" ? { rule, least: Number(first) } : { rule, metric: first, ...amount, ...slice };
  const parsed = GateRule.safeParse(wanted);
  if (parsed.success) return parsed.data;
  throw fail("INVALID_FIELD", {
    message: `${text} is no rule of a gate`,
    field: "--gate",
    value: text,
    help: "write better:auc:0.005, not-worse:auc:0.01, at-least:recall:0.6@Contract or rows:500",
  });
}

function objectOf(value: unknown): object {
  return typeof value === "object" && value !== null ? value : {};
}
