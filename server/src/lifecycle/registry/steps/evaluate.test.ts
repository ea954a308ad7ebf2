import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Column, Json } from "@causeway/contract";
import { afterAll, beforeAll, expect, it } from "vitest";
import { CLASSIFIER, SUM } from "../../../../testing/tiny-models.ts";
import { literal, openDuck } from "../../data/index.ts";
import type { LibraryStepContext, StepInput } from "../../pipelines/index.ts";
import { EvaluationDocument } from "../evaluation-document.ts";
import { evaluate } from "./evaluate.ts";
import { register } from "./register.ts";

// Every test asks the gateway's real program, in processes of its own.
const ROOT = resolve(import.meta.dirname, "../../../../..");
const folder = mkdtempSync("/tmp/causeway-evaluate-");
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const ROWS = 1200;
const VERSION = "9f31c2".padEnd(64, "0");

const schema: Column[] = [
  { name: "id", type: "string", nullable: false },
  { name: "u", type: "double", nullable: true },
  { name: "a", type: "integer", nullable: false },
  { name: "b", type: "double", nullable: false },
  { name: "Churn", type: "string", nullable: true },
  { name: "total", type: "double", nullable: false },
];

/** The score grows with u; whether it was right follows a fixed pattern, so that ties and errors occur. */
beforeAll(async () => {
  const duck = await openDuck({ threads: 1, memoryBytes: 128 * 2 ** 20 });
  await duck.run(`copy (
    select 'c' || i as id, ((i * 7919) % 401 - 200) / 100.0::double as u, (i % 10)::bigint as a, (i % 7)::double as b,
      case when i % 300 = 299 then null when (i * 104729) % 997 / 997.0 < 0.8 / (1 + exp(-u)) then 'Yes' else 'No' end as Churn,
      a + b + (i % 3 - 1)::double as total
    from range(${ROWS}) r(i)) to ${literal(join(folder, "rows.parquet"))} (format parquet)`);
  duck.close();
  writeFileSync(join(folder, "classifier.onnx"), CLASSIFIER);
  writeFileSync(join(folder, "sum.onnx"), SUM);
  writeFileSync(join(folder, "text.onnx"), "this is not a model");
});

const digestOf = (name: string) =>
  createHash("sha256")
    .update(readFileSync(join(folder, name)))
    .digest("hex");

const model = (name: string): StepInput => ({
  kind: "model",
  format: "onnx",
  digest: digestOf(name),
  paths: [join(folder, name)],
  subject: "/api/pipelines/pipelines/churn/runs/1/steps/train/outputs/model",
});

function rows(): StepInput {
  return {
    kind: "dataset",
    digest: VERSION,
    paths: [join(folder, "rows.parquet")],
    subject: `/api/data/datasets/customers/versions/${VERSION}`,
    dataset: { name: "customers", version: VERSION, rows: ROWS, key: "id", schema },
  };
}

let steps = 0;
function contextOf(params: Record<string, Json>, inputs: Record<string, StepInput>) {
  const scratch = join(folder, `step-${++steps}`);
  mkdirSync(scratch);
  const logged: Record<string, number> = {};
  const printed: string[] = [];
  const context: LibraryStepContext = {
    params,
    inputs,
    outputs: { report: join(scratch, "report.json"), version: join(scratch, "version") },
    folder: scratch,
    dataDir: folder,
    modelProgram: { command: process.execPath, args: [join(ROOT, "gateway", "src", "main.ts")] },
    log: (metrics) => Object.assign(logged, metrics),
    logParams: () => {},
    print: (text) => printed.push(text),
    signal: new AbortController().signal,
  };
  const report = () => EvaluationDocument.parse(JSON.parse(readFileSync(context.outputs["report"]!, "utf8")));
  return { context, logged, printed, report };
}

const features = ["u", "a"];

