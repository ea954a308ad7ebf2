import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { fail, type Json, type MonitorWindow } from "@causeway/contract";
import type { Call } from "../../platform/access/index.ts";
import type { Artifacts } from "../../platform/artifacts/index.ts";
import type { Database } from "../../platform/database/index.ts";
import type { Events } from "../../platform/events/index.ts";
import { attemptOf, type RunTask } from "../../platform/processes/index.ts";
import { defineWork, type Job, type WorkDefinition, type WorkQueue } from "../../platform/work/index.ts";
import type { Deployments } from "../deployments/index.ts";
import type { Registry } from "../registry/index.ts";
import { isServiceAlarming, saysTheSame, touchedSpans } from "./advance-due.ts";
import { type AlertsWriterParts, createAlertsWriter } from "./alerts-writer.ts";
import {
  CHANCE_ALARMS,
  type Measured,
  type MeasuredWindow,
  type MeasureOrder,
  type Moved,
  type ServedVersion,
  type WindowProfile,
} from "./measure-order.ts";
import { windowPath } from "./monitor-path.ts";
import { type MonitorKey, monitorsStore, type Standing, type StoredMonitor } from "./monitors-store.ts";
import { measureTask } from "./tasks/measure-task.ts";
import { ADVANCE, createWake } from "./wake-service.ts";
import { closedUntil, reachedTime } from "./watermark-rule.ts";
import { seasonStart, type WindowSpan, windowCut, windowOf } from "./window-plan.ts";
import { type WindowSummary, windowsStore } from "./windows-store.ts";

/** Where so many changes are told at once, more may be left. */
const MANY_CHANGES = 1_000;
/** A file may be compacted away between being listed and being read; then everything is listed again. */
const MOST_TRIES = 5;

/** What advancing monitors is made from. */
export type AdvanceParts = AlertsWriterParts & {
  readonly database: Pick<Database, "db">;
  readonly events: Pick<Events, "record">;
  readonly artifacts: Pick<Artifacts, "path">;
  readonly work: Pick<WorkQueue, "enqueue">;
  readonly deployments: Pick<Deployments, "log" | "getDeployment" | "getTraffic" | "listRevisions">;
  readonly registry: Pick<Registry, "getVersion">;
  readonly runTask: RunTask;
  readonly dataDir: string;
  readonly now: () => Date;
};

type Payload = MonitorKey;

/**
 * Takes a monitor through all windows that are due, computed in one process over the files of the log and each kept in a
 * transaction of its own with its alerts and events. Whatever is killed in between goes on from the newest window kept.
 */
