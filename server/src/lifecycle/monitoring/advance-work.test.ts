import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fail, MonitorSettings } from "@causeway/contract";
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
async function work1(): Promise<void> {
  const worker = createWorker({
    database,
    definitions: [defineAdvance(advance)],
    name: newId(),
    concurrency: 1,
    log,
  });
  await worker.start();
  for (let tries = 0; tries < 400; tries++) {
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
  await work1();
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
