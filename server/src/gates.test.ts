import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import {
  type DatasetVersion,
  type Gate,
  type GateRule,
  ImportOptions,
  RunRecord,
  type Signature,
} from "@causeway/contract";
import { pino } from "pino";
import { afterAll, beforeAll, expect, it } from "vitest";
import { testDatabase } from "../testing/database.ts";
import { CLASSIFIER } from "../testing/tiny-models.ts";
import { composeLifecycle, composePlatform } from "./compose.ts";
import { SYSTEM_SCOPE, systemCall } from "./platform/access/index.ts";
import { createNewId } from "./platform/database/index.ts";
import { createWorkerRole } from "./worker.ts";

const newId = createNewId();
// A real worker: the scores come from the gateway's program, in a task of its own.
const { database } = await testDatabase();
const dataDir = mkdtempSync(join(tmpdir(), "causeway-gates-"));
const log = pino({ level: process.env["CAUSEWAY_TEST_LOG"] ?? "silent" });
const foundation = { database, dataDir, log, now: () => new Date(), newId };
const platform = composePlatform(foundation);
const { data, registry } = composeLifecycle(platform);
const call = systemCall(SYSTEM_SCOPE, "test");
const worker = await createWorkerRole({
  ...foundation,
  concurrency: 2,
  controlUrl: null,
  variables: { PATH: process.env["PATH"] ?? "", HOME: process.env["HOME"] ?? "" },
});
let rows: DatasetVersion;

