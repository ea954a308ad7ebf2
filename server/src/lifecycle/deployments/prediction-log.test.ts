import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import type { JudgedPrediction, LoggedPrediction } from "@causeway/contract";
import { pino } from "pino";
import { afterAll, beforeAll, expect, it } from "vitest";
import { testDatabase } from "../../../testing/database.ts";
import { systemCall } from "../../platform/access/index.ts";
import type { RunTask } from "../../platform/processes/index.ts";
import { createWork, createWorker } from "../../platform/work/index.ts";
import { createCompactionStarter, defineCompaction } from "./compaction-work.ts";
import { compactTask } from "./log/compact-task.ts";
import { createLogDuck } from "./log-duck-reader.ts";
import { createPredictionsService } from "./predictions-service.ts";

const { database, db } = await testDatabase();
const dataDir = mkdtempSync("/tmp/causeway-predictions-");
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

let made = 0;
const newId = (): string => `00000000-0000-7000-8000-${String(++made).padStart(12, "0")}`;
const log = pino({ level: "silent" });
const dev = systemCall({ project: "default", environment: "dev" }, "tester");
const start = Date.UTC(2026, 10, 21, 10);
const later = () => new Date(Date.now() + 6 * 60_000);

const work = createWork({ database, newId });
const starter = createCompactionStarter({ database, work, dataDir, now: later });
const predictions = createPredictionsService({ database, dataDir, askLog: createLogDuck() });

/** No revision is known here, so that rows are kept without typed columns. */
const unused = () => {
  throw new Error("not part of these tests");
};

/** Runs the task here: what matters is what it reads and writes. */
let failures = 0;
const runTask: RunTask = async ({ input }) => {
  const scratch = mkdtempSync(join(dataDir, "scratch-"));
  const result = await compactTask.run(input as never, { scratch, dataDir, progress: () => {} });
  rmSync(scratch, { recursive: true });
  if (failures-- > 0) throw new Error("the process was killed after its work");
  return { result, usage: { cpuSeconds: 0, peakMemoryBytes: 0, readBytes: 0, writtenBytes: 0 } };
};

/** UUIDv7 of a second after ten o'clock. */
function idAt(second: number): string {
  const ms = (start + second * 1000).toString(16).padStart(12, "0");
  return `${ms.slice(0, 8)}-${ms.slice(8)}-7000-8000-${String(second).padStart(12, "0")}`;
}

function logged(second: number, more: Partial<LoggedPrediction> = {}, row = 0): LoggedPrediction {
  const at = new Date(start + second * 1000).toISOString();
  return {
    id: `${idAt(second)}.${row}`,
    project: "default",
    environment: "dev",
    deployment: "churn",
    revision: 1,
    model: "churn",
    version: 1,
    occurredAt: at,
    receivedAt: at,
    latencyMs: 0.25,
    key: null,
    record: { tenure: second, Contract: "Month-to-month", TotalCharges: null },
    prediction: { value: "Yes", scores: { No: 0.1, Yes: 0.9 } },
    gateway: "g1",
    ...more,
  };
}

const judged = (...given: Parameters<typeof logged>): JudgedPrediction => ({
  ...logged(...given),
  truth: null,
});

