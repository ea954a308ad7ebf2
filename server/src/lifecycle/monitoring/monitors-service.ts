import {
  fail,
  type Monitor,
  type MonitorSettings,
  type MonitorWindow,
  type MonitorWindowDetail,
  type Scope,
} from "@causeway/contract";
import type { Call } from "../../platform/access/index.ts";
import type { Database, Tx } from "../../platform/database/index.ts";
import type { Events } from "../../platform/events/index.ts";
import { keysetPage, notACursor } from "../../platform/paging/index.ts";
import type { Deployments } from "../deployments/index.ts";
import { alertsStore } from "./alerts-store.ts";
import { columnsOverTime } from "./columns-over-time.ts";
import { monitorPath } from "./monitor-path.ts";
import { type MonitorKey, monitorsStore, type StoredMonitor } from "./monitors-store.ts";
import { checkSettings } from "./settings-check.ts";
import type { Wake } from "./wake-service.ts";
import { windowsStore } from "./windows-store.ts";

/** What the service of monitors is made from. */
export type MonitorsParts = {
  readonly database: Pick<Database, "db">;
  readonly events: Pick<Events, "record">;
  readonly deployments: Pick<Deployments, "getDeployment">;
  readonly wake: Wake;
  readonly now: () => Date;
};

type Page = { limit: number; after?: string | undefined };
type InMonitor = { monitor: string };

/** Makes the service of monitors and of the windows that they closed. */
export function createMonitorsService({ database, events, deployments, wake, now }: MonitorsParts) {
  const { db } = database;

  /** The log that is there already is looked at as well. */
  async function createMonitor(
    input: { name: string; deployment: string; settings: MonitorSettings },
    call: Call,
  ): Promise<Monitor> {
    await deployments.getDeployment({ deployment: input.deployment }, call);
    checkSettings(input.settings);
    const key = { ...call.scope, name: input.name };
    await db.transaction().execute(async (tx) => {
      const { deployment, settings } = input;
      const monitor = { ...key, deployment, settings, createdAt: now(), createdBy: call.actor };
      if (!(await monitorsStore(tx).insert(monitor))) throw nameTaken(key);
      await events.record(tx, call, {
        type: "monitoring.monitor-created",
        subject: monitorPath(key),
        data: { monitor: key.name, deployment },
      });
      await wake(tx, call, key);
    });
    return getMonitor({ monitor: input.name }, call);
  }

  async function updateMonitor(
    input: InMonitor & { settings?: MonitorSettings | undefined; paused?: boolean | undefined },
    call: Call,
  ): Promise<Monitor> {
    const key = keyOf(input, call);
    await db.transaction().execute(async (tx) => {
      const monitor = await lock(tx, key);
      const settings = input.settings ?? monitor.settings;
      const paused = input.paused ?? monitor.paused;
      checkSettings(settings);
      checkWindow(monitor, settings, (await windowsStore(tx).standingOf(key)).windows);
      await monitorsStore(tx).putSettings(key, { settings, paused });
      await events.record(tx, call, {
        type: "monitoring.monitor-changed",
        subject: monitorPath(key),
        data: { monitor: key.name, deployment: monitor.deployment, paused },
      });
      await wake(tx, call, key);
    });
    return getMonitor(input, call);
  }

  async function deleteMonitor(input: InMonitor, call: Call): Promise<Record<string, never>> {
    const key = keyOf(input, call);
    await db.transaction().execute(async (tx) => {
      const { deployment } = await lock(tx, key);
      await monitorsStore(tx).delete(key);
      await events.record(tx, call, {
        type: "monitoring.monitor-deleted",
        subject: monitorPath(key),
        data: { monitor: key.name, deployment },
      });
    });
    return {};
  }

  async function listMonitors(input: Page & { deployment?: string | undefined }, call: Call) {
    const rows = await monitorsStore(db).list({
      ...call.scope,
      deployment: input.deployment,
      after: input.after,
      limit: input.limit + 1,
    });
    const { items, next } = keysetPage(rows, input.limit, ({ name }) => name);
    return { items: await Promise.all(items.map(view)), next };
  }

  async function getMonitor(input: InMonitor, call: Pick<Call, "scope">): Promise<Monitor> {
    return view(await find(input, call));
  }

  async function listWindows(
    input: InMonitor & Page,
    call: Pick<Call, "scope">,
  ): Promise<{ items: MonitorWindow[]; next: string | null }> {
    const { name } = await find(input, call);
    const before = input.after === undefined ? undefined : timeOf(input.after);
    const page = { before, limit: input.limit + 1 };
    const rows = await windowsStore(db).list(keyOf(input, call), page);
    const { items, next } = keysetPage(rows, input.limit, ({ start }) => start);
    return { items: items.map((window) => ({ monitor: name, ...window })), next };
  }

  async function getWindow(
    input: InMonitor & { start: string },
    call: Pick<Call, "scope">,
  ): Promise<MonitorWindowDetail> {
    const { name } = await find(input, call);
    const window = await windowsStore(db).find(keyOf(input, call), new Date(input.start));
    if (window === undefined) throw noWindow(input);
    return { monitor: name, ...window };
  }

  async function listColumns(input: InMonitor & { windows: number }, call: Pick<Call, "scope">) {
    await find(input, call);
    const newest = await windowsStore(db).listDetails(keyOf(input, call), input.windows);
    return columnsOverTime(newest.toReversed());
  }

  async function find(input: InMonitor, call: Pick<Call, "scope">): Promise<StoredMonitor> {
    const key = keyOf(input, call);
    const monitor = await monitorsStore(db).find(key);
    if (monitor === undefined) throw noMonitor(key);
    return monitor;
  }

  async function view(monitor: StoredMonitor): Promise<Monitor> {
    const { windows, newest } = await windowsStore(db).standingOf(monitor);
    const { name, open } = monitor;
    return {
      name,
      deployment: monitor.deployment,
      environment: monitor.environment,
      settings: monitor.settings,
      paused: monitor.paused,
      watermark: monitor.watermark?.toISOString() ?? null,
      open:
        open === null
          ? null
          : { start: open.start.toISOString(), end: open.end.toISOString(), title: open.title },
      newest: newest === null ? null : { monitor: name, ...newest },
      windows,
      openAlerts: await alertsStore(db).countOpen(monitor),
      problem: monitor.problem,
      createdAt: monitor.createdAt.toISOString(),
      createdBy: monitor.createdBy,
    };
  }

  return {
    createMonitor,
    updateMonitor,
    deleteMonitor,
    listMonitors,
    getMonitor,
    listWindows,
    getWindow,
    listColumns,
  };
}

