import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import type { LoggedPrediction, ModelVersion, Signature, TruthRecord } from "@causeway/contract";
import { pino } from "pino";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { testDatabase } from "../../../testing/database.ts";
import { systemCall } from "../../platform/access/index.ts";
import { createArtifacts } from "../../platform/artifacts/index.ts";
import { createAudit } from "../../platform/audit/index.ts";
import { createEvents } from "../../platform/events/index.ts";
import { createLineage } from "../../platform/lineage/index.ts";
import type { RunTask } from "../../platform/processes/index.ts";
import { createWork, createWorker } from "../../platform/work/index.ts";
import { createData, openDuck } from "../data/index.ts";
import { createCompactionStarter, defineCompaction } from "./compaction-work.ts";
import { createDeployments } from "./deployments-service.ts";
import { compactTask } from "./log/compact-task.ts";
import { labelledTable, truthTable } from "./log/labelled-table.ts";
import { inputColumn, logColumns, logTable } from "./log/log-tables.ts";
import { truthImportTask } from "./log/truth-import-task.ts";
import { defineTruthImport } from "./truth-import-work.ts";

const { database, db } = await testDatabase();
const dataDir = mkdtempSync("/tmp/causeway-truth-");
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

let made = 0;
const newId = (): string => `00000000-0000-7000-8000-${String(++made).padStart(12, "0")}`;
const log = pino({ level: "silent" });
const dev = systemCall({ project: "default", environment: "dev" }, "tester");
const start = Date.UTC(2026, 10, 21, 10);
let clock = start + 3_600_000;
const now = () => new Date(clock);
const artifacts = createArtifacts({ root: join(dataDir, "artifacts"), database });
const events = createEvents({ database, audit: createAudit({ db, newId }), newId, now });
afterAll(() => events.close());
const lineage = createLineage({ db });
const work = createWork({ database, newId });
const data = createData({ database, artifacts, events, lineage, work, now, newId });

const signature: Signature = {
  task: "classification",
  target: "Churn",
  classes: ["No", "Yes"],
  inputs: [
    { name: "tenure", type: "integer", nullable: false, categories: null, range: null },
    { name: "charge", type: "double", nullable: true, categories: null, range: null },
    { name: "Contract", type: "string", nullable: true, categories: null, range: null },
  ],
};
const amounts: Signature = { ...signature, task: "regression", target: "spend", classes: [] };
const registry = {
  resolve: () => Promise.reject(new Error("not part of these tests")),
  getVersion: async ({ model }: { model: string }) =>
    ({ signature: model === "spend" ? amounts : signature }) as ModelVersion, // what is asked of it here
};
const deployments = createDeployments({
  database,
  dataDir,
  events,
  artifacts,
  lineage,
  registry,
  data,
  work,
  gatewayUrl: async () => null,
  readers: async () => [],
  newId,
  now,
});

/** Runs the tasks here: what matters is what they read and write. */
const tasks = [compactTask, truthImportTask];
const runTask: RunTask = async ({ task, input }) => {
  const scratch = mkdtempSync(join(dataDir, "scratch-"));
  const definition = tasks.find(({ name }) => name === task);
  const result = await definition?.run(input as never, { scratch, dataDir, progress: () => {} });
  rmSync(scratch, { recursive: true });
  // As it travels between processes.
  return {
    result: JSON.parse(JSON.stringify(result)),
    usage: { cpuSeconds: 0, peakMemoryBytes: 0, readBytes: 0, writtenBytes: 0 },
  };
};

async function runWork(): Promise<void> {
  const worker = createWorker({
    database,
    definitions: [
      defineCompaction({ database, registry, runTask, dataDir, now }),
      defineTruthImport({ database, artifacts, events, data, registry, deployments, runTask, dataDir, now }),
    ],
    name: newId(),
    concurrency: 1,
    log,
  });
  await worker.start();
  await expect.poll(async () => work.counts()).toEqual([]);
  await worker.drain();
}