function writeSegment(rows: LoggedPrediction[], { gateway = "g1", closed = true } = {}): string {
  const folder = join(dataDir, "spool", gateway);
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${rows[0]!.id.split(".")[0]}${closed ? ".closed" : ""}.jsonl`);
  writeFileSync(path, rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
  return path;
}

async function compact(): Promise<void> {
  await starter.startIfDue();
  const worker = createWorker({
    database,
    definitions: [
      defineCompaction({
        database,
        registry: { getVersion: unused },
        runTask,
        dataDir,
        now: () => new Date(),
      }),
    ],
    name: newId(),
    concurrency: 2,
    log,
  });
  await worker.start();
  await expect.poll(async () => work.counts()).toEqual([]);
  await worker.drain();
}

const list = async (input: Partial<Parameters<typeof predictions.listPredictions>[0]> = {}) =>
  predictions.listPredictions({ deployment: "churn", limit: 100, ...input }, dev);
const secondsOf = (rows: readonly LoggedPrediction[]) => rows.map(({ record }) => record["tenure"]);
const spooled = (gateway = "g1") => readdirSync(join(dataDir, "spool", gateway));

beforeAll(async () => {
  for (const name of ["churn", "other"]) {
    const key = { project: "default", environment: "dev" as const, name };
    const rest = { serve: "churn@1", state: "ready" as const, revision: 1, serving: 1 };
    const by = JSON.stringify(dev.actor);
    await db
      .insertInto("deployments_deployments")
      .values({ ...key, ...rest, created_at: new Date(), created_by: by })
      .execute();
  }
});

it("reads rows out of the open spool as soon as they are written, without the line being written", async () => {
  const path = writeSegment([logged(1), logged(2), logged(3, {}, 0), logged(3, {}, 1), logged(3, {}, 10)], {
    closed: false,
  });
  appendFileSync(path, '{"id": "torn');
  const { items } = await list();
  expect(items[0]).toEqual(judged(3, {}, 10));
  expect(items.map(({ id }) => id.slice(24))).toEqual([
    "000000000003.10",
    "000000000003.1",
    "000000000003.0",
    "000000000002.0",
    "000000000001.0",
  ]);
  rmSync(path);
});

it("O4/compaction moves closed segments into Parquet, each row once and equal", async () => {
  const first = [logged(1), logged(2), logged(4, { deployment: "other" })];
  const second = [logged(3, { gateway: "g2", version: 2 }), logged(5, { gateway: "g2" })];
  writeSegment(first);
  writeSegment(second, { gateway: "g2" });
  const before = (await list()).items;
  expect(secondsOf(before)).toEqual([5, 3, 2, 1]);
  await compact();
  expect(spooled()).toEqual([]);
  expect(spooled("g2")).toEqual([]);
  expect((await list()).items).toEqual(before);
  expect(secondsOf((await list({ deployment: "other" })).items)).toEqual([4]);
  const files = await db.selectFrom("deployments_prediction_files").selectAll().execute();
  expect(files.map(({ deployment, rows }) => [deployment, rows]).toSorted()).toEqual([
    ["churn", 4],
    ["other", 1],
  ]);
});

it("compacts exactly once when a worker dies after its work, and when the work comes twice", async () => {
  writeSegment([logged(10), logged(11)]);
  await starter.startIfDue();
  const again = createCompactionStarter({ database, work, dataDir, now: later });
  expect(await again.startIfDue()).toBe(1);
  failures = 1;
  await compact();
  await compact();
  expect(secondsOf((await list()).items)).toEqual([11, 10, 5, 3, 2, 1]);
  expect(spooled()).toEqual([]);
});

it("does not count a compacted segment that still lies in the spool, and removes it", async () => {
  writeSegment([logged(10), logged(11)]);
  expect(secondsOf((await list()).items)).toEqual([11, 10, 5, 3, 2, 1]);
  expect(await starter.startIfDue()).toBe(0);
  expect(spooled()).toEqual([]);
});

it("reads spool and Parquet as one log, in pages of any size", async () => {
  writeSegment([logged(20), logged(21, {}, 0), logged(21, {}, 1), logged(22, { version: 2 })], {
    closed: false,
  });
  const all = (await list()).items;
  expect(secondsOf(all)).toEqual([22, 21, 21, 20, 11, 10, 5, 3, 2, 1]);
  for (const limit of [1, 2, 3, 7]) {
    const paged: JudgedPrediction[] = [];
    let after: string | null | undefined;
    do {
      const page = await list({ limit, ...(after == null ? {} : { after }) });
      paged.push(...page.items);
      after = page.next;
    } while (after !== null);
    expect(paged).toEqual(all);
  }
});

it("finds the rows of one version wherever they lie", async () => {
  expect(secondsOf((await list({ version: 2, limit: 5 })).items)).toEqual([22, 3]);
});

it("O12/id leads from a prediction id to its rows", async () => {
  const get = (prediction: string, call = dev) => predictions.getPrediction({ prediction }, call);
  expect((await get(idAt(21))).rows.map(({ id }) => id)).toEqual([`${idAt(21)}.0`, `${idAt(21)}.1`]);
  const many = Array.from({ length: 12 }, (_, row) => logged(30, {}, row));
  writeSegment(many.toReversed(), { gateway: "g3" });
  expect((await get(idAt(30))).rows).toEqual(many.map((row) => ({ ...row, truth: null })));
  expect((await get(`${idAt(21)}.1`)).rows).toEqual([judged(21, {}, 1)]);
  expect((await get(idAt(3))).rows).toEqual([judged(3, { gateway: "g2", version: 2 })]);
  await expect(get(idAt(500))).rejects.toMatchObject({ code: "NOT_FOUND" });
  await expect(get("nonsense")).rejects.toMatchObject({ code: "INVALID_FIELD" });
  const prod = systemCall({ project: "default", environment: "prod" }, "tester");
  await expect(get(idAt(3), prod)).rejects.toMatchObject({ code: "NOT_FOUND" });
});

it("refuses a deployment that never was", async () => {
  await expect(list({ deployment: "never" })).rejects.toMatchObject({ code: "NOT_FOUND" });
  expect(existsSync(join(dataDir, "predictions", "default", "dev", "churn"))).toBe(true);
});