export function defineAdvance(parts: AdvanceParts): WorkDefinition {
  const { database, now } = parts;
  const { db } = database;
  const wake = createWake(parts);
  const followAlerts = createAlertsWriter(parts);
  const measureDue = createMeasuring(parts);

  async function run(job: Job<Payload>): Promise<void> {
    const key = job.payload;
    const monitor = await monitorsStore(db).find(key);
    if (monitor === undefined || monitor.paused) return end(job, null);
    const call: Call = { ...job.call, scope: { project: key.project, environment: key.environment } };
    const { reached, position, ranges, more } = await lookAtLog(monitor);
    if (reached === null) return end(job, null);

    const stored = await windowsStore(db).listAll(key);
    const measured = await measureDue(job, { monitor, stored, reached, ranges });
    // Nobody else writes this monitor's windows while the work is claimed: the list is kept beside the table.
    let windows: readonly WindowSummary[] = stored;
    for (const window of measured.windows)
      windows = await keep(job, call, { monitor, window, windows, reached });
    // Truth that does not come is seen by the time that passes, not by a window.
    await job.record((tx) => followAlerts(tx, call, { monitor, windows, reached }));
    const restated = measured.windows.some((window) => window.restated);
    const problem = measured.windows.at(-1)?.problem;
    return end(job, {
      watermark: closedUntil(reached, monitor.settings.lateness),
      open: openWindow(monitor, reached, windows.at(-1)),
      logPosition: position,
      restatedAt: restated ? now() : monitor.restatedAt,
      problem: problem === undefined ? monitor.problem : problem,
      more: measured.more || more,
    });
  }

  async function lookAtLog(monitor: StoredMonitor) {
    const key = { project: monitor.project, environment: monitor.environment, name: monitor.deployment };
    const { log } = parts.deployments;
    const position = typeof monitor.logPosition === "number" ? monitor.logPosition : null;
    const changes = await log.changedSince(key, position);
    const reached = reachedTime(await log.watermark(key), now());
    const more = changes.ranges.length >= MANY_CHANGES;
    return { reached, position: changes.position, ranges: changes.ranges, more };
  }

  /** One window with its alerts and its event; a window that says what it said before is left as it is. */
  async function keep(
    job: Job<Payload>,
    call: Call,
    known: {
      monitor: StoredMonitor;
      window: MeasuredWindow;
      windows: readonly WindowSummary[];
      reached: Date;
    },
  ): Promise<readonly WindowSummary[]> {
    const { monitor, window, windows, reached } = known;
    const service = await serviceOf(monitor, window, call);
    const start = new Date(window.span.start).toISOString();
    const before = windows.find((one) => one.start === start);
    const alarms = isServiceAlarming(service, monitor.settings.service)
      ? [...window.summary.alarms, "service" as const]
      : window.summary.alarms;
    const fresh = { ...window.summary, service, alarms };
    if (before !== undefined && saysTheSame(before, fresh)) return windows;
    const at = now().toISOString();
    const summary: WindowSummary = {
      ...fresh,
      closedAt: before?.closedAt ?? at,
      restated: before === undefined ? 0 : before.restated + 1,
      restatedAt: before === undefined ? null : at,
    };
    const all = [...windows.filter((one) => one.start !== start), summary].toSorted(byStart);
    await job.record(async (tx) => {
      if ((await monitorsStore(tx).lock(monitor)) === undefined) return;
      await windowsStore(tx).put(monitor, {
        start: new Date(window.span.start),
        end: new Date(window.span.end),
        summary,
        detail: window.detail,
        profile: window.profile as unknown as Json, // made of JSON values only
      });
      await parts.events.record(tx, call, {
        type: before === undefined ? "monitoring.window-closed" : "monitoring.window-restated",
        subject: windowPath({ ...monitor, monitor: monitor.name, start }),
        data: eventData(monitor, summary),
        occurredAt: new Date(window.span.end),
      });
      await followAlerts(tx, call, { monitor, windows: all, reached });
    });
    return all;
  }

  async function serviceOf(
    monitor: StoredMonitor,
    { received }: MeasuredWindow,
    call: Call,
  ): Promise<MonitorWindow["service"]> {
    const until = new Date(Date.parse(received.until) + 1).toISOString();
    const { items } = await parts.deployments.getTraffic(
      { deployment: monitor.deployment, from: received.from, until, spans: 1 },
      call,
    );
    const [traffic] = items;
    if (traffic === undefined || traffic.requests === 0) return null;
    const { requests, errors, p50Ms, p99Ms } = traffic;
    return { requests, errors, p50Ms, p99Ms };
  }

  /** Ends this look, and begins the next where something came meanwhile or is left. */
  async function end(job: Job<Payload>, standing: (Standing & { more: boolean }) | null): Promise<void> {
    await job.finish(async (tx) => {
      const store = monitorsStore(tx);
      const monitor = await store.lock(job.payload);
      if (monitor === undefined) return {};
      if (standing !== null) await store.putStanding(job.payload, standing);
      await store.putWork(job.payload, { work: null, wanted: false });
      if (monitor.wanted || standing?.more) await wake(tx, job.call, job.payload);
      return {};
    });
  }

  return defineWork<Payload>({
    kind: ADVANCE,
    run,
    async ended(tx, work, { problem }) {
      // Written by `wake`, which puts a monitor's key there.
      const key = work.payload as Payload;
      const store = monitorsStore(tx);
      if ((await store.lock(key)) === undefined) return;
      await store.putWork(key, { work: null, wanted: false });
      await store.putProblem(key, `The log could not be looked at: ${problem.detail}`);
    },
  });
}

/** The window that fills: that of the greatest event time, or what follows the newest one by count. */
function openWindow(
  { settings }: StoredMonitor,
  reached: Date,
  newest: WindowSummary | undefined,
): Standing["open"] {
  const cut = windowCut(settings);
  if (cut === null) {
    const start = newest === undefined ? reached : new Date(newest.end);
    return { start, end: reached > start ? reached : start, title: "the next rows" };
  }
  const until = closedUntil(reached, settings.lateness).getTime();
  const span = windowOf(until, cut);
  return { start: new Date(span.start), end: new Date(span.end), title: span.title };
}

/** What followers of the stage learn of a window. */
function eventData({ name, deployment }: StoredMonitor, summary: WindowSummary): Record<string, Json> {
  const moment = summary.performance?.[0];
  const { coverage, drift, prediction } = summary;
  return {
    monitor: name,
    deployment,
    start: summary.start,
    end: summary.end,
    title: summary.title,
    rows: summary.rows,
    labelled: coverage.labelled,
    drifted: drift.drifted,
    predictionDrifted: prediction?.drifted ?? false,
    metric: moment?.metric ?? null,
    value: moment?.now.value ?? null,
    low: moment?.now.low ?? null,
    high: moment?.now.high ?? null,
    reference: moment?.reference?.value ?? null,
    promised: moment?.promised ?? null,
    alarms: summary.alarms,
  };
}

type Looking = {
  readonly monitor: StoredMonitor;
  readonly stored: readonly WindowSummary[];
  readonly reached: Date;
  readonly ranges: readonly { readonly from: Date; readonly until: Date }[];
};

