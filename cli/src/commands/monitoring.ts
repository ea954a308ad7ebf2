import { readFileSync } from "node:fs";
import {
  type Alert,
  type AlertState,
  fail,
  type Monitor,
  MonitorSettings,
  type MonitorWindow,
} from "@causeway/contract";
import { type Command, Option } from "commander";
import { count, metric } from "../formats.ts";
import { action, all, type Session } from "../session.ts";
import { table } from "../table.ts";

type SettingOptions = {
  settings?: string;
  window?: string;
  lateness?: string;
  zone?: string;
  truthWithin?: string;
  drop?: string;
  notify?: string[];
};

/** `causeway monitoring …`. */
export function addMonitoringCommands(program: Command): void {
  const monitoring = program
    .command("monitoring")
    .description("what is live against what was trained on: monitors, windows, alerts");
  withSettings(
    monitoring
      .command("create <deployment>")
      .description("watch a deployment, its past predictions too")
      .option("--name <name>", "name of the monitor; that of the deployment unless given"),
  ).action(action(create));
  withSettings(
    monitoring
      .command("update <monitor>")
      .description("change settings for windows that close from now on, or pause")
      .option("--pause", "close no windows for now")
      .option("--resume", "go on"),
  ).action(action(update));
  monitoring
    .command("list")
    .description("monitors of the environment")
    .action(
      action(async ({ client, out }: Session) => {
        const items = await all((paging) => client.monitoring.listMonitors(paging));
        out.answer({ items }, () =>
          table(
            ["monitor", "deployment", "window", "windows", "newest", "open alerts", "problem"],
            items.map((one) => [
              one.name,
              one.deployment,
              windowText(one.settings),
              one.windows,
              one.newest?.title,
              one.openAlerts,
              one.problem,
            ]),
            ["windows", "open alerts"],
          ),
        );
      }),
    );
  monitoring
    .command("show <monitor>")
    .description("a monitor, or one of its windows with every column")
    .option("--window <start>", "start of a window as `windows` prints it")
    .action(action(show));
  monitoring
    .command("windows <monitor>")
    .description("closed windows, newest first")
    .option("--limit <number>", "how many", "30")
    .action(
      action(async ({ client, out }: Session, [monitor]: [string], { limit }: { limit: string }) => {
        const page = await client.monitoring.listWindows({ monitor, limit: Number(limit) });
        out.answer(page, () => windowTable(page.items));
      }),
    );
  monitoring
    .command("delete <monitor>")
    .description("remove a monitor with its windows and alerts; the prediction log stays")
    .action(
      action(async ({ client, out }: Session, [monitor]: [string]) => {
        await client.monitoring.deleteMonitor({ monitor });
        out.answer({}, () => `${monitor} is deleted`);
      }),
    );
  addAlertCommands(monitoring);
}

function addAlertCommands(monitoring: Command): void {
  monitoring
    .command("alerts")
    .description("alerts of the environment, newest first")
    .addOption(new Option("--state <state>").choices(["open", "acknowledged", "resolved"]))
    .option("--monitor <name>", "of one monitor")
    .action(
      action(async ({ client, out }: Session, _: [], options: { state?: AlertState; monitor?: string }) => {
        const items = await all((paging) => client.monitoring.listAlerts({ ...paging, ...options }));
        out.answer({ items }, () =>
          table(
            ["id", "state", "severity", "kind", "monitor", "what", "windows"],
            items.map((one) => [
              one.id,
              one.state,
              one.severity,
              one.kind,
              one.monitor,
              one.title,
              one.windows,
            ]),
            ["windows"],
          ),
        );
      }),
    );
  monitoring
    .command("alert <id>")
    .description("an alert with its evidence")
    .action(
      action(async ({ client, out }: Session, [alert]: [string]) => {
        out.answer(await client.monitoring.getAlert({ alert }), alertText);
      }),
    );
  monitoring
    .command("acknowledge <id>")
    .description("say that somebody looks after an alert")
    .option("--note <text>", "what is known")
    .action(
      action(async ({ client, out }: Session, [alert]: [string], options: { note?: string }) => {
        out.answer(await client.monitoring.acknowledgeAlert({ alert, ...options }), alertText);
      }),
    );
  monitoring
    .command("resolve <id>")
    .description("end an alert; a later window that shows it again raises a new one")
    .option("--note <text>", "how it ended")
    .action(
      action(async ({ client, out }: Session, [alert]: [string], options: { note?: string }) => {
        out.answer(await client.monitoring.resolveAlert({ alert, ...options }), alertText);
      }),
    );
}

function withSettings(command: Command): Command {
  return command
    .option("--settings <file>", "JSON file of settings; the options below go before it")
    .option("--window <length>", '"1 day", "1 week", "1 month", or a number of rows such as "1000 rows"')
    .option("--lateness <duration>", 'how much later than others a prediction may come, "1 h"')
    .option("--zone <zone>", "IANA time zone that windows are aligned to")
    .option("--truth-within <duration>", 'how long truth is waited for, "30 days"')
    .option("--drop <amount>", "how much worse than the reference the metric may be, 0.02")
    .option("--notify <channels...>", "channels that are told of alerts");
}

async function create(
  { client, out }: Session,
  [deployment]: [string],
  options: SettingOptions & { name?: string },
): Promise<void> {
  const settings = settingsOf({}, options);
  const monitor = await client.monitoring.createMonitor({
    name: options.name ?? deployment,
    deployment,
    settings,
  });
  out.answer(
    monitor,
    () => `${monitor.name} watches ${deployment}, window by window of ${windowText(settings)}`,
  );
}

