import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fail, LATENCY_BOUNDS_MS, MonitorSettings } from "@causeway/contract";
import { sql } from "kysely";
import { pino } from "pino";
import { afterAll, beforeEach, expect, it } from "vitest";
import { testDatabase } from "../../../testing/database.ts";
import {
  evaluationOf,
  insertDeployment,
  randomFrom,
  reachTime,
  type TestRow,
  testRow,
  testVersion,
  type World,
  writeLog,
} from "../../../testing/monitored-log.ts";
import { type Call, systemCall } from "../../platform/access/index.ts";
import { createAudit } from "../../platform/audit/index.ts";
import { createEvents } from "../../platform/events/index.ts";
import type { MessageRequest } from "../../platform/notifications/index.ts";
import type { RunTask } from "../../platform/processes/index.ts";
import { createWork, createWorker } from "../../platform/work/index.ts";
import { createDeployments } from "../deployments/index.ts";
import { type AdvanceParts, defineAdvance } from "./advance-work.ts";
import { createMonitoring, measureTask } from "./index.ts";

const { database, db } = await testDatabase();
const dataDir = mkdtempSync("/tmp/causeway-monitoring-");
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

const DAY = 86_400_000;
const FIRST = Date.UTC(2026, 0, 5);
let made = 0;
const newId = (): string => {
  const at = (FIRST + ++made).toString(16).padStart(12, "0");
  return `${at.slice(0, 8)}-${at.slice(8)}-7000-8000-000000000000`;
};
const now = () => new Date("2026-11-21T10:00:00.000Z");
const call: Call = systemCall({ project: "default", environment: "dev" }, "tester");

const trained = Array.from({ length: 2_000 }, randomRows(7));
const document = evaluationOf(trained);
const referencePath = join(dataDir, "reference.json");
writeFileSync(referencePath, JSON.stringify(document));
let withReference = true;
const registry = {
  getVersion: async ({ version }: { version: number }) =>
    testVersion(version, document, withReference ? "a".repeat(64) : null),
  resolve: async () => {
    throw fail("NOT_FOUND", { message: "no model is resolved here" });
  },
};

const audit = createAudit({ db, newId });
const events = createEvents({ database, audit, newId, now });
const work = createWork({ database, newId });
const parts = { database, dataDir, events, registry, newId, now, work };
const deployments = createDeployments({
  ...parts,
  artifacts: {
    read: () => {
      throw fail("NOT_FOUND", { message: "no artifact is read here" });
    },
  },
  lineage: { link: async () => {} },
  data: {
    getVersion: async () => {
      throw fail("NOT_FOUND", { message: "no dataset is read here" });
    },
  },
  gatewayUrl: async () => null,
  readers: async () => [],
} as unknown as Parameters<typeof createDeployments>[0]); // what is absent is for serving, which nobody asks for here
const log = pino({ level: "silent" });
const monitoring = createMonitoring({ ...parts, deployments, log });

const messages: MessageRequest[] = [];
let killedAfter = Number.POSITIVE_INFINITY;
/** Runs the task here: what matters is what it reads and answers. */
const runTask: RunTask = async ({ input }) => {
  const scratch = mkdtempSync(join(dataDir, "scratch-"));
  const result = await measureTask.run(input as never, { scratch, dataDir, progress: () => {} });
  rmSync(scratch, { recursive: true });
  if (--killedAfter < 0) throw new Error("the process was killed after its work");
  return { result, usage: { cpuSeconds: 0, peakMemoryBytes: 0, readBytes: 0, writtenBytes: 0 } };
};
const advance: AdvanceParts = {
  ...parts,
  deployments,
  runTask,
  artifacts: { path: () => referencePath },
  notifications: { notify: async (_tx, _call, request) => void messages.push(request) },
};

beforeEach(() => {
  messages.length = 0;
  withReference = true;
  killedAfter = Number.POSITIVE_INFINITY;
});

function randomRows(seed: number, world: World = {}): () => TestRow {
  const random = randomFrom(seed);
  return () => testRow(random, world);
}