/** Makes what has windows computed in a process of their own. */
function createMeasuring(parts: AdvanceParts) {
  const { database, deployments, runTask, dataDir } = parts;
  const nothing: Measured = { windows: [], more: false };

  return async function measureDue(job: Job<Payload>, looking: Looking): Promise<Measured> {
    const { monitor, stored, reached, ranges } = looking;
    const until = closedUntil(reached, monitor.settings.lateness);
    const touched = touchedSpans(stored, ranges, windowCut(monitor.settings));
    const newest = stored.at(-1);
    const after = newest === undefined ? null : Date.parse(newest.end);
    const cut = windowCut(monitor.settings);
    const nextEnd = monitor.open !== null && cut !== null ? monitor.open.end : null;
    const isDue = nextEnd === null || until >= nextEnd;
    if (!isDue && touched.length === 0) return nothing;

    const key = { project: monitor.project, environment: monitor.environment, name: monitor.deployment };
    const folder = join(dataDir, "scratch", `${attemptOf(job)}.truth`);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    try {
      const starts = touched.map(({ start }) => start);
      const ends = touched.map(({ end }) => end);
      const from = isDue
        ? earliest([...starts, ...(after === null ? [] : [after])], after === null)
        : earliest(starts, false);
      // By count, the row that closes a window lies after it.
      const last = isDue ? (cut === null ? undefined : until) : new Date(Math.max(...ends));
      const times = {
        ...(from === null ? {} : { from: new Date(from) }),
        ...(last === undefined ? {} : { until: last }),
      };
      for (let tries = 1; ; tries++) {
        const truth = join(folder, `${tries}.csv`);
        const { rows } = await deployments.log.exportTruth(key, times, truth);
        const order: MeasureOrder = {
          sources: await deployments.log.sources(key, times),
          truth: rows === 0 ? null : truth,
          restated: touched,
          cut: isDue
            ? {
                after,
                closedUntil: until.getTime(),
                before: stored.reduce((sum, window) => sum + window.rows, 0),
              }
            : null,
          settings: monitor.settings,
          versions: await servedVersions(monitor, job.call),
          history: stored.map(({ start, alarms }) => ({
            start: Date.parse(start),
            alarmed: alarms.some((kind) => CHANCE_ALARMS.includes(kind)),
          })),
          profiles: await seasonProfiles(monitor, { touched, from: after, until: until.getTime() }),
        };
        const found = await compute(job, order);
        if (!("moved" in found)) return found;
        if (tries === MOST_TRIES) throw filesMove(monitor.name);
      }
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  };

  async function compute(job: Job<Payload>, order: MeasureOrder): Promise<Measured | Moved> {
    const { result } = await runTask({
      task: measureTask.name,
      input: order as unknown as Json, // made of JSON values only
      attempt: attemptOf(job),
      onProgress: job.progress,
      signal: job.signal,
    });
    // Written by the task, which is of this program.
    return result as unknown as Measured | Moved;
  }

  /** Every version that the deployment ever served, with what it was judged on. */
  async function servedVersions(monitor: StoredMonitor, call: Call): Promise<ServedVersion[]> {
    const scoped = { ...call, scope: { project: monitor.project, environment: monitor.environment } };
    const served = new Map<string, { model: string; version: number }>();
    let after: string | undefined;
    do {
      const page = await deployments.listRevisions(
        { deployment: monitor.deployment, limit: 1_000, ...(after === undefined ? {} : { after }) },
        scoped,
      );
      for (const { model, version } of page.items) served.set(`${model}@${version}`, { model, version });
      after = page.next ?? undefined;
    } while (after !== undefined);
    const found: ServedVersion[] = [];
    for (const one of served.values()) {
      const version = await parts.registry.getVersion(one, scoped);
      const { report, reference, signature } = version;
      found.push({
        version: version.version,
        model: version.model,
        signature,
        report: report === null ? null : { positive: report.positive, metrics: report.metrics },
        reference: reference === null ? null : { digest: reference, path: parts.artifacts.path(reference) },
      });
    }
    return found;
  }

  /** The counts of the windows a year before those that may be computed now. */
  async function seasonProfiles(
    monitor: StoredMonitor,
    { touched, from, until }: { touched: readonly WindowSpan[]; from: number | null; until: number },
  ): Promise<MeasureOrder["profiles"]> {
    const cut = windowCut(monitor.settings);
    if (cut === null || !monitor.settings.drift.season || from === null) return [];
    const starts = touched.map(({ start }) => seasonStart(start, cut));
    for (let start = from; start < until && starts.length < 500; ) {
      const span = windowOf(start, cut);
      starts.push(seasonStart(span.start, cut));
      start = span.end;
    }
    const rows = await windowsStore(database.db).listProfiles(
      monitor,
      starts.map((start) => new Date(start)),
    );
    return rows.map(({ start_at, profile }) => ({
      start: start_at.getTime(),
      profile: profile as unknown as WindowProfile, // written by `keep`
    }));
  }
}

function byStart(a: WindowSummary, b: WindowSummary): number {
  return a.start < b.start ? -1 : 1;
}

function earliest(times: readonly number[], open: boolean): number | null {
  return open || times.length === 0 ? null : Math.min(...times);
}

function filesMove(monitor: string): Error {
  return fail("UNAVAILABLE", {
    message: `The files of the log were moved ${MOST_TRIES} times while the monitor ${monitor} read them`,
    field: "monitor",
    value: monitor,
    help: "Nothing is to be done: the next look reads them where they are then.",
  });
}
