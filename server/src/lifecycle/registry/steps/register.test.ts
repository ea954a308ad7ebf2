import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { type Json, RunRecord } from "@causeway/contract";
import { afterAll, expect, it } from "vitest";
import { testDatabase } from "../../../../testing/database.ts";
import { systemCall } from "../../../platform/access/index.ts";
import { createArtifacts } from "../../../platform/artifacts/index.ts";
import { createAudit } from "../../../platform/audit/index.ts";
import { createEvents } from "../../../platform/events/index.ts";
import { createLineage } from "../../../platform/lineage/index.ts";
import type { LibraryCommitContext } from "../../pipelines/index.ts";
import type { EvaluationDocument } from "../evaluation-document.ts";
import { createRegistry } from "../registry-service.ts";
import { createRegisterCommit } from "./register.ts";

const { database, db } = await testDatabase();
const folder = mkdtempSync("/tmp/causeway-register-");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let made = 0;
const newId = (): string => `00000000-0000-7000-8000-${String(++made).padStart(12, "0")}`;
const now = () => new Date("2026-11-21T10:00:00.000Z");
const call = systemCall({ project: "default", environment: "dev" }, "tester");
const artifacts = createArtifacts({ root: join(folder, "artifacts"), database });
const lineage = createLineage({ db });
const events = createEvents({ database, audit: createAudit({ db, newId }), newId, now });
const unused = () => {
  throw new Error("not part of these tests");
};
const registry = createRegistry({
  database,
  artifacts,
  events,
  lineage,
  models: { score: unused },
  runs: { getRun: unused, findArtifact: unused },
  scratch: folder,
  newId,
  now,
});

const training = {
  id: "a".repeat(32),
  name: "churn 5 train",
  record: RunRecord.parse({ config: { trees: 300 } }),
  profiles: [],
};
const prepared: { model: string; version: number }[] = [];
const { commit } = createRegisterCommit({
  registry,
  preparation: { ask: async (_tx, _call, { model, version }) => void prepared.push({ model, version }) },
  findTrainingRun: async (subject) => (subject.endsWith("/train/outputs/model") ? training : undefined),
});
const file = await artifacts.write(Readable.from(["a model"]));
const rowsPath = `/api/data/datasets/customers/versions/${"b".repeat(64)}`;
const document: EvaluationDocument = {
  task: "regression",
  target: "y",
  positive: null,
  rows: 3,
  dataset: "b".repeat(64),
  model: file.digest,
  metrics: [{ name: "rmse", value: 1, low: null, high: null, confidence: null, method: null }],
  roc: null,
  calibration: null,
  confusion: null,
  signature: { task: "regression", target: "y", classes: [], inputs: [] },
  golden: [{ record: {}, prediction: { value: 1 } }],
  evaluatedOn: { subject: rowsPath, title: "customers version bbbbbb" },
};
const payload = { name: "sum", description: "adds", format: "onnx", ...file, document } as Json;

function contextOf(step: string): LibraryCommitContext {
  return {
    call,
    pipeline: "churn",
    run: 7,
    step: "register",
    runSubject: "/api/pipelines/pipelines/churn/runs/7",
    experimentRun: "f".repeat(32),
    record: RunRecord.parse({}),
    inputs: {
      model: {
        kind: "model",
        format: "onnx",
        digest: file.digest,
        paths: [],
        subject: `/api/pipelines/pipelines/churn/runs/5/steps/${step}/outputs/model`,
      },
    },
    outputs: { version: { kind: "model", digest: file.digest, bytes: file.bytes, subject: null } },
  };
}