/** Has the worker do what is queued. */
async function doWork(): Promise<void> {
  const worker = createWorker({
    database,
    definitions: [defineAdvance(advance)],
    name: newId(),
    concurrency: 1,
    log,
  });
  await worker.start();
  for (;;) {
    const counts = await db
      .selectFrom("platform_work")
      .select("id")
      .where("state", "in", ["queued", "running"])
      .execute();
    if (counts.length === 0) break;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  await worker.stop();
}

async function watch(
  name: string,
  settings: Parameters<typeof MonitorSettings.parse>[0] = {},
): Promise<void> {
  await monitoring.createMonitor({ name, deployment: name, settings: MonitorSettings.parse(settings) }, call);
  await doWork();
}

/** A day of predictions; answers the ids with what is true. */
function day(
  deployment: string,
  number: number,
  given: { rows?: number; world?: World; version?: number } = {},
) {
  const { rows = 300, world = {}, version = 1 } = given;
  const from = FIRST + number * DAY;
  const logged = Array.from({ length: rows }, randomRows(number + 1_000, world));
  const ids = writeLog(dataDir, logged, { deployment, version, from, until: from + DAY });
  return ids.map((id, n) => ({ predictionId: id, value: logged[n]?.truth ?? "no" }));
}

async function typesOf(subjectPart: string): Promise<string[]> {
  const { items } = await events.list({ limit: 200 }, call);
  return items
    .filter(({ subject }) => subject.includes(subjectPart))
    .map(({ type }) => type)
    .toReversed();
}

it("M1/data closes a window per day, finds the shifted column and raises one alert with evidence", async () => {
  await insertDeployment(db, "shifted", [1]);
  for (const number of [0, 1]) day("shifted", number);
  for (const number of [2, 3]) day("shifted", number, { world: { shift: 0.8 } });
  await reachTime(db, "shifted", FIRST + 4 * DAY);
  await watch("shifted", { notify: ["shop"] });

  const { items } = await monitoring.listWindows({ monitor: "shifted", limit: 10 }, call);
  expect(items.map(({ title, rows, drift }) => [title, rows, drift.drifted])).toEqual([
    ["8 Jan 2026", 300, ["x"]],
    ["7 Jan 2026", 300, ["x"]],
    ["6 Jan 2026", 300, []],
    ["5 Jan 2026", 300, []],
  ]);
  const alerts = await monitoring.listAlerts({ limit: 10, monitor: "shifted" }, call);
  expect(alerts.items.map(({ kind, state, windows }) => [kind, state, windows])).toEqual([
    ["prediction-drift", "open", 2],
    ["data-drift", "open", 2],
  ]);
  const [, alert] = alerts.items;
  expect(alert?.title).toBe("x moved away from the reference in 8 Jan 2026");
  expect(alert?.facts?.title).toEqual({ says: "columns-moved", columns: ["x"], window: "8 Jan 2026" });
  expect(alert?.facts?.evidence).toHaveLength(alert?.evidence.length ?? 0);
  expect(alert?.data).not.toHaveProperty("facts");
  expect(alert?.evidence[0]).toMatch(/^x: median 0\.\d+, .*KS distance 0\.\d+, psi/);
  expect(alert?.since).toBe("2026-01-07T00:00:00.000Z");
  expect(messages.map(({ title }) => title)).toHaveLength(2);
  const detail = await monitoring.getWindow({ monitor: "shifted", start: "2026-01-08T00:00:00.000Z" }, call);
  expect(detail.columns.map(({ column, drifted }) => [column, drifted])).toEqual([
    ["x", true],
    ["c", false],
  ]);
  expect(detail.reference).toMatchObject({ version: 1, rows: 2_000 });
  expect(await typesOf("shifted")).toContain("monitoring.window-closed");
});

it("M2/labels judges performance when truth comes, restates the window and says how late and how much came", async () => {
  await insertDeployment(db, "late", [1]);
  const first = day("late", 10);
  day("late", 11);
  await reachTime(db, "late", FIRST + 12 * DAY);
  await watch("late");
  const before = await newest("late", 2);
  expect(
    before.map(({ performance, restated, coverage }) => [performance, restated, coverage.labelled]),
  ).toEqual([
    [null, 0, 0],
    [null, 0, 0],
  ]);

  const occurredAt = new Date(FIRST + 15 * DAY).toISOString();
  await deployments.recordTruth(
    { deployment: "late", records: first.map((record) => ({ ...record, occurredAt })) },
    call,
  );
  await monitoring.wakeDue();
  await doWork();
  const [second, restated] = await newest("late", 2);
  expect(second).toMatchObject({ restated: 0, performance: null });
  expect(restated).toMatchObject({ restated: 1, coverage: { labelled: 300, share: 1 }, alarms: [] });
  expect(restated?.coverage.lagSeconds?.p50).toBeGreaterThan(4 * 86_400);
  const [judged] = restated?.performance ?? [];
  expect(judged).toMatchObject({ metric: "auc", lessIsBetter: false });
  expect(judged?.now.low).toBeLessThan(judged?.now.value ?? 0);
  expect(Math.abs(judged?.difference?.value ?? 1)).toBeLessThan(0.06);
  expect(judged?.promised).toBeGreaterThan(0.8);
  expect(await typesOf("late")).toEqual([
    "monitoring.monitor-created",
    "monitoring.window-closed",
    "monitoring.window-closed",
    "deployments.truth-recorded",
    "monitoring.window-restated",
  ]);

  // The same truth again changes nothing that a window says.
  await deployments.recordTruth(
    { deployment: "late", records: first.map((record) => ({ ...record, occurredAt })) },
    call,
  );
  await monitoring.wakeAll();
  await doWork();
  expect((await newest("late", 2))[1]?.restated).toBe(1);
});

it("M2/classification alarms when the world changed under the model, though its inputs did not", async () => {
  await insertDeployment(db, "flipped", [1]);
  const [good, bad] = [day("flipped", 20), day("flipped", 21, { world: { flipped: true } })];
  await reachTime(db, "flipped", FIRST + 22 * DAY);
  await deployments.recordTruth({ deployment: "flipped", records: [...good, ...bad] }, call);
  await watch("flipped", { notify: ["shop"] });
  const { items } = await monitoring.listAlerts({ limit: 10, monitor: "flipped" }, call);
  expect(items.map(({ kind, severity, windows }) => [kind, severity, windows])).toEqual([
    ["performance", "critical", 1],
  ]);
  expect(items[0]?.title).toMatch(
    /^auc fell to 0\.\d+ \(0\.\d+ to 0\.\d+\) in 26 Jan 2026; the reference is 0\.\d+$/,
  );
  expect(items[0]?.evidence.join(" ")).toContain("did not move");
  expect(messages).toHaveLength(1);
});

it("M9/dedup, M9/resolve: carries one alert on over windows and ends it with the first clean one and tells once", async () => {
  await insertDeployment(db, "passing", [1]);
  for (const number of [30, 31]) day("passing", number, { world: { missing: 0.4 } });
  await reachTime(db, "passing", FIRST + 32 * DAY);
  await watch("passing", { notify: ["shop"] });
  const quality = async () =>
    (await monitoring.listAlerts({ limit: 10, monitor: "passing" }, call)).items.filter(
      ({ kind }) => kind === "quality",
    );
  expect((await quality()).map(({ state, windows, title }) => [state, windows, title])).toEqual([
    ["open", 2, expect.stringMatching(/^x in 5 Feb 2026: \d+ % missing, 0 % in the reference$/)],
  ]);
  const told = messages.length;
  day("passing", 32);
  await reachTime(db, "passing", FIRST + 33 * DAY);
  await monitoring.wakeDue();
  await doWork();
  expect((await quality()).map(({ state, note }) => [state, note])).toEqual([
    ["resolved", "6 Feb 2026 shows it no more"],
  ]);
  expect(messages.slice(told).map(({ status }) => status)).toEqual(["resolved"]);
});

it("M9/acknowledge lets a person look after an alert and end it; only a later window raises another", async () => {
  await insertDeployment(db, "owned", [1]);
  day("owned", 40, { world: { shift: 1 } });
  await reachTime(db, "owned", FIRST + 41 * DAY);
  await watch("owned");
  const open = (await monitoring.listAlerts({ limit: 10, monitor: "owned", state: "open" }, call)).items;
  const alert = open.find(({ kind }) => kind === "data-drift");
  if (alert === undefined) throw new Error("no alert was raised");
  const acknowledged = await monitoring.acknowledgeAlert({ alert: alert.id, note: "a campaign" }, call);
  expect(acknowledged).toMatchObject({
    state: "acknowledged",
    note: "a campaign",
    acknowledgedBy: { name: "tester" },
  });
  expect(await monitoring.resolveAlert({ alert: alert.id }, call)).toMatchObject({
    state: "resolved",
    note: "a campaign",
  });
  await expect(monitoring.acknowledgeAlert({ alert: alert.id }, call)).rejects.toThrow("was resolved at");
  await monitoring.wakeAll();
  await doWork();
  const count = async () =>
    (await monitoring.listAlerts({ limit: 20, monitor: "owned" }, call)).items.filter(
      ({ kind }) => kind === "data-drift",
    ).length;
  expect(await count()).toBe(1);
  day("owned", 41, { world: { shift: 1 } });
  await reachTime(db, "owned", FIRST + 42 * DAY);
  await monitoring.wakeDue();
  await doWork();
  expect(await count()).toBe(2);
});

it("M7/bound compares rows with the reference of the version that answered them", async () => {
  await insertDeployment(db, "switched", [1, 2]);
  day("switched", 50, { rows: 200, version: 1 });
  day("switched", 51, { rows: 200, version: 2 });
  await reachTime(db, "switched", FIRST + 52 * DAY);
  await watch("switched");
  const starts = (await newest("switched", 2)).map(({ start }) => start);
  const details = await Promise.all(
    starts.map((start) => monitoring.getWindow({ monitor: "switched", start }, call)),
  );
  expect(details.map(({ reference, versions }) => [reference?.version, versions])).toEqual([
    [2, [{ version: 2, rows: 200 }]],
    [1, [{ version: 1, rows: 200 }]],
  ]);
});

it("shows windows without a verdict where the version has no reference, and says what to do", async () => {
  withReference = false;
  await insertDeployment(db, "plain", [1]);
  day("plain", 60, { world: { shift: 3 } });
  await reachTime(db, "plain", FIRST + 61 * DAY);
  await watch("plain");
  const monitor = await monitoring.getMonitor({ monitor: "plain" }, call);
  expect(monitor.problem).toContain("causeway registry evaluate churn 1 <dataset@version>");
  expect(monitor.newest).toMatchObject({
    rows: 300,
    alarms: [],
    drift: { judged: false, reason: "Version 1 of churn has no reference" },
  });
});

it("M7/later takes the reference that a version gets afterwards from the next window on", async () => {
  withReference = false;
  await insertDeployment(db, "evaluated", [1]);
  day("evaluated", 62);
  await reachTime(db, "evaluated", FIRST + 63 * DAY);
  await watch("evaluated");
  withReference = true;
  day("evaluated", 63, { world: { shift: 0.8 } });
  await reachTime(db, "evaluated", FIRST + 64 * DAY);
  await monitoring.wakeDue();
  await doWork();
  const windows = (await newest("evaluated", 2)).map(({ drift }) => [drift.judged, drift.drifted]);
  expect(windows).toEqual([
    [true, ["x"]],
    [false, []],
  ]);
  expect((await monitoring.getMonitor({ monitor: "evaluated" }, call)).problem).toBeNull();
});

it("goes on after it was killed, and keeps every window and event once", async () => {
  await insertDeployment(db, "killed", [1]);
  for (const number of [70, 71, 72]) day("killed", number);
  await reachTime(db, "killed", FIRST + 73 * DAY);
  killedAfter = 0;
  await watch("killed");
  expect((await monitoring.getMonitor({ monitor: "killed" }, call)).problem).toMatch(
    /^The log could not be looked at/,
  );
  killedAfter = Number.POSITIVE_INFINITY;
  await monitoring.wakeDue();
  await doWork();
  const monitor = await monitoring.getMonitor({ monitor: "killed" }, call);
  expect([monitor.windows, monitor.problem]).toEqual([3, null]);
  expect((await typesOf("killed")).filter((type) => type === "monitoring.window-closed")).toHaveLength(3);
});

it("tells once that no truth comes after the time in which it should", async () => {
  await insertDeployment(db, "silent", [1]);
  for (const number of [80, 81, 90]) day("silent", number, { rows: 60 });
  await reachTime(db, "silent", FIRST + 91 * DAY);
  await watch("silent", { truth: { within: "7 days" }, notify: ["shop"] });
  const { items } = await monitoring.listAlerts({ limit: 10, monitor: "silent" }, call);
  expect(items.map(({ kind, windows, title }) => [kind, windows, title])).toEqual([
    ["truth", 2, "No truth has come for the predictions of 27 Mar 2026"],
  ]);
  expect(messages).toHaveLength(1);
});

it("closes windows by count, which hold every row of their last moment", async () => {
  await insertDeployment(db, "counted", [1]);
  day("counted", 100, { rows: 250 });
  await reachTime(db, "counted", FIRST + 101 * DAY);
  await watch("counted", { window: { rows: 100 } });
  const windows = await newest("counted", 5);
  expect(windows.map(({ title, rows }) => [title, rows])).toEqual([
    ["rows 101 to 200", 100],
    ["rows 1 to 100", 100],
  ]);
});

it("restates a window when rows of its time come late", async () => {
  await insertDeployment(db, "lagging", [1]);
  day("lagging", 110, { rows: 100 });
  day("lagging", 111, { rows: 100 });
  await reachTime(db, "lagging", FIRST + 112 * DAY);
  await watch("lagging");
  const from = FIRST + 110 * DAY;
  const late = Array.from({ length: 50 }, randomRows(5));
  writeLog(dataDir, late, { deployment: "lagging", from: from + 500, until: from + DAY, gateway: "g2" });
  await sql`with held as (update deployments_watermarks set position = position + 1
      where deployment = (select id from deployments_deployments where name = 'lagging') returning deployment, position)
    insert into deployments_changes select deployment, position, 'predictions', ${new Date(from)}, ${new Date(from + DAY - 1)}, now()
    from held`.execute(db);
  await monitoring.wakeDue();
  await doWork();
  expect((await newest("lagging", 2)).map(({ rows, restated }) => [rows, restated])).toEqual([
    [100, 0],
    [150, 1],
  ]);
});

it("makes a window good whose rows all came late", async () => {
  await insertDeployment(db, "missed", [1]);
  day("missed", 130, { rows: 60 });
  day("missed", 132, { rows: 60 });
  await reachTime(db, "missed", FIRST + 133 * DAY);
  await watch("missed");
  expect((await newest("missed", 5)).map(({ title }) => title)).toEqual(["17 May 2026", "15 May 2026"]);
  day("missed", 131, { rows: 60 });
  const from = FIRST + 131 * DAY;
  await sql`with held as (update deployments_watermarks set position = position + 1
      where deployment = (select id from deployments_deployments where name = 'missed') returning deployment, position)
    insert into deployments_changes select deployment, position, 'predictions', ${new Date(from)}, ${new Date(from + DAY - 1)}, now()
    from held`.execute(db);
  await monitoring.wakeDue();
  await doWork();
  expect((await newest("missed", 5)).map(({ title, restated }) => [title, restated])).toEqual([
    ["17 May 2026", 0],
    ["16 May 2026", 0],
    ["15 May 2026", 0],
  ]);
});

it("M5/latency, M5/errors: stand beside a window as gateways counted them, and too many errors alarm", async () => {
  await insertDeployment(db, "failing", [1]);
  day("failing", 120, { rows: 100 });
  await reachTime(db, "failing", FIRST + 121 * DAY);
  const latency = [...LATENCY_BOUNDS_MS.map((bound) => (bound === 2 ? 90 : bound === 25 ? 10 : 0)), 0];
  await sql`insert into deployments_traffic (deployment, minute, revision, requests, rows, errors, refused, latency)
    select id, ${new Date(FIRST + 120.5 * DAY)}, 1, 100, 100, 5, 0, ${latency}::integer[]
    from deployments_deployments where name = 'failing'`.execute(db);
  await watch("failing");
  const [window] = await newest("failing", 1);
  expect(window?.service).toMatchObject({ requests: 100, errors: 5 });
  expect(window?.service?.p50Ms).toBeLessThanOrEqual(2);
  expect(window?.service?.p99Ms).toBeGreaterThan(12);
  expect(window?.alarms).toEqual(["service"]);
  const { items } = await monitoring.listAlerts({ limit: 5, monitor: "failing" }, call);
  expect(items.map(({ kind, title }) => [kind, title])).toEqual([
    ["service", "5 of 100 requests failed or were slow in 5 May 2026"],
  ]);
});

async function newest(monitor: string, limit: number) {
  return (await monitoring.listWindows({ monitor, limit }, call)).items;
}
