import { Readable } from "node:stream";
import { experimentsImport, type ImportedRun } from "@causeway/contract";
import { expect, it } from "vitest";
import type { z } from "zod";
import { testDatabase } from "../../../../testing/database.ts";
import { createTestTracking } from "../../../../testing/tracking.ts";
import { systemCall } from "../../../platform/access/index.ts";
import { createImports } from "./import-service.ts";

const { database, db } = await testDatabase();
const now = () => new Date();
const { events, tree, experiments: runs } = createTestTracking(database);
const imports = createImports({ database, events, tree, now });
const call = systemCall({ project: "default", environment: "dev" }, "tester");

const SOURCE_ID = "0123456789abcdef0123456789abcdef";

const given = (changes: Partial<z.input<typeof ImportedRun>> = {}): ImportedRun =>
  experimentsImport.importRun.input.parse({
    source: "mlflow",
    sourceId: SOURCE_ID,
    experiment: "churn",
    name: "gifted-zebra-12",
    state: "finished",
    startedAt: "2025-01-02T03:04:05.678Z",
    endedAt: "2025-01-02T03:05:05.678Z",
    params: { depth: "6" },
    tags: { team: "risk" },
    ...changes,
  });

it("E9/mlruns keeps a run's id, times, params and tags, and makes it once", async () => {
  const first = await imports.importRun(given(), call);
  const again = await imports.importRun(given(), call);
  expect(first).toEqual({ sourceId: SOURCE_ID, run: SOURCE_ID, complete: false });
  expect(again).toEqual(first);
  const run = await runs.getRun({ run: SOURCE_ID }, call);
  expect(run).toMatchObject({
    name: "gifted-zebra-12",
    state: "finished",
    params: { depth: "6" },
    startedAt: "2025-01-02T03:04:05.678Z",
    endedAt: "2025-01-02T03:05:05.678Z",
  });
  expect(run.tags).toEqual({ team: "risk" });
});

it("E9/idempotent stores points that come twice once, NaN and infinities among them", async () => {
  const { run } = await imports.importRun(given({ sourceId: "f".repeat(32) }), call);
  const points = [
    { name: "loss", value: 0.5, step: 0, atMs: 1_700_000_000_000 },
    { name: "loss", value: "NaN" as const, step: 1, atMs: 1_700_000_000_001 },
    { name: "loss", value: "Infinity" as const, step: 2, atMs: 1_700_000_000_002 },
  ];
  await imports.importPoints({ run, points }, call);
  await imports.importPoints({ run, points }, call);
  const history = await runs.metricHistory({ run, name: "loss", limit: 10 }, call);
  expect(history.items.map(({ value }) => value)).toEqual([0.5, "NaN", "Infinity"]);
});

it("E9/idempotent tells what has come whole", async () => {
  await imports.completeImport({ run: SOURCE_ID }, call);
  const { runs: found } = await imports.findImported(
    { source: "mlflow", sourceIds: [SOURCE_ID, "f".repeat(32), "unknown"] },
    call,
  );
  expect(found).toContainEqual({ sourceId: SOURCE_ID, run: SOURCE_ID, complete: true });
  expect(found).toContainEqual({ sourceId: "f".repeat(32), run: "f".repeat(32), complete: false });
  expect(found).toHaveLength(2);
});

it("E9/idempotent brings a run up to date that went on meanwhile", async () => {
  const sourceId = "e".repeat(32);
  const { run } = await imports.importRun(given({ sourceId, state: "running", endedAt: null }), call);
  await imports.importRun(given({ sourceId, params: { depth: "6", trees: "9" } }), call);
  expect(await runs.getRun({ run }, call)).toMatchObject({
    state: "finished",
    endedAt: "2025-01-02T03:05:05.678Z",
    params: { depth: "6", trees: "9" },
  });
});

it("gives a run another id where its own is taken, the same each time", async () => {
  const taken = await runs.startRun({ experiment: "churn", tags: {} }, call);
  const first = await imports.importRun(given({ sourceId: taken.id }), call);
  const again = await imports.importRun(given({ sourceId: taken.id }), call);
  expect(first.run).not.toBe(taken.id);
  expect(first.run).toMatch(/^[0-9a-f]{32}$/);
  expect(again.run).toBe(first.run);
});

it("keeps a deleted run deleted, and takes its points all the same", async () => {
  const { run } = await imports.importRun(given({ sourceId: "d".repeat(32), deleted: true }), call);
  await imports.importPoints({ run, points: [{ name: "auc", value: 0.8, step: 0, atMs: 1 }] }, call);
  const { items } = await runs.listRuns({ experiment: "churn", limit: 100 }, call);
  expect(items.map(({ id }) => id)).not.toContain(run);
});

it("E9/models links a logged model with its run, whichever comes first, and keeps its files", async () => {
  const id = `m-${"a".repeat(32)}`;
  const sourceRun = "b".repeat(32);
  const model = experimentsImport.importLoggedModel.input.parse({
    source: "mlflow",
    id,
    experiment: "churn",
    name: "model",
    modelType: null,
    state: "ready",
    sourceRun,
    createdAt: "2025-01-02T03:04:05.678Z",
  });
  expect(await imports.importLoggedModel(model, call)).toEqual({ id, existed: false });
  expect(await imports.importLoggedModel(model, call)).toEqual({ id, existed: true });
  const models = [{ id, direction: "output" as const, step: 3 }];
  const { run } = await imports.importRun(given({ sourceId: sourceRun, models }), call);
  expect(run).toBe(sourceRun);
  const linked = await db.selectFrom("experiments_run_models").select(["model", "step"]).execute();
  expect(linked).toEqual([{ model: id, step: 3 }]);
  await imports.uploadModelFile(
    { model: id, path: "MLmodel" },
    call,
    Readable.from([Buffer.from("flavors: {}")]),
  );
  const { items } = await imports.listModelFiles({ model: id }, call);
  expect(items.map(({ path, bytes }) => [path, bytes])).toEqual([["MLmodel", 11]]);
});

it("takes points of imported runs only", async () => {
  const own = await runs.startRun({ experiment: "churn", tags: {} }, call);
  await expect(imports.importPoints({ run: own.id, points: [] }, call)).rejects.toMatchObject({
    code: "NOT_FOUND",
    field: "run",
  });
});