it("judges a classifier by AUC with its interval, and keeps what registering needs", async () => {
  const { context, logged, printed, report } = contextOf(
    { target: "Churn", features },
    { model: model("classifier.onnx"), rows: rows() },
  );
  const { summary } = await evaluate.run(context);
  const found = report();
  const judged = ROWS - 4;
  expect(summary).toMatch(/^auc 0\.\d{3} \(0\.\d{3} to 0\.\d{3}\), n 1,196$/);
  expect(found).toMatchObject({
    task: "classification",
    target: "Churn",
    positive: "Yes",
    rows: judged,
    dataset: VERSION,
    model: digestOf("classifier.onnx"),
    evaluatedOn: { title: "customers@9f31c2" },
  });
  const { reference } = found;
  expect(reference).toMatchObject({ rows: judged, prediction: { title: "score of Yes", score: "Yes" } });
  expect(reference?.columns.map(({ name }) => name)).toEqual(found.signature.inputs.map(({ name }) => name));
  for (const { summary: column } of [...(reference?.columns ?? []), reference!.prediction!])
    expect(column.rows + column.missing).toBe(judged);
  expect(reference?.prevalence).toBeCloseTo(
    found.confusion!.counts[1]!.reduce((sum, rows) => sum + rows) / judged,
    12,
  );
  const auc = found.metrics[0]!;
  expect(auc).toMatchObject({ name: "auc", confidence: 0.95, method: "delong-logit" });
  expect(auc.low!).toBeLessThan(auc.value);
  expect(auc.high!).toBeGreaterThan(auc.value);
  expect(logged["auc"]).toBe(auc.value);
  expect(printed).toEqual(["4 of 1200 rows have no Churn and are not judged"]);
  expect(found.signature).toEqual({
    task: "classification",
    target: "Churn",
    classes: ["No", "Yes"],
    inputs: [
      { name: "u", type: "double", nullable: true, categories: null, range: { min: -2, max: 2 } },
      { name: "a", type: "integer", nullable: false, categories: null, range: { min: 0, max: 9 } },
    ],
  });
});

it("R4/golden keeps twenty rows with the model's own answers, the same every time", async () => {
  const first = contextOf({ target: "Churn", features }, { model: model("classifier.onnx"), rows: rows() });
  const second = contextOf({ target: "Churn", features }, { model: model("classifier.onnx"), rows: rows() });
  await evaluate.run(first.context);
  await evaluate.run(second.context);
  const { golden } = first.report();
  expect(golden).toHaveLength(20);
  expect(second.report().golden).toEqual(golden);
  for (const { record, prediction } of golden) {
    const score = 1 / (1 + Math.exp(-Number(record["u"])));
    expect(Object.keys(record)).toEqual(["u", "a"]);
    expect(prediction.scores?.["Yes"]).toBeCloseTo(score, 6);
    expect(prediction.value).toBe(score > 0.5 ? "Yes" : prediction.value);
  }
});

it("judges a regression by the columns that the model names", async () => {
  const { context, report } = contextOf({ target: "total" }, { model: model("sum.onnx"), rows: rows() });
  const { summary } = await evaluate.run(context);
  expect(report().task).toBe("regression");
  expect(report().signature.inputs.map(({ name, type }) => [name, type])).toEqual([
    ["a", "integer"],
    ["b", "double"],
  ]);
  // The error is -1, 0 or 1 in turn: its root mean square is the root of 2/3.
  expect(report().metrics.find(({ name }) => name === "rmse")?.value).toBeCloseTo(Math.sqrt(2 / 3), 10);
  expect(summary).toBe("rmse 0.816 (0.799 to 0.833), n 1,200");
});

it("refuses a file that is not a model, a target that is not there, and a model that reads other columns", async () => {
  const run = (name: string, params: Record<string, Json>) =>
    evaluate.run(contextOf(params, { model: model(name), rows: rows() }).context);
  await expect(run("text.onnx", { target: "Churn" })).rejects.toMatchObject({ code: "BAD_MODEL" });
  await expect(run("sum.onnx", { target: "Gone" })).rejects.toThrow(
    "The rows have no column Gone to judge by",
  );
  await expect(run("classifier.onnx", { target: "Churn" })).rejects.toThrow(
    "takes 2 columns, and the data has 4 beside target and key: u, a, b, total",
  );
});

it("stops asking when it is told to", async () => {
  const { context } = contextOf(
    { target: "Churn", features },
    { model: model("classifier.onnx"), rows: rows() },
  );
  await expect(evaluate.run({ ...context, signal: AbortSignal.abort() })).rejects.toThrow("abort");
});

it("hands the judged model to the registry, and refuses a report of another one", async () => {
  const judged = contextOf({ target: "total" }, { model: model("sum.onnx"), rows: rows() });
  await evaluate.run(judged.context);
  const path = judged.context.outputs["report"]!;
  const report: StepInput = { kind: "report", digest: "e".repeat(64), paths: [path], subject: "report" };
  const own = contextOf({ name: "sum" }, { model: model("sum.onnx"), report });
  const { commit } = await register.run(own.context);
  expect(commit).toMatchObject({
    name: "sum",
    format: "onnx",
    digest: digestOf("sum.onnx"),
    bytes: SUM.length,
  });
  expect(readFileSync(own.context.outputs["version"]!)).toEqual(SUM);
  const other = contextOf({ name: "sum" }, { model: model("classifier.onnx"), report });
  await expect(register.run(other.context)).rejects.toMatchObject({ code: "CONFLICT" });
});
