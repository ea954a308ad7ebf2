import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import {
  type DatasetVersion,
  ImportOptions,
  type ModelVersion,
  RunRecord,
  type Signature,
  type VersionEvaluation,
} from "@causeway/contract";
import { pino } from "pino";
import { afterAll, beforeAll, expect, it } from "vitest";
import { testDatabase } from "../testing/database.ts";
import { CLASSIFIER } from "../testing/tiny-models.ts";
import { composeLifecycle, composePlatform } from "./compose.ts";
import { EvaluationDocument } from "./lifecycle/registry/index.ts";
import { SYSTEM_SCOPE, systemCall } from "./platform/access/index.ts";
import { createNewId } from "./platform/database/index.ts";
import { createWorkerRole } from "./worker.ts";

const newId = createNewId();
// A real worker: the scores come from the gateway's program, in a task of its own.
const { database } = await testDatabase();
const dataDir = mkdtempSync(join(tmpdir(), "causeway-evaluation-"));
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
const ROWS = 400;
let rows: DatasetVersion;

beforeAll(async () => {
  await worker.start();
  rows = await importRows("fresh", linesOf(ROWS));
});
afterAll(async () => {
  await worker.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

/** The truth follows u; every hundredth row does not know it. */
function linesOf(count: number): string {
  const lines = Array.from({ length: count }, (_, i) => {
    const u = ((i * 7919) % 401) / 100 - 2;
    const truth = ((i * 104729) % 997) / 997 < 1 / (1 + Math.exp(-3 * u));
    return `${u},${((i * 31) % 101) / 50 - 1},${i % 100 === 99 ? "" : truth ? "Yes" : "No"},word`;
  });
  return `u,noise,Churn,word\n${lines.join("\n")}\n`;
}

async function importRows(dataset: string, text: string): Promise<DatasetVersion> {
  const { digest } = await data.upload({}, call, Readable.from([text]));
  const options = ImportOptions.parse({});
  const { id } = await data.startImport({ dataset, upload: digest, file: "rows.csv", options }, call);
  for await (const one of data.followImport({ import: id }, call)) if (one.endedAt !== null) break;
  return data.getVersion({ dataset, version: "latest" }, call);
}

const double = (name: string): Signature["inputs"][number] => ({
  name,
  type: "double",
  nullable: false,
  categories: null,
  range: null,
});

async function addVersion(
  model: string,
  made: Partial<Parameters<typeof registry.add>[2]> & { inputs?: Signature["inputs"] } = {},
): Promise<ModelVersion> {
  const file = await platform.artifacts.write(Readable.from([CLASSIFIER]));
  const { inputs = ["u", "noise"].map(double), ...more } = made;
  return database.db.transaction().execute((tx) =>
    registry.add(tx, call, {
      model,
      format: "onnx",
      files: [{ path: "model.onnx", ...file }],
      signature: { task: "classification", target: null, classes: ["No", "Yes"], inputs },
      golden: [],
      report: null,
      run: null,
      pipelineRun: null,
      record: RunRecord.parse({}),
      description: "",
      evaluatedOn: null,
      ...more,
    }),
  );
}

const ask = (model: string, more: Partial<Parameters<typeof registry.evaluateVersion>[0]> = {}) =>
  registry.evaluateVersion({ model, version: 1, dataset: "fresh@latest", target: "Churn", ...more }, call);

async function ended({ model, version }: VersionEvaluation): Promise<VersionEvaluation> {
  for (;;) {
    const found = await registry.getEvaluation({ model, version }, call);
    if (found.endedAt !== null) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function ownersOf({ reference }: ModelVersion): Promise<number> {
  const owners = await platform.artifacts.countOwners([reference ?? ""]);
  return owners.get(reference ?? "") ?? 0;
}

const eventsOf = async (model: string) =>
  (
    await platform.events.list({ limit: 20, subject: `/api/registry/models/${model}/versions/1` }, call)
  ).items.filter(({ type }) => type === "registry.version-evaluated");

it("M7/later gives a version that came without one its report, its reference and its lineage, and tells of it once", async () => {
  await addVersion("plain");
  await expect(registry.getEvaluation({ model: "plain", version: 1 }, call)).rejects.toMatchObject({
    code: "NOT_FOUND",
    help: expect.stringContaining("registry evaluate plain 1"),
  });
  expect(await registry.listEvaluations({ model: "plain", version: 1 }, call)).toEqual({
    items: [],
    next: null,
  });
  const asked = await ask("plain");
  expect(await registry.listEvaluations(asked, call)).toMatchObject({ items: [{ id: asked.id }] });
  expect(asked).toMatchObject({ dataset: "fresh", datasetVersion: rows.id, report: null, problem: null });
  const again = await ask("plain");
  expect(again.id).toBe(asked.id);
  const done = await ended(asked);
  expect(done).toMatchObject({ state: "succeeded", problem: null, progress: null });
  const [auc] = done.report?.metrics ?? [];
  expect(auc).toMatchObject({ name: "auc", confidence: 0.95, method: "delong-logit" });
  expect(auc?.value).toBeGreaterThan(0.8);

  const version = await registry.getVersion({ model: "plain", version: 1 }, call);
  expect(version.report).toEqual(done.report);
  expect(version.report).toMatchObject({
    target: "Churn",
    positive: "No",
    rows: ROWS - 4,
    dataset: rows.id,
  });
  const path = platform.artifacts.path(version.reference ?? "");
  const { reference } = EvaluationDocument.parse(JSON.parse(readFileSync(path, "utf8")));
  expect(reference).toMatchObject({ rows: ROWS - 4, prediction: { score: "No" } });
  expect(reference?.columns.map(({ name }) => name)).toEqual(["u", "noise"]);
  expect(await ownersOf(version)).toBe(1);

  expect(await eventsOf("plain")).toMatchObject([
    { data: { state: "succeeded", model: "plain", version: 1 } },
  ]);
  const { edges } = await registry.getVersionLineage({ model: "plain", version: 1 }, call);
  expect(edges).toContainEqual({
    from: "/api/registry/models/plain/versions/1",
    to: `/api/data/datasets/fresh/versions/${rows.id}`,
    relation: "evaluated-on",
  });
  // Asked once more it answers what there is.
  expect((await ask("plain")).id).toBe(asked.id);
});

it("M7/later replaces what an evaluation gave, and only that", async () => {
  await addVersion("judged");
  const first = await ended(await ask("judged"));
  const before = await registry.getVersion({ model: "judged", version: 1 }, call);
  const needed = await ownersOf(before);
  const second = await ended(await ask("judged", { positive: "Yes" }));
  expect(second).toMatchObject({ state: "succeeded", positive: "Yes", report: { positive: "Yes" } });
  expect(second.id).not.toBe(first.id);
  const after = await registry.getVersion({ model: "judged", version: 1 }, call);
  expect(after.reference).not.toBe(before.reference);
  expect(after.digest).toBe(before.digest);
  // The profile of before goes with its last owner; the first test's version has the same one.
  expect(await ownersOf(before)).toBe(needed - 1);
  expect(await ownersOf(after)).toBe(1);

  if (first.report === null) throw new Error("the first evaluation has no report");
  await addVersion("trained", { report: first.report, pipelineRun: { pipeline: "churn", number: 7 } });
  await expect(ask("trained")).rejects.toMatchObject({
    code: "CONFLICT",
    message: expect.stringContaining("from churn run 7, which belong to its digest and stay"),
    help: expect.stringContaining("registry gate trained@1"),
  });
});

it("keeps the report of before where another evaluation fails, and lets the failed one be asked again", async () => {
  await addVersion("holes");
  await ended(await ask("holes"));
  const before = await registry.getVersion({ model: "holes", version: 1 }, call);
  await importRows("broken", "u,noise,Churn\n1,2,Yes\n,3,No\n");
  const failed = await ended(await ask("holes", { dataset: "broken@latest" }));
  expect(failed).toMatchObject({ state: "failed", problem: expect.stringContaining("line 2") });
  expect(failed.failure).toMatchObject({ detail: failed.problem, help: expect.any(String) });
  expect(failed.report).toEqual(before.report);
  expect(await registry.getVersion({ model: "holes", version: 1 }, call)).toEqual(before);
  expect((await eventsOf("holes")).map(({ data }) => data["state"])).toContain("failed");
  const again = await ended(await ask("holes", { dataset: "broken@latest" }));
  expect(again.id).not.toBe(failed.id);
});

it("refuses at once what cannot be judged, and names the field", async () => {
  await addVersion("asked");
  await expect(ask("asked", { target: "gone" })).rejects.toMatchObject({
    code: "INVALID_FIELD",
    field: "target",
    help: "It has u, noise, Churn, word.",
  });
  await expect(ask("asked", { positive: "Perhaps" })).rejects.toMatchObject({ field: "positive" });
  await expect(ask("asked", { dataset: "absent@latest" })).rejects.toMatchObject({ code: "NOT_FOUND" });
  await importRows("narrow", "u,Churn\n1,Yes\n");
  await expect(ask("asked", { dataset: "narrow@latest" })).rejects.toMatchObject({
    code: "BAD_DATA",
    field: "noise",
    message: expect.stringMatching(/^narrow@\w{6} has no column noise, which version 1 of asked reads$/),
  });
  await addVersion("texts", { inputs: ["u", "word"].map(double) });
  await expect(ask("texts")).rejects.toMatchObject({ code: "BAD_DATA", field: "word", value: "string" });
  await addVersion("seen", {
    record: RunRecord.parse({ data: [{ name: "rows", dataset: "fresh", digest: rows.id }] }),
  });
  await expect(ask("seen")).rejects.toMatchObject({ code: "CONFLICT", field: "dataset" });
  const preparing = { format: "mlflow" as const };
  await addVersion("waiting", preparing);
  await expect(ask("waiting")).rejects.toMatchObject({
    code: "CONFLICT",
    message: "Version 1 of waiting cannot be asked: its preparation is under way",
  });
  await importRows("unknown", "u,noise,Churn\n1,2,\n2,3,\n");
  const none = await ended(await ask("asked", { dataset: "unknown@latest" }));
  expect(none).toMatchObject({
    state: "failed",
    problem: expect.stringContaining("None of the 2 rows has a Churn"),
    failure: {
      code: "BAD_DATA",
      detail: none.problem,
      help: "Judge the version on rows whose truth is known.",
    },
  });
});