function keyOf({ monitor }: InMonitor, { scope }: { scope: Scope }): MonitorKey {
  return { ...scope, name: monitor };
}

async function lock(tx: Tx, key: MonitorKey): Promise<StoredMonitor> {
  const monitor = await monitorsStore(tx).lock(key);
  if (monitor === undefined) throw noMonitor(key);
  return monitor;
}

/** Windows of two lengths would overlap: what was closed stays as it was closed. */
function checkWindow(monitor: StoredMonitor, settings: MonitorSettings, windows: number): void {
  const same =
    JSON.stringify(monitor.settings.window) === JSON.stringify(settings.window) &&
    monitor.settings.zone === settings.zone;
  if (same || windows === 0) return;
  throw fail("CONFLICT", {
    message: `The monitor ${monitor.name} has ${windows} windows of the length that it was made with`,
    field: "settings.window",
    value: settings.window,
    help: "Make another monitor with the new length; it looks at the past as well.",
  });
}

function timeOf(after: string): Date {
  const time = new Date(after);
  if (Number.isNaN(time.getTime())) throw notACursor(after);
  return time;
}

/** The refusal of a monitor that is not there. */
export function noMonitor({ name, environment }: Pick<MonitorKey, "name" | "environment">): Error {
  return fail("NOT_FOUND", {
    message: `There is no monitor ${name} in ${environment}`,
    field: "monitor",
    value: name,
    help: "npx --no causeway monitoring list shows what there is.",
  });
}

function noWindow({ monitor, start }: { monitor: string; start: string }): Error {
  return fail("NOT_FOUND", {
    message: `The monitor ${monitor} has no window that begins at ${start}`,
    field: "start",
    value: start,
    help: `npx --no causeway monitoring windows ${monitor} lists them.`,
  });
}

function nameTaken({ name, environment }: MonitorKey): Error {
  return fail("ALREADY_EXISTS", {
    message: `There is a monitor ${name} in ${environment} already`,
    field: "name",
    value: name,
    help: "Choose another name, or change it: npx --no causeway monitoring show names its settings.",
  });
}
