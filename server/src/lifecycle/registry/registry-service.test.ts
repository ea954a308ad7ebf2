import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { fail, type GoldenRow, type Run, RunRecord, type Signature } from "@causeway/contract";
import { afterAll, expect, it } from "vitest";
import { testDatabase } from "../../../testing/database.ts";
import { systemCall } from "../../platform/access/index.ts";
import { createArtifacts } from "../../platform/artifacts/index.ts";
import { createAudit } from "../../platform/audit/index.ts";
import { createEvents } from "../../platform/events/index.ts";
import { createLineage } from "../../platform/lineage/index.ts";
import type { ModelProgram } from "./model-program.ts";
import { createRegistry } from "./registry-service.ts";
import type { NewVersion } from "./version-service.ts";

const { database, db } = await testDatabase();
const folder = mkdtempSync("/tmp/causeway-registry-");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Ids in the order in which they are made, as UUIDv7 are. */
let made = 0;
const newId = (): string => `00000000-0000-7000-8000-${String(++made).padStart(12, "0")}`;
const clock = { now: new Date("2026-11-21T10:00:00.000Z") };
const now = () => clock.now;
const artifacts = createArtifacts({ root: join(folder, "artifacts"), database });
const events = createEvents({ database, audit: createAudit({ db, newId }), newId, now });
const lineage = createLineage({ db });
const dev = systemCall({ project: "default", environment: "dev" }, "tester");
const prod = systemCall({ project: "default", environment: "prod" }, "tester");

const signature: Signature = {
  task: "classification",
  target: "Churn",
  classes: ["No", "Yes"],
  inputs: [
    { name: "tenure", type: "integer", nullable: false, categories: null, range: { min: 0, max: 72 } },
  ],
};
const golden: GoldenRow[] = [
  { record: { tenure: 3 }, prediction: { value: "Yes", scores: { No: 0.2, Yes: 0.8 } } },
];
const model = await artifacts.write(Readable.from([randomBytes(64)]));
const run: Run = {
  id: "a".repeat(32),
  experiment: { id: "0", name: "Default" },
  name: "first",
  user: "",
  note: "",
  datasets: [],
  models: [],
  deletedAt: null,
  state: "finished",
  params: {},
  metrics: [],
  tags: {},
  record: RunRecord.parse({ data: [{ name: "rows", dataset: "customers", digest: "b".repeat(64) }] }),
  usage: [],
  step: null,
  startedAt: "2026-11-21T09:00:00.000Z",
  endedAt: null,
  createdBy: dev.actor,
};

/** The model program is another process; here it knows one good file. */
const models: Pick<ModelProgram, "score"> = {
  async *score({ path }, records) {
    if (path !== artifacts.path(model.digest)) throw fail("BAD_MODEL", { message: "not a model" });
    for await (const _record of records) yield golden[0]!.prediction;
  },
};

const registry = createRegistry({
  database,
  artifacts,
  events,
  lineage,
  models,
  runs: {
    getRun: async () => run,
    findArtifact: async ({ path }) => ({
      path,
      digest: path === "bad" ? bad.digest : model.digest,
      bytes: 64,
    }),
  },
  scratch: join(folder, "scratch"),
  newId,
  now,
});
const bad = await artifacts.write(Readable.from(["not a model"]));

const draft = (name: string): NewVersion => ({
  model: name,
  format: "onnx",
  files: [{ path: "model.onnx", digest: model.digest, bytes: model.bytes }],
  signature,
  golden,
  report: null,
  run: null,
  pipelineRun: { pipeline: "churn", number: 1 },
  record: run.record,
  description: "",
  evaluatedOn: null,
});
const add = (name: string, call = dev) =>
  db.transaction().execute((tx) => registry.add(tx, call, draft(name)));

const resolve = (reference: string, { scope }: typeof dev) =>
  db.transaction().execute((tx) => registry.resolve(tx, reference, scope));