it("makes the version in the step's own commit, with the run that trained it, its report and its lineage", async () => {
  const done = await db.transaction().execute((tx) => commit(tx, payload, contextOf("train")));
  expect(done).toEqual({
    subjects: { version: "/api/registry/models/sum/versions/1" },
    summary: "sum version 1",
  });
  const version = await registry.getVersion({ model: "sum", version: 1 }, call);
  expect(version).toMatchObject({
    files: [{ path: "model.onnx", ...file }],
    run: training.id,
    record: training.record,
    pipelineRun: { pipeline: "churn", number: 7 },
    description: "adds",
    report: { rows: 3, target: "y" },
    golden: document.golden,
  });
  expect(version.report).not.toHaveProperty("signature");
  const { edges } = await registry.getVersionLineage({ model: "sum", version: 1 }, call);
  expect(edges.map(({ relation, to }) => [relation, to]).toSorted()).toEqual([
    ["evaluated-on", rowsPath],
    ["registered-by", "/api/pipelines/pipelines/churn/runs/7"],
    ["trained-in", `/api/experiments/runs/${training.id}`],
  ]);
});

it("leaves no version where the commit of the step does not go through", async () => {
  const refused = db.transaction().execute(async (tx) => {
    await commit(tx, payload, contextOf("train"));
    throw new Error("the lease was lost");
  });
  await expect(refused).rejects.toThrow("the lease was lost");
  expect((await registry.getModel({ model: "sum" }, call)).versions).toBe(1);
});

it("M7/bound keeps the report that holds the profile of the judged rows with the version", async () => {
  const report = await artifacts.write(Readable.from(["a report with a profile"]));
  const reference = { rows: 3, columns: [], prediction: null, prevalence: null };
  const profiled = { ...(payload as object), document: { ...document, reference } } as unknown as Json;
  const context = contextOf("train");
  const inputs = {
    ...context.inputs,
    report: { kind: "report" as const, digest: report.digest, paths: [], subject: "/report" },
  };
  await db.transaction().execute((tx) => commit(tx, profiled, { ...context, inputs }));
  const { items } = await registry.listVersions({ model: "sum", limit: 1 }, call);
  expect(items[0]).toMatchObject({ reference: report.digest, refitOf: null });
  expect(items[0]?.report).not.toHaveProperty("reference");
  expect(await artifacts.sweep(new Date(Date.now() + 1_000))).toEqual({ removed: 0 });
});

it("keeps the step's own record where the model came from elsewhere", async () => {
  await db.transaction().execute((tx) => commit(tx, payload, contextOf("fetch")));
  const version = await registry.getVersion({ model: "sum", version: 3 }, call);
  expect(version).toMatchObject({ reference: null, run: null, record: RunRecord.parse({}) });
});

const ML_MODEL = `flavors:
  python_function: {loader_module: mlflow.sklearn, python_version: 3.11.7}
mlflow_version: 3.17.2
signature:
  inputs: '[{"type": "double", "name": "u", "required": true}]'
`;

it("P1/python makes a folder of MLflow a version with its signature, and asks for its preparation", async () => {
  const mlModel = await artifacts.write(Readable.from([ML_MODEL]));
  const weights = await artifacts.write(Readable.from(["weights"]));
  const files = [
    { path: "MLmodel", ...mlModel },
    { path: "data/model.pkl", ...weights },
  ];
  const folderPayload = { name: "saved", description: "", format: "mlflow", files, mlModel: ML_MODEL };
  const unjudged = { ...folderPayload, document: null } as Json;
  const done = await db.transaction().execute((tx) => commit(tx, unjudged, contextOf("train")));
  expect(done.summary).toBe("saved version 1");
  expect(prepared).toEqual([{ model: "saved", version: 1 }]);
  expect(await registry.getVersion({ model: "saved", version: 1 }, call)).toMatchObject({
    format: "mlflow",
    files,
    signature: { inputs: [{ name: "u", type: "double" }] },
    preparation: { state: "preparing" },
    report: null,
    run: training.id,
    pipelineRun: { pipeline: "churn", number: 7 },
  });
  const judged = { ...folderPayload, document } as unknown as Json;
  await db.transaction().execute((tx) => commit(tx, judged, contextOf("train")));
  const version = await registry.getVersion({ model: "saved", version: 2 }, call);
  expect(version).toMatchObject({ report: { rows: 3, target: "y" }, golden: [] });
});