async function update(
  { client, out }: Session,
  [monitor]: [string],
  options: SettingOptions & { pause?: boolean; resume?: boolean },
): Promise<void> {
  const { settings } = await client.monitoring.getMonitor({ monitor });
  const paused = options.pause ? true : options.resume ? false : undefined;
  const changed = await client.monitoring.updateMonitor({
    monitor,
    settings: settingsOf(settings, options),
    ...(paused === undefined ? {} : { paused }),
  });
  out.answer(changed, () => monitorText(changed));
}

async function show(
  { client, out }: Session,
  [monitor]: [string],
  { window }: { window?: string },
): Promise<void> {
  if (window === undefined) return out.answer(await client.monitoring.getMonitor({ monitor }), monitorText);
  const detail = await client.monitoring.getWindow({ monitor, start: new Date(window).toISOString() });
  const columns =
    detail.predictionDrift === null ? detail.columns : [detail.predictionDrift, ...detail.columns];
  out.answer(detail, () =>
    [
      windowTable([detail]),
      "",
      table(
        ["column", "drifted", "effect", "psi", "adjusted p", "missing", "outside", "a year before"],
        columns.map((one) => [
          one.column,
          one.drifted ? "yes" : "",
          metric(one.effect),
          metric(one.scores.find(({ method }) => method === "psi")?.score ?? Number.NaN),
          one.adjustedP < 0.001 ? "< 0.001" : metric(one.adjustedP),
          percent(one.missing.share),
          percent(one.outside.share),
          one.season === null ? null : `psi ${metric(one.season.psi)}`,
        ]),
        ["effect", "psi", "adjusted p", "missing", "outside"],
      ),
    ].join("\n"),
  );
}

/** Settings of a file and of the options that were given, over those that are there. */
function settingsOf(known: Partial<MonitorSettings>, options: SettingOptions): MonitorSettings {
  const fromFile: unknown =
    options.settings === undefined ? {} : JSON.parse(readFileSync(options.settings, "utf8"));
  const rows = /^(\d+) rows$/.exec(options.window ?? "")?.[1];
  const given = {
    ...(options.window === undefined
      ? {}
      : { window: rows === undefined ? options.window : { rows: Number(rows) } }),
    ...(options.lateness === undefined ? {} : { lateness: options.lateness }),
    ...(options.zone === undefined ? {} : { zone: options.zone }),
    ...(options.truthWithin === undefined ? {} : { truth: { within: options.truthWithin } }),
    ...(options.drop === undefined
      ? {}
      : { performance: { ...known.performance, drop: Number(options.drop) } }),
    ...(options.notify === undefined ? {} : { notify: options.notify }),
  };
  const parsed = MonitorSettings.safeParse({ ...known, ...objectOf(fromFile), ...given });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw fail("INVALID_FIELD", {
    message: `The settings are not right: ${issue?.path.join(".") ?? ""} ${issue?.message ?? ""}`,
    field: `settings.${issue?.path.join(".") ?? ""}`,
    help: 'For example: --window "1 week" --lateness "1 h". docs/guide/monitoring.md names every setting.',
    cause: parsed.error,
  });
}

function windowText({ window }: Pick<MonitorSettings, "window">): string {
  return typeof window === "string" ? window : `${count(window.rows)} rows`;
}

function monitorText(monitor: Monitor): string {
  const { newest, open } = monitor;
  return [
    `${monitor.name}  watches ${monitor.deployment}  window ${windowText(monitor.settings)}${monitor.paused ? "  paused" : ""}`,
    `${count(monitor.windows)} windows closed, ${monitor.openAlerts} open alerts, event time ${monitor.watermark ?? "not begun"}`,
    ...(open === null ? [] : [`filling: ${open.title}, until ${open.end}`]),
    ...(monitor.problem === null ? [] : [`problem: ${monitor.problem}`]),
    ...(newest === null ? [] : ["", windowTable([newest])]),
  ].join("\n");
}

function windowTable(windows: readonly MonitorWindow[]): string {
  return table(
    ["window", "start", "rows", "labelled", "drifted", "prediction", "performance", "alarms", "restated"],
    windows.map((one) => [
      one.title,
      one.start,
      one.rows,
      one.coverage.share === null ? null : percent(one.coverage.share),
      one.drift.judged ? one.drift.drifted.join(", ") : one.drift.reason,
      one.prediction === null ? null : metric(one.prediction.effect),
      performanceText(one),
      one.alarms.join(", "),
      one.restated === 0 ? null : one.restated,
    ]),
    ["rows", "labelled", "prediction", "restated"],
  );
}

function performanceText({ performance }: MonitorWindow): string | null {
  const moment = performance?.[0];
  if (moment === undefined) return null;
  const { now, reference } = moment;
  const interval =
    now.low === null || now.high === null ? "" : ` (${metric(now.low)} to ${metric(now.high)})`;
  return `${moment.metric} ${metric(now.value)}${interval}${reference === null ? "" : `, reference ${metric(reference.value)}`}`;
}

function alertText(alert: Alert): string {
  const { state, note, resolvedAt } = alert;
  return [
    `${alert.title}`,
    `${alert.severity} ${alert.kind} of ${alert.model} version ${alert.version}, monitor ${alert.monitor}: ${state}${resolvedAt === null ? "" : ` at ${resolvedAt}`}`,
    `since ${alert.since}, until ${alert.until}, ${alert.windows} windows`,
    ...(note === null ? [] : [`note: ${note}`]),
    "",
    ...alert.evidence,
  ].join("\n");
}

/** A share of 0 to 1: 0.314 becomes 31.4 %. */
function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

/** What a file of settings holds, which must be an object. */
function objectOf(value: unknown): object {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  throw fail("INVALID_FIELD", {
    message: "The file of settings holds no JSON object",
    field: "settings",
    help: 'For example: {"window": "1 week", "notify": ["shop"]}. docs/guide/monitoring.md names every setting.',
  });
}