it("R1/models R2/signature R2/digest registers a file of a run with signature, digest, golden rows and the run's record", async () => {
  const version = await registry.register(
    {
      model: "from run",
      run: run.id,
      path: "out/model.onnx",
      format: "onnx",
      signature,
      examples: [{ tenure: 3 }],
      description: "a first try",
    },
    dev,
  );
  expect(version).toMatchObject({ version: 1, run: run.id, golden, description: "a first try", bytes: 64 });
  expect(version.files).toEqual([{ path: "model.onnx", digest: model.digest, bytes: 64 }]);
  expect(version.digest).toMatch(/^[0-9a-f]{64}$/);
  expect(await registry.getVersion({ model: "from run", version: 1 }, dev)).toEqual(version);
});

it("leaves nothing behind of a file that is not a model", async () => {
  const input = {
    model: "never",
    run: run.id,
    path: "bad",
    format: "onnx" as const,
    signature,
    examples: [],
    description: "",
  };
  await expect(registry.register(input, dev)).rejects.toMatchObject({ code: "BAD_MODEL" });
  await expect(registry.getModel({ model: "never" }, dev)).rejects.toMatchObject({ code: "NOT_FOUND" });
});

it("R1/models numbers versions without gaps, also when many register at once and some fail", async () => {
  const attempts = Array.from({ length: 20 }, (_, i) =>
    db.transaction().execute(async (tx) => {
      const version = await registry.add(tx, dev, draft("crowd"));
      if (i % 4 === 0) throw new Error("changed my mind");
      return version.version;
    }),
  );
  const settled = await Promise.allSettled(attempts);
  const numbers = settled.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  expect(numbers.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 15 }, (_, i) => i + 1));
  expect((await registry.getModel({ model: "crowd" }, dev)).versions).toBe(15);
});

it("pages versions newest first and models by name", async () => {
  const first = await registry.listVersions({ model: "crowd", limit: 10 }, dev);
  expect(first.items.map(({ version }) => version)).toEqual([15, 14, 13, 12, 11, 10, 9, 8, 7, 6]);
  const second = await registry.listVersions({ model: "crowd", limit: 10, after: first.next! }, dev);
  expect(second.items.map(({ version }) => version)).toEqual([5, 4, 3, 2, 1]);
  expect(second.next).toBeNull();
  const models_ = await registry.listModels({ limit: 1 }, dev);
  expect(models_.items.map(({ name }) => name)).toEqual(["crowd"]);
  expect(models_.items[0]?.latest?.version).toBe(15);
  const next = await registry.listModels({ limit: 5, after: models_.next! }, dev);
  expect(next.items.map(({ name }) => name)).toEqual(["from run"]);
});

it("R1/aliases moves an alias per environment and keeps its history", async () => {
  await add("moved");
  await add("moved");
  clock.now = new Date("2026-11-21T11:00:00.000Z");
  await registry.assignAlias({ model: "moved", alias: "champion", version: 1 }, dev);
  await registry.assignAlias({ model: "moved", alias: "champion", version: 2 }, dev);
  await registry.assignAlias({ model: "moved", alias: "champion", version: 2 }, dev);
  await registry.assignAlias({ model: "moved", alias: "champion", version: 1 }, prod);

  expect((await registry.getVersion({ model: "moved", version: 2 }, dev)).aliases).toEqual([
    { alias: "champion", environment: "dev" },
  ]);
  expect((await resolve("moved@champion", prod)).version).toBe(1);
  expect((await resolve("moved@champion", dev)).version).toBe(2);
  expect((await resolve("moved@latest", dev)).version).toBe(2);
  expect((await resolve("moved@1", dev)).version).toBe(1);

  await registry.removeAlias({ model: "moved", alias: "champion" }, dev);
  const { items } = await registry.listAliasChanges({ model: "moved", alias: "champion", limit: 10 }, dev);
  expect(items.map(({ version, previous }) => [version, previous])).toEqual([
    [null, 2],
    [2, 1],
    [1, null],
  ]);
  expect(items[0]).toMatchObject({ changedAt: "2026-11-21T11:00:00.000Z", changedBy: dev.actor });
  await expect(resolve("moved@champion", dev)).rejects.toMatchObject({
    code: "NOT_FOUND",
  });
});

