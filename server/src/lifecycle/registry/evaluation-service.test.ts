import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { type EvaluationReport, RunRecord } from "@causeway/contract";
import { afterAll, expect, it } from "vitest";
import { testDatabase } from "../../../testing/database.ts";
import { systemCall } from "../../platform/access/index.ts";
import { createArtifacts } from "../../platform/artifacts/index.ts";
import { createAudit } from "../../platform/audit/index.ts";
import { createNewId } from "../../platform/database/index.ts";
import { createEvents } from "../../platform/events/index.ts";
import { createLineage } from "../../platform/lineage/index.ts";
import { createEvaluations } from "./evaluation-service.ts";
import { evaluationsStore } from "./evaluations-store.ts";
import { createRegistry } from "./registry-service.ts";

const { database, db } = await testDatabase();
const folder = mkdtempSync("/tmp/causeway-evaluations-");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const newId = createNewId();
const now = () => new Date();
const artifacts = createArtifacts({ root: join(folder, "artifacts"), database });
const call = systemCall({ project: "default", environment: "dev" }, "tester");
const KEY = { project: "default", model: "churn", version: 1 };
const unused = () => {
  throw new Error("not part of these tests");
};
const versions = createRegistry({
  database,
  artifacts,
  events: createEvents({ database, audit: createAudit({ db, newId }), newId, now }),
  lineage: createLineage({ db }),
  models: { score: unused },
  runs: { getRun: unused, findArtifact: unused },
  scratch: folder,
  newId,
  now,
});
const report: EvaluationReport = {
  task: "regression",
  target: "price",
  positive: null,
  rows: 4,
  dataset: "d".repeat(64),
  model: "a".repeat(64),
  metrics: [],
  roc: null,
  calibration: null,
  confusion: null,
};

it("M7/later never tells of an evaluation that has succeeded without its report", async () => {
  const file = await artifacts.write(Readable.from(["a model"]));
  await db.transaction().execute((tx) =>
    versions.add(tx, call, {
      model: KEY.model,
      format: "onnx",
      files: [{ path: "model.onnx", ...file }],
      signature: { task: "regression", target: null, classes: [], inputs: [] },
      golden: [],
      report: null,
      run: null,
      pipelineRun: null,
      record: RunRecord.parse({}),
      description: "",
      evaluatedOn: null,
    }),
  );
  const id = newId();
  await evaluationsStore(db).put({
    ...call.scope,
    ...KEY,
    id,
    work: newId(),
    dataset: "houses",
    datasetVersion: report.dataset,
    target: "price",
    positive: null,
    createdAt: now(),
    createdBy: call.actor,
  });
  const { getEvaluation } = createEvaluations({
    database,
    registry: {
      // The worker's transaction ends right after the version was read.
      getVersion: async (input, by) => {
        const read = await versions.getVersion(input, by);
        const reference = "b".repeat(64);
        await db.transaction().execute(async (tx) => {
          await evaluationsStore(tx).giveReport(KEY, { report, reference });
          await evaluationsStore(tx).succeed(id, { reference, endedAt: now() });
        });
        return read;
      },
    },
    work: { enqueue: unused, get: unused },
    data: { getVersion: unused },
    now,
    newId,
  });
  expect(await getEvaluation(KEY, call)).toMatchObject({ id, state: "succeeded", report });
});
