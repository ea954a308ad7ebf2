import { appendFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type LoggedPrediction, type ModelVersion, READY, type Signature } from "@causeway/contract";
import { estimateMetric, referenceEdges, summarizeCategories, summarizeNumbers } from "@causeway/statistics";
import { sql } from "kysely";
import type { EvaluationDocument } from "../src/lifecycle/registry/index.ts";
import type { Db } from "../src/platform/database/index.ts";

/** Numbers from a seed (mulberry32), so that a test is the same every time. */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A bell curve around 0 from two uniform numbers (Box and Muller). */
export function bell(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** What the world is like: how far `x` lies from where it was in training, and whether the label still follows it. */
export type World = { readonly shift?: number; readonly missing?: number; readonly flipped?: boolean };

/** A row with the model's answer to it and what turned out to be true. */
export type TestRow = {
  readonly record: { x: number | null; c: string };
  readonly score: number;
  readonly truth: "no" | "yes";
};

/** Makes a row of the world: the chance of "yes" grows with x, and the model knows it. */
export function testRow(
  random: () => number,
  { shift = 0, missing = 0, flipped = false }: World = {},
): TestRow {
  const x = bell(random) + shift;
  const c = random() < 0.5 ? "a" : random() < 0.6 ? "b" : "c";
  const score = 1 / (1 + Math.exp(-2 * x));
  const isYes = random() < score;
  const value = random() < missing ? null : x;
  return { record: { x: value, c }, score, truth: isYes === flipped ? "no" : "yes" };
}

const SIGNATURE: Signature = {
  task: "classification",
  target: "churn",
  classes: ["no", "yes"],
  inputs: [
    { name: "x", type: "double", nullable: true, categories: null, range: { min: -5, max: 5 } },
    { name: "c", type: "string", nullable: false, categories: ["a", "b", "c"], range: null },
  ],
};

/** What evaluating the test model on rows would have written. */
export function evaluationOf(rows: readonly TestRow[]): EvaluationDocument {
  const xs = rows.map(({ record }) => record.x);
  const finite = Float64Array.from(xs.filter((x) => x !== null)).sort();
  const scores = rows.map(({ score }) => score);
  const { values: _xs, ...x } = summarizeNumbers(xs, referenceEdges(finite));
  const { values: _scores, ...score } = summarizeNumbers(
    scores,
    referenceEdges(Float64Array.from(scores).sort()),
  );
  const judged = {
    task: "classification" as const,
    truth: Int32Array.from(rows, ({ truth }) => (truth === "yes" ? 1 : 0)),
    predicted: Int32Array.from(scores, (value) => (value >= 0.5 ? 1 : 0)),
    classes: 2,
    positive: 1,
    probabilities: Float64Array.from(scores.flatMap((value) => [1 - value, value])),
  };
  const metrics = ["auc", "accuracy"].flatMap((name) => {
    const estimate = estimateMetric(name, judged, { confidence: 0.95, seed: 1 });
    return estimate === null ? [] : [estimate];
  });
  return {
    task: "classification",
    target: "churn",
    positive: "yes",
    rows: rows.length,
    dataset: "d".repeat(64),
    model: "e".repeat(64),
    metrics,
    roc: null,
    calibration: null,
    confusion: null,
    signature: SIGNATURE,
    golden: [],
    evaluatedOn: { subject: "/api/data/datasets/churn/versions/1", title: "churn@1" },
    reference: {
      rows: rows.length,
      columns: [
        { name: "x", summary: { ...x, edges: [...x.edges], counts: [...x.counts] } },
        { name: "c", summary: { ...summarizeCategories(rows.map(({ record }) => record.c)) } },
      ],
      prediction: {
        title: "score of yes",
        score: "yes",
        summary: { ...score, edges: [...score.edges], counts: [...score.counts] },
      },
      prevalence: judged.truth.reduce((sum, label) => sum + label, 0) / rows.length,
    },
  };
}

/** A registered version of the test model; `reference` names the artifact of its evaluation. */
export function testVersion(
  version: number,
  document: EvaluationDocument,
  reference: string | null,
): ModelVersion {
  const { signature, golden: _golden, evaluatedOn: _on, reference: _profile, ...report } = document;
  return {
    model: "churn",
    version,
    digest: String(version).padStart(64, "0"),
    format: "onnx",
    files: [],
    bytes: 0,
    signature,
    golden: [],
    preparation: READY,
    report,
    reference,
    refitOf: null,
    run: null,
    pipelineRun: null,
    record: {
      data: [],
      code: null,
      middleware: null,
      infrastructure: null,
    } as unknown as ModelVersion["record"], // nobody reads it here
    description: "",
    tags: {},
    registryStage: "none",
    source: null,
    loggedModel: null,
    runLink: null,
    aliases: [],
    createdAt: "2026-01-01T00:00:00.000Z",
    createdBy: { kind: "system", id: "test", name: "test" },
  };
}

/** UUIDv7 of a moment. */
export function requestId(at: number, n: number): string {
  const ms = at.toString(16).padStart(12, "0");
  return `${ms.slice(0, 8)}-${ms.slice(8)}-7000-8000-${n.toString(16).padStart(12, "0")}`;
}

/** Writes rows to a gateway's spool, one request each, spread over a span of event time; answers their ids. */
export function writeLog(
  dataDir: string,
  rows: readonly TestRow[],
  span: { deployment: string; version?: number; from: number; until: number; gateway?: string },
): string[] {
  const { deployment, version = 1, from, until, gateway = "g1" } = span;
  const folder = join(dataDir, "spool", gateway);
  mkdirSync(folder, { recursive: true });
  const ids = rows.map((_, n) => requestId(from + Math.floor(((until - from) * n) / rows.length), n));
  const lines = rows.map(({ record, score }, n) => {
    const at = new Date(from + Math.floor(((until - from) * n) / rows.length)).toISOString();
    const line: LoggedPrediction = {
      id: `${ids[n]}.0`,
      project: "default",
      environment: "dev",
      deployment,
      revision: version,
      model: "churn",
      version,
      occurredAt: at,
      receivedAt: at,
      latencyMs: 1,
      key: null,
      record,
      prediction: { value: score >= 0.5 ? "yes" : "no", scores: { no: 1 - score, yes: score } },
      gateway,
    };
    return `${JSON.stringify(line)}\n`;
  });
  const file = join(folder, `${requestId(from, 0)}.jsonl`);
  writeFileSync(file, "", { flag: "a" });
  appendFileSync(file, lines.join(""));
  return ids;
}

/** Long after anything in the log happened, so that it is history that is replayed. */
const REPLAYED = new Date("2026-11-21T10:00:00.000Z");

/** Says in the database how far the log has come, as a gateway's report would. */
export async function reachTime(
  db: Db,
  deployment: string,
  at: number,
  receivedAt = REPLAYED,
): Promise<void> {
  await sql`insert into deployments_watermarks (deployment, last_occurred_at, last_received_at)
    select id, ${new Date(at)}, ${receivedAt} from deployments_deployments where name = ${deployment}
    on conflict (deployment) do update set last_occurred_at = excluded.last_occurred_at,
      last_received_at = excluded.last_received_at`.execute(db);
}

/** A deployment with a revision for each version, as the database holds it. */
export async function insertDeployment(db: Db, name: string, versions: readonly number[]): Promise<void> {
  const by = JSON.stringify({ kind: "system", id: "test", name: "test" });
  const last = versions.at(-1) ?? 1;
  await sql`insert into deployments_deployments
    (project, environment, name, serve, state, revision, serving, created_at, created_by)
    values ('default', 'dev', ${name}, 'churn@champion', 'ready', ${last}, ${last}, now(), ${by}::jsonb)`.execute(
    db,
  );
  for (const version of versions) {
    await sql`insert into deployments_revisions
      (project, environment, deployment, number, model, version, digest, created_at, created_by)
      values ('default', 'dev', ${name}, ${version}, 'churn', ${version}, ${"0".repeat(64)}, now(), ${by}::jsonb)`.execute(
      db,
    );
  }
}