it("tells of every move once, in the environment where it happened", async () => {
  const { items } = await events.list(
    { limit: 100, subject: "/api/registry/models/moved/aliases/champion" },
    dev,
  );
  expect(items.map(({ type, data }) => [type, data["version"]])).toEqual([
    ["registry.alias-removed", null],
    ["registry.version-assigned", 2],
    ["registry.version-assigned", 1],
  ]);
});

it("refuses aliases of versions and models that do not exist", async () => {
  const assign = (input: { model: string; alias: string; version: number }) =>
    registry.assignAlias(input, dev);
  expect(() => assign({ model: "moved", alias: "latest", version: 1 })).toThrow("always means the newest");
  await expect(assign({ model: "moved", alias: "champion", version: 9 })).rejects.toThrow("has no version 9");
  await expect(registry.removeAlias({ model: "moved", alias: "gone" }, dev)).rejects.toThrow(
    "no alias gone in dev",
  );
});

it("keeps projects apart", async () => {
  const elsewhere = systemCall({ project: "other", environment: "dev" }, "tester");
  await expect(registry.getModel({ model: "crowd" }, elsewhere)).rejects.toMatchObject({ code: "NOT_FOUND" });
  expect((await add("crowd", elsewhere)).version).toBe(1);
  expect((await registry.listModels({ limit: 10 }, elsewhere)).items).toHaveLength(1);
});

it("R3/back links a version to its run, its pipeline run and its data", async () => {
  const around = await registry.getVersionLineage({ model: "from run", version: 1 }, dev);
  const edges = around.edges.map(({ relation, to }) => [relation, to]);
  expect(edges).toContainEqual(["trained-in", `/api/experiments/runs/${run.id}`]);
  expect(edges).toContainEqual(["trained-on", `/api/data/datasets/customers/versions/${"b".repeat(64)}`]);
});

it("T3/mlflow finds the newest version that a run of a pipeline registered, without those that were deleted", async () => {
  const of = (number: number, changes: { model?: string; pipeline?: string } = {}, call = dev) =>
    registry.findVersionOfRun({ model: "made", pipeline: "churn", number, ...changes }, call);
  const made = [1, 2, 2].map((number) => ({ ...draft("made"), pipelineRun: { pipeline: "churn", number } }));
  for (const one of made) await db.transaction().execute((tx) => registry.add(tx, dev, one));
  expect((await of(2))?.version).toBe(3);
  expect((await of(1))?.version).toBe(1);
  expect(await of(3)).toBeUndefined();
  expect(await of(2, { pipeline: "other" })).toBeUndefined();
  expect(await of(2, { model: "from run" })).toBeUndefined();
  expect(await of(2, {}, systemCall({ project: "other", environment: "dev" }, "tester"))).toBeUndefined();
  await db
    .updateTable("registry_versions")
    .set({ deleted_at: now() })
    .where("model", "=", "made")
    .where("version", "=", 3)
    .execute();
  expect((await of(2))?.version).toBe(2);
});

it("R2/size gives back the file byte for byte, and names those it has", async () => {
  const { stream, bytes } = await registry.downloadFile(
    { model: "from run", version: 1, path: "model.onnx" },
    dev,
  );
  expect(Buffer.concat(await stream.toArray())).toHaveLength(bytes);
  await expect(
    registry.downloadFile({ model: "from run", version: 1, path: "x" }, dev),
  ).rejects.toMatchObject({ code: "NOT_FOUND", help: "It has model.onnx." });
});