/** UUIDv7 of a second after ten o'clock. */
function idAt(second: number): string {
  const ms = (start + second * 1000).toString(16).padStart(12, "0");
  return `${ms.slice(0, 8)}-${ms.slice(8)}-7000-8000-${String(second).padStart(12, "0")}`;
}

const isoAt = (second: number): string => new Date(start + second * 1000).toISOString();

function logged(second: number, more: Partial<LoggedPrediction> = {}, row = 0): LoggedPrediction {
  return {
    id: `${idAt(second)}.${row}`,
    project: "default",
    environment: "dev",
    deployment: "churn",
    revision: 1,
    model: "churn",
    version: 1,
    occurredAt: isoAt(second),
    receivedAt: isoAt(second),
    latencyMs: 0.25,
    key: `c${second % 10}`,
    record: { tenure: second, charge: second === 3 ? "NaN" : 0.5, Contract: null },
    prediction: { value: "Yes", scores: { No: 0.25, Yes: 0.75 } },
    gateway: "g1",
    ...more,
  };
}

function spool(rows: LoggedPrediction[], { closed = false } = {}): void {
  const folder = join(dataDir, "spool", "g1");
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${rows[0]!.id.split(".")[0]}${closed ? ".closed" : ""}.jsonl`);
  writeFileSync(path, rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
}

async function compact(): Promise<void> {
  const later = () => new Date(Date.now() + 6 * 60_000);
  await createCompactionStarter({ database, work, dataDir, now: later }).startIfDue();
  await runWork();
}

const record = (records: TruthRecord[], deployment = "churn") =>
  deployments.recordTruth({ deployment, records }, dev);
const key = { project: "default", environment: "dev" as const, name: "churn" };

/** What the log says of rows, by their second. */
async function known(): Promise<Record<string, unknown>> {
  const { items } = await deployments.listPredictions({ deployment: "churn", limit: 100 }, dev);
  return Object.fromEntries(
    items.flatMap(({ id, truth }) => (truth === null ? [] : [[id.slice(34), truth.value]])),
  );
}

async function exported(times = {}): Promise<unknown[][]> {
  const path = join(dataDir, "truth.csv");
  await deployments.log.exportTruth(key, times, path);
  const duck = await openDuck({ threads: 1, memoryBytes: 2 ** 28 });
  const rows = await duck.rows(`select id, value, "occurredAt" from ${truthTable(path)} order by id`);
  duck.close();
  return rows.map(([id, ...rest]) => [String(id).slice(34), ...rest]);
}

beforeAll(async () => {
  for (const [name, model] of [
    ["churn", "churn"],
    ["spend", "spend"],
    ["keyless", "churn"],
  ] as const) {
    const own = { project: "default", environment: "dev" as const };
    const by = JSON.stringify(dev.actor);
    await db
      .insertInto("deployments_deployments")
      .values({
        ...own,
        name,
        serve: `${model}@1`,
        state: "ready",
        revision: 1,
        serving: 1,
        key: name === "keyless" ? null : "customer",
        created_at: now(),
        created_by: by,
      })
      .execute();
    await db
      .insertInto("deployments_revisions")
      .values({
        ...own,
        deployment: name,
        number: 1,
        model,
        version: 1,
        digest: "d",
        created_at: now(),
        created_by: by,
      })
      .execute();
  }
});

beforeEach(async () => {
  clock = start + 3_600_000;
  rmSync(join(dataDir, "spool"), { recursive: true, force: true });
  for (const table of [
    "deployments_truths",
    "deployments_truth_history",
    "deployments_held_truths",
    "deployments_changes",
    "deployments_watermarks",
    "deployments_prediction_files",
    "deployments_segments",
    "deployments_traffic",
    "deployments_traffic_reports",
  ] as const)
    await db.deleteFrom(table).execute();
});

describe("by id", () => {
  it("O4/truth takes truth by the id of a row, and of a request of one row", async () => {
    spool([logged(1), logged(2, {}, 0), logged(2, {}, 1)]);
    const receipt = await record([
      { predictionId: idAt(1), value: "No", occurredAt: isoAt(100) },
      { predictionId: `${idAt(2)}.1`, value: "Yes", occurredAt: isoAt(100) },
    ]);
    expect(receipt).toEqual({ accepted: 2, unchanged: 0, corrected: 0, held: 0 });
    expect(await known()).toEqual({ "01.0": "No", "02.1": "Yes" });
    expect(await exported()).toEqual([
      ["01.0", "No", "2026-11-21 10:01:40"],
      ["02.1", "Yes", "2026-11-21 10:01:40"],
    ]);
  });

  it("refuses all of a call whose records are wrong, and names each", async () => {
    spool([logged(1), logged(2, {}, 0), logged(2, {}, 1)]);
    const refused = record([
      { predictionId: idAt(1), value: "Yes" },
      { predictionId: idAt(1), value: "Maybe" },
      { predictionId: "nonsense", value: "Yes" },
      { predictionId: idAt(2), value: "Yes" },
    ]);
    await expect(refused).rejects.toMatchObject({
      code: "INVALID_FIELD",
      issues: [
        { row: 1, field: "records[1].value", expected: "one of the classes No, Yes", got: '"Maybe"' },
        { row: 2, field: "records[2].predictionId" },
        { row: 3, field: "records[3].predictionId", expected: "the id of one row, <id>.<row>" },
      ],
    });
    expect(await known()).toEqual({});
  });

  it("O4/unknown refuses truth of a prediction that the log does not have, and names it", async () => {
    spool([logged(1)]);
    await expect(
      record([
        { predictionId: idAt(1), value: "Yes" },
        { predictionId: idAt(9), value: "Yes" },
      ]),
    ).rejects.toMatchObject({
      code: "UNKNOWN_PREDICTION",
      field: "records[1].predictionId",
      issues: [{ row: 1, got: `"${idAt(9)}"` }],
    });
    expect(await known()).toEqual({});
  });

  it("O4/held keeps truth that came before its prediction, and refuses it after ten minutes", async () => {
    clock = start + 60_000;
    spool([logged(1)]);
    const receipt = await record([
      { predictionId: `${idAt(50)}.0`, value: "Yes", occurredAt: isoAt(55) },
      { predictionId: idAt(51), value: "No" },
    ]);
    expect(receipt).toEqual({ accepted: 2, unchanged: 0, corrected: 0, held: 2 });
    await deployments.matchHeld();
    expect((await deployments.getLog({ deployment: "churn" }, dev)).truth).toMatchObject({
      held: 2,
      labelled: 0,
    });
    spool([logged(50)]);
    await deployments.matchHeld();
    expect(await known()).toEqual({ "50.0": "Yes" });
    clock = start + 12 * 60_000;
    await deployments.matchHeld();
    expect((await deployments.getLog({ deployment: "churn" }, dev)).truth).toMatchObject({
      held: 0,
      labelled: 1,
    });
    const { items } = await events.list({ limit: 10, stage: "deployments" }, dev);
    expect(items.at(0)?.type ?? items.at(-1)?.type).toMatch(/truth/);
    expect(items.find(({ type }) => type === "deployments.truth-refused")?.data).toEqual({
      deployment: "churn",
      records: 1,
      first: [idAt(51)],
    });
  });

  it("takes amounts for a regression, and refuses what is none", async () => {
    spool([logged(1, { deployment: "spend", model: "spend", prediction: { value: 12.5 } })]);
    await expect(record([{ predictionId: idAt(1), value: "much" }], "spend")).rejects.toMatchObject({
      issues: [{ expected: "a number" }],
    });
    await record([{ predictionId: idAt(1), value: "13.25" }], "spend");
    const { rows } = await deployments.getPrediction({ prediction: idAt(1) }, dev);
    expect(rows[0]?.truth?.value).toBe(13.25);
  });
});

describe("corrections", () => {
  it("M2/corrected lets the newest truth count and keeps what it replaced", async () => {
    spool([logged(1), logged(2)]);
    await record([
      { predictionId: idAt(1), value: "No" },
      { predictionId: idAt(2), value: "No" },
    ]);
    const again = await record([
      { predictionId: idAt(1), value: "Yes" },
      { predictionId: idAt(2), value: "No" },
    ]);
    expect(again).toEqual({ accepted: 2, unchanged: 1, corrected: 1, held: 0 });
    expect(await known()).toEqual({ "01.0": "Yes", "02.0": "No" });
    const { items } = await deployments.listTruths({ prediction: `${idAt(1)}.0` }, dev);
    expect(items.map(({ value }) => value)).toEqual(["Yes", "No"]);
  });

  it("takes a truth back by null", async () => {
    spool([logged(1)]);
    await record([{ predictionId: idAt(1), value: "No" }]);
    await record([{ predictionId: idAt(1), value: null }]);
    expect(await known()).toEqual({});
    expect(await exported()).toEqual([]);
    const { items } = await deployments.listTruths({ prediction: idAt(1) }, dev);
    expect(items.map(({ value }) => value)).toEqual([null, "No"]);
  });

  it("counts the last of several truths of one row in one call", async () => {
    spool([logged(1)]);
    const receipt = await record([
      { predictionId: idAt(1), value: "No", occurredAt: isoAt(20) },
      { predictionId: idAt(1), value: "Yes", occurredAt: isoAt(10) },
    ]);
    expect(receipt).toEqual({ accepted: 2, unchanged: 0, corrected: 1, held: 0 });
    expect(await known()).toEqual({ "01.0": "No" });
  });
});

describe("by key", () => {
  it("O4/truth gives truth to the newest prediction with the key that is not after it", async () => {
    spool([logged(1), logged(11), logged(21)]);
    await compact();
    spool([logged(31), logged(12)]);
    const receipt = await record([
      { key: "c1", value: "No", occurredAt: isoAt(15) },
      { key: "c1", value: "Yes", occurredAt: isoAt(300) },
      { key: "c2", value: "No", occurredAt: isoAt(12) },
    ]);
    expect(receipt.accepted).toBe(3);
    expect(await known()).toEqual({ "11.0": "No", "31.0": "Yes", "12.0": "No" });
  });

  it("refuses an unknown key, a key before its first prediction, and keys where none is logged", async () => {
    spool([logged(5)]);
    await expect(record([{ key: "c6", value: "No" }])).rejects.toMatchObject({
      code: "UNKNOWN_PREDICTION",
      field: "records[0].key",
    });
    await expect(record([{ key: "c5", value: "No", occurredAt: isoAt(4) }])).rejects.toMatchObject({
      code: "UNKNOWN_PREDICTION",
    });
    await expect(record([{ key: "c5", value: "No" }], "keyless")).rejects.toMatchObject({
      code: "INVALID_FIELD",
    });
  });
});

describe("what changed", () => {
  it("M2/late tells which event times new truth and late predictions touched", async () => {
    const { position } = await deployments.log.changedSince(key, null);
    const traffic = (from: number, first: number, last: number, name = "g1") =>
      deployments.reportGateway(
        {
          gateway: name,
          reports: [],
          traffic: [
            {
              project: "default",
              environment: "dev",
              deployment: "churn",
              revision: 1,
              from: isoAt(from),
              until: isoAt(from + 1),
              requests: 2,
              rows: 2,
              errors: 1,
              refused: 0,
              latency: [0, 0, 0, 2, ...new Array<number>(20).fill(0)],
              firstOccurredAt: isoAt(first),
              lastOccurredAt: isoAt(last),
            },
          ],
        },
        dev,
      );
    await traffic(10, 1, 10);
    await traffic(10, 1, 10);
    await traffic(20, 10, 20);
    expect(await deployments.log.watermark(key)).toEqual({
      lastOccurredAt: new Date(isoAt(20)),
      lastReceivedAt: new Date(isoAt(21)),
    });
    expect((await deployments.log.changedSince(key, position)).ranges).toEqual([]);
    await traffic(30, 4, 15, "g2");
    spool([logged(1), logged(2), logged(20)]);
    await record([
      { predictionId: idAt(1), value: "No" },
      { predictionId: idAt(20), value: "No" },
    ]);
    const changed = await deployments.log.changedSince(key, position);
    expect(changed.ranges).toEqual([
      { from: new Date(isoAt(4)), until: new Date(isoAt(15)), what: "predictions" },
      { from: new Date(isoAt(1)), until: new Date(isoAt(20)), what: "truth" },
    ]);
    await record([{ predictionId: idAt(1), value: "No" }]);
    expect((await deployments.log.changedSince(key, changed.position)).ranges).toEqual([]);
    expect((await deployments.log.watermark(key)).lastOccurredAt).toEqual(new Date(isoAt(20)));

    const { items } = await deployments.getTraffic(
      { deployment: "churn", from: isoAt(0), until: isoAt(120), spans: 60 },
      dev,
    );
    expect(items).toHaveLength(2);
    expect(items[0]).toMatchObject({ requests: 6, rows: 6, errors: 3, refused: 0, p50Ms: 0.875 });
    expect(items[1]).toMatchObject({ requests: 0, p99Ms: null });
  });
});

describe("the log", () => {
  it("M2/coverage knows how many rows are labelled and how late", async () => {
    spool([logged(1), logged(2), logged(3), logged(4)]);
    await record([
      { predictionId: idAt(1), value: "No", occurredAt: isoAt(61) },
      { predictionId: idAt(2), value: "Yes", occurredAt: isoAt(122) },
    ]);
    expect(await deployments.getLog({ deployment: "churn" }, dev)).toMatchObject({
      rows: 4,
      firstOccurredAt: isoAt(1),
      lastOccurredAt: isoAt(4),
      truth: { labelled: 2, coverage: 0.5, lagSeconds: { p50: 60, p95: 120 }, held: 0 },
    });
  });

  it("O4/query finds rows by time, version, key and truth, in pages", async () => {
    spool([1, 2, 3, 11, 12].map((second) => logged(second)));
    await compact();
    spool([logged(13, { version: 2 }), logged(21)]);
    await record([
      { predictionId: idAt(1), value: "No" },
      { predictionId: idAt(12), value: "Yes" },
      { predictionId: idAt(21), value: "No" },
    ]);
    const find = async (asked: Partial<Parameters<typeof deployments.listPredictions>[0]>) => {
      const { items } = await deployments.listPredictions({ deployment: "churn", limit: 100, ...asked }, dev);
      return items.map(({ record }) => record["tenure"]);
    };
    expect(await find({ from: isoAt(3), until: isoAt(13) })).toEqual([12, 11, 3]);
    expect(await find({ version: 2 })).toEqual([13]);
    expect(await find({ key: "c1" })).toEqual([21, 11, 1]);
    expect(await find({ truth: "known" })).toEqual([21, 12, 1]);
    expect(await find({ truth: "wrong" })).toEqual([21, 1]);
    expect(await find({ truth: "unknown" })).toEqual([13, 11, 3, 2]);
    const first = await deployments.listPredictions({ deployment: "churn", limit: 2, truth: "unknown" }, dev);
    expect(await find({ truth: "unknown", after: first.next ?? "" })).toEqual([3, 2]);
  });

  it("O4/columns gives one typed column per model input, alike from spool and from compacted files", async () => {
    const rows = [
      logged(1),
      logged(2, { record: { tenure: "9007199254740993", charge: "Infinity", Contract: "x" } }),
      logged(3),
    ];
    spool(rows, { closed: true });
    const read = async () => {
      const duck = await openDuck({ threads: 1, memoryBytes: 2 ** 28 });
      const sources = await deployments.log.sources(key, {
        from: new Date(isoAt(1)),
        until: new Date(isoAt(4)),
      });
      const columns = signature.inputs.map(({ name }) => `"${inputColumn(name)}"`).join(", ");
      const typed = await duck.rows(
        `select id, key, predicted, scores['Yes'], ${columns} from ${logColumns(sources, signature.inputs)} order by id`,
      );
      const whole = await duck.rows(
        `select id, record, prediction, key from ${logTable(sources)} order by id`,
      );
      duck.close();
      return { typed, whole, files: sources.files };
    };
    const before = await read();
    expect(before.typed.map(([, ...values]) => values)).toEqual([
      ["c1", "Yes", 0.75, "1", 0.5, null],
      ["c2", "Yes", 0.75, "9007199254740993", "Infinity", "x"],
      ["c3", "Yes", 0.75, "3", "NaN", null],
    ]);
    await compact();
    const after = await read();
    expect(after.files.map(({ columns }) => columns)).toEqual([["tenure", "charge", "Contract"]]);
    expect(after.typed).toEqual(before.typed);
    expect(after.whole).toEqual(before.whole);
    expect((await deployments.log.watermark(key)).lastOccurredAt).toEqual(new Date(isoAt(3)));
  });

  it("gives labelled rows in a dataset's columns and types", async () => {
    spool([logged(1), logged(2)]);
    await record([{ predictionId: idAt(2), value: "Yes" }]);
    const path = join(dataDir, "truth.csv");
    await deployments.log.exportTruth(key, {}, path);
    const duck = await openDuck({ threads: 1, memoryBytes: 2 ** 28 });
    const shape = {
      columns: [
        { name: "customer", type: "string" as const },
        { name: "at", type: "timestamp" as const },
        { name: "tenure", type: "integer" as const },
        { name: "Churn", type: "string" as const },
      ],
      target: "Churn",
      key: "customer",
      occurredAt: "at",
    };
    const table = labelledTable(await deployments.log.sources(key), path, shape);
    expect(await duck.rows(`select * exclude ("causeway.recordedAt") from ${table}`)).toEqual([
      ["c2", "2026-11-21 10:00:02", "2", "Yes", `${idAt(2)}.0`, "2026-11-21 10:00:02"],
    ]);
    // A tensor's numbers have places for names in the log.
    const named = {
      ...shape,
      columns: [
        { name: "months", type: "integer" as const },
        { name: "Churn", type: "string" as const },
      ],
      inputs: { months: "tenure" },
    };
    const other = labelledTable(await deployments.log.sources(key), path, named);
    expect(await duck.rows(`select months, "Churn" from ${other}`)).toEqual([["2", "Yes"]]);
    duck.close();
  });
});

it("O4/retention forgets files and truth whose event time is too old, and tells of it", async () => {
  spool([logged(1)], { closed: true });
  await compact();
  spool([logged(200_000)], { closed: true });
  await compact();
  await record([
    { predictionId: idAt(1), value: "No" },
    { predictionId: idAt(200_000), value: "Yes" },
  ]);
  await db
    .updateTable("deployments_deployments")
    .set({ retention_days: 1 })
    .where("name", "=", "churn")
    .execute();
  await deployments.pruneLogs();
  const { items } = await deployments.listPredictions({ deployment: "churn", limit: 10 }, dev);
  expect(items.map(({ record }) => record["tenure"])).toEqual([200_000]);
  expect((await exported()).map(([, value]) => value)).toEqual(["Yes"]);
  const [told] = (await events.list({ limit: 1, stage: "deployments" }, dev)).items;
  expect(told).toMatchObject({ type: "deployments.log-pruned", data: { rows: 1, truths: 1 } });
  await db.updateTable("deployments_deployments").set({ retention_days: null }).execute();
});

describe("in bulk", () => {
  async function importFile(
    text: string | Buffer,
    file: string,
    columns: Parameters<typeof deployments.importTruth>[0]["columns"],
  ) {
    const { digest } = await data.upload({}, dev, Readable.from([text]));
    const { id } = await deployments.importTruth(
      { deployment: "churn", source: { upload: digest, file }, columns },
      dev,
    );
    await runWork();
    return deployments.getTruthImport({ import: id }, dev);
  }

  it("O4/bulk takes CSV, JSON lines and Parquet, by id and by key", async () => {
    spool([logged(1), logged(2)]);
    await compact();
    spool([logged(3), logged(14)]);
    const csv = `id,truth,at\n${idAt(1)}.0,No,${isoAt(100)}\n${idAt(2)},Yes,${isoAt(100)}\n`;
    const first = await importFile(csv, "truth.csv", {
      predictionId: "id",
      value: "truth",
      occurredAt: "at",
    });
    expect(first).toMatchObject({
      state: "succeeded",
      source: "truth.csv",
      receipt: { accepted: 2, unchanged: 0, corrected: 0, held: 0 },
    });
    const lines = `{"who": "c3", "left": "No", "t": "${isoAt(50)}"}\n{"who": "c4", "left": "Yes", "t": "${isoAt(50)}"}\n`;
    const second = await importFile(lines, "truth.jsonl", { key: "who", value: "left", occurredAt: "t" });
    expect(second.receipt).toEqual({ accepted: 2, unchanged: 0, corrected: 0, held: 0 });
    expect(await known()).toEqual({ "01.0": "No", "02.0": "Yes", "03.0": "No", "14.0": "Yes" });
    const again = await importFile(csv.replace("No", "Yes"), "again.csv", {
      predictionId: "id",
      value: "truth",
      occurredAt: "at",
    });
    expect(again.receipt).toEqual({ accepted: 2, unchanged: 1, corrected: 1, held: 0 });
    expect((await known())["01.0"]).toBe("Yes");
    const duck = await openDuck({ threads: 1, memoryBytes: 2 ** 28 });
    const parquet = join(dataDir, "truth.parquet");
    await duck.run(
      `copy (select '${idAt(3)}.0' as id, 'Yes' as truth, timestamp '2026-11-21 10:30:00' as at) to '${parquet}' (format parquet)`,
    );
    duck.close();
    const { readFileSync } = await import("node:fs");
    const third = await importFile(readFileSync(parquet), "truth.parquet", {
      predictionId: "id",
      value: "truth",
      occurredAt: "at",
    });
    expect(third.receipt).toEqual({ accepted: 1, unchanged: 0, corrected: 1, held: 0 });
  });

  it("O4/bulk takes nothing of a file with wrong lines, and names the first of them", async () => {
    spool([logged(1), logged(2)]);
    const csv = [
      "id,truth",
      `${idAt(1)},No`,
      `${idAt(2)},Perhaps`,
      `${idAt(7)}.0,Yes`,
      "nonsense,Yes",
      `${idAt(1)},`,
    ].join("\n");
    const done = await importFile(csv, "bad.csv", { predictionId: "id", value: "truth" });
    expect(done).toMatchObject({ state: "failed", receipt: null, problem: { code: "UNKNOWN_PREDICTION" } });
    expect(done.badLines).toEqual({
      total: 4,
      first: [
        { line: 3, field: "truth", value: "Perhaps", reason: "not one of the classes No, Yes" },
        { line: 4, field: "id", value: `${idAt(7)}.0`, reason: "the log has no such prediction" },
        { line: 5, field: "id", value: "nonsense", reason: "not the id of a prediction" },
        { line: 6, field: "truth", value: null, reason: "empty" },
      ],
    });
    expect(await known()).toEqual({});
  });

  it("holds young unknown ids of a file, and says why a file cannot be read", async () => {
    clock = start + 60_000;
    const held = await importFile(`id,truth\n${idAt(50)}.0,Yes\n`, "young.csv", {
      predictionId: "id",
      value: "truth",
    });
    expect(held.receipt).toEqual({ accepted: 1, unchanged: 0, corrected: 0, held: 1 });
    spool([logged(50)]);
    await deployments.matchHeld();
    expect(await known()).toEqual({ "50.0": "Yes" });
    const unread = await importFile("a,b\n1,2\n", "other.csv", { predictionId: "id", value: "truth" });
    expect(unread).toMatchObject({ state: "failed", problem: { code: "BAD_DATA" } });
    expect(unread.problem?.message).toMatch(/other\.csv cannot be read: .*id/);
  });
});