beforeAll(async () => {
  await worker.start();
  const lines = Array.from({ length: 600 }, (_, i) => {
    const u = ((i * 7919) % 401) / 100 - 2;
    const truth = ((i * 104729) % 997) / 997 < 1 / (1 + Math.exp(-3 * u));
    return `${u},${((i * 31) % 101) / 50 - 1},${truth ? "Yes" : "No"}`;
  });
  rows = await importRows("newest", `u,noise,Churn\n${lines.join("\n")}\n`);
  await addVersion(["noise", "u"]);
  await addVersion(["u", "noise"]);
});
afterAll(async () => {
  await worker.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

async function importRows(dataset: string, text: string): Promise<DatasetVersion> {
  const { digest } = await data.upload({}, call, Readable.from([text]));
  const options = ImportOptions.parse({});
  const { id } = await data.startImport({ dataset, upload: digest, file: "rows.csv", options }, call);
  for await (const one of data.followImport({ import: id }, call)) if (one.endedAt !== null) break;
  return data.getVersion({ dataset, version: "latest" }, call);
}

/** A version that scores by its first column; `trainedOn` is what its record says. */
async function addVersion(columns: string[], trainedOn?: string): Promise<number> {
  const file = await platform.artifacts.write(Readable.from([CLASSIFIER]));
  const inputs = columns.map((name) => ({
    name,
    type: "double" as const,
    nullable: false,
    categories: null,
    range: null,
  }));
  const signature: Signature = { task: "classification", target: "Churn", classes: ["No", "Yes"], inputs };
  const seen = trainedOn === undefined ? [] : [{ name: "rows", dataset: "newest", digest: trainedOn }];
  const version = await database.db.transaction().execute((tx) =>
    registry.add(tx, call, {
      model: "churn",
      format: "onnx",
      files: [{ path: "model.onnx", ...file }],
      signature,
      golden: [],
      report: null,
      run: null,
      pipelineRun: null,
      record: RunRecord.parse({ data: seen }),
      description: "",
      evaluatedOn: null,
    }),
  );
  return version.version;
}

const better: GateRule[] = [{ rule: "better", metric: "auc", by: 0, confidence: 0.95 }];

const start = (version: number, more: Partial<Parameters<typeof registry.startGate>[0]> = {}) =>
  registry.startGate(
    { model: "churn", version, against: "champion", rows: "newest@latest", rules: better, ...more },
    call,
  );

async function judged(gate: Gate): Promise<Gate> {
  for (;;) {
    const found = await registry.getGate({ gate: gate.id }, call);
    if (found.endedAt !== null) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const eventsOf = async ({ id }: Gate) =>
  (await platform.events.list({ limit: 10, subject: `/api/registry/gates/${id}` }, call)).items;

it("R4/champion judges the champion's challenger in a worker, keeps what it found and tells of it once", async () => {
  const first = await judged(await start(1));
  expect(first).toMatchObject({ champion: null, passed: true, state: "succeeded", rows: 600 });
  await registry.assignAlias({ model: "churn", alias: "champion", version: 1 }, call);
  const started = await start(2);
  expect(started).toMatchObject({
    state: "queued",
    passed: null,
    champion: 1,
    target: "Churn",
    verdicts: [],
  });
  const done = await judged(started);
  expect(done).toMatchObject({ state: "succeeded", passed: true, datasetVersion: rows.id, problem: null });
  expect(done.summary).toMatch(/^auc 0\.\d+ .* against 0\.\d+, difference .*: better by more than 0$/);
  expect(await eventsOf(done)).toMatchObject([
    {
      type: "registry.gate-judged",
      data: { gate: done.id, model: "churn", version: 2, champion: 1, passed: true },
    },
  ]);
  const { edges } = await registry.getVersionLineage({ model: "churn", version: 2 }, call);
  expect(edges).toContainEqual({
    from: "/api/registry/models/churn/versions/2",
    to: `/api/data/datasets/newest/versions/${rows.id}`,
    relation: "judged-on",
  });
  const again = await judged(await start(2));
  expect(again.verdicts).toEqual(done.verdicts);
  const { items } = await registry.listGates({ model: "churn", version: 2, limit: 10 }, call);
  expect(items.map(({ id }) => id)).toEqual([again.id, done.id]);
});

it("R4/champion refuses a version that is not better, with the reason", async () => {
  const refused = await judged(await start(1, { against: 2 }));
  expect(refused).toMatchObject({ state: "succeeded", passed: false, champion: 2 });
  expect(refused.summary).toContain("not shown to be better by more than 0");
});

it("fails with what was wrong where the rows cannot be scored, and nothing passes it", async () => {
  const broken = await importRows("holes", "u,noise,Churn\n1,2,Yes\n,3,No\n");
  const failed = await judged(await start(2, { rows: `holes@${broken.id}` }));
  expect(failed).toMatchObject({
    state: "failed",
    passed: null,
    problem: expect.stringContaining("line 2"),
    failure: { detail: expect.stringContaining("line 2"), help: expect.any(String) },
  });
  expect(await eventsOf(failed)).toMatchObject([{ data: { passed: false, state: "failed" } }]);
});

it("refuses at once what cannot be judged", async () => {
  await importRows("narrow", "u,Churn\n1,Yes\n");
  await expect(start(2, { rows: "narrow@latest" })).rejects.toMatchObject({
    code: "BAD_DATA",
    message: expect.stringMatching(/^narrow@\w{6} has no column noise, which version 2 of churn reads$/),
  });
  await expect(start(2, { target: "gone" })).rejects.toMatchObject({ code: "BAD_DATA", field: "gone" });
  await expect(start(2, { against: "gone" })).rejects.toMatchObject({ code: "NOT_FOUND", field: "against" });
  await expect(start(2, { against: 2 })).rejects.toMatchObject({ code: "CONFLICT", field: "against" });
  await expect(start(2, { rows: "absent@latest" })).rejects.toMatchObject({ code: "NOT_FOUND" });
  const rules: GateRule[] = [{ rule: "at-least", metric: "rmse", value: 1 }];
  await expect(start(2, { rules })).rejects.toMatchObject({ code: "INVALID_FIELD", value: "rmse" });
  const alone: GateRule[] = [{ rule: "agrees", mean: 0.1, golden: 0.8 }];
  await expect(start(2, { rules: alone, against: null })).rejects.toMatchObject({ field: "against" });
});

it("R4/champion refuses rows that one of the versions was trained on", async () => {
  const version = await addVersion(["u", "noise"], rows.id);
  await expect(start(version)).rejects.toMatchObject({
    code: "CONFLICT",
    message: `Version ${version} of churn was trained on newest@${rows.id.slice(0, 6)}`,
  });
  const alike: GateRule[] = [{ rule: "agrees", mean: 0.1, golden: 0 }];
  expect(await judged(await start(version, { against: 2, rules: alike }))).toMatchObject({ passed: true });
});
