import { randomUUIDv7 } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LoggedPrediction, Signature } from "@causeway/contract";
import { pino } from "pino";
import { afterAll, beforeAll, expect, it } from "vitest";
import { testDatabase } from "../testing/database.ts";
import { CLASSIFIER } from "../testing/tiny-models.ts";
import { createControl } from "./control.ts";
import { createNewId } from "./platform/database/index.ts";

const newId = createNewId();
// From a run's file to an answered prediction, over HTTP alone: every answer is compared with what its endpoint promises.
const { database } = await testDatabase();
const dataDir = await mkdtemp(join(tmpdir(), "causeway-serving-"));
const adminToken = `cwa_${"a".repeat(43)}`;
const gatewayToken = `cwg_${"g".repeat(43)}`;
await writeFile(join(dataDir, "admin-token"), adminToken);
const control = await createControl({
  database,
  dataDir,
  log: pino({ enabled: false }),
  now: () => new Date(),
  newId,
  url: "http://127.0.0.1:7420",
  http: { host: "127.0.0.1", port: 7420, allowedHosts: [], noAuth: false },
  version: "9.9.9",
  databaseKind: "embedded",
  adminToken,
  gatewayToken,
  webFolder: dataDir,
  checkAnswers: true,
});
beforeAll(() => control.start());
afterAll(async () => {
  control.endStreams();
  await control.stop();
  await rm(dataDir, { recursive: true, force: true });
});

type Sent = { method?: string; token?: string; body?: unknown };

async function send(url: string, { method = "GET", token = adminToken, body }: Sent = {}) {
  const bytes = Buffer.isBuffer(body);
  const response = await control.app.inject({
    method: method as "GET", // inject's type lists the methods that the tests use
    url,
    headers: {
      host: "127.0.0.1:7420",
      authorization: `Bearer ${token}`,
      ...(body === undefined
        ? {}
        : { "content-type": bytes ? "application/octet-stream" : "application/json" }),
    },
    ...(body === undefined ? {} : { payload: bytes ? body : JSON.stringify(body) }),
  });
  return { status: response.statusCode, raw: response.rawPayload, json: () => response.json() };
}

async function ok(url: string, sent: Sent = {}) {
  const answer = await send(url, sent);
  expect([url, answer.status, answer.status === 200 ? "" : answer.json()]).toEqual([url, 200, ""]);
  return answer;
}

const column = { type: "double" as const, nullable: false, categories: null, range: null };
const signature: Signature = {
  task: "classification",
  target: "Churn",
  classes: ["No", "Yes"],
  inputs: [
    { name: "u", ...column },
    { name: "v", ...column },
  ],
};
const versions = "/api/registry/models/churn/versions";
const champion = "/api/registry/models/churn/aliases/champion";
const deployment = "/api/deployments/deployments/churn";
let run = "";

it("R1/models R2/signature R2/digest registers a run's model with the answers of the real runtime", async () => {
  run = (await ok("/api/experiments/runs", { method: "POST", body: {} })).json().id;
  await ok(`/api/experiments/runs/${run}/artifacts?path=model.onnx`, { method: "POST", body: CLASSIFIER });
  const body = { run, path: "model.onnx", format: "onnx", signature, examples: [{ u: 2, v: 0 }] };
  for (const number of [1, 2]) {
    const version = (await ok(versions, { method: "POST", body })).json();
    expect(version).toMatchObject({ version: number, run, bytes: CLASSIFIER.length, signature });
    expect(version.golden[0].prediction.value).toBe("Yes");
    expect(version.golden[0].prediction.scores.Yes).toBeCloseTo(1 / (1 + Math.exp(-2)), 6);
  }
  expect((await ok(versions)).json().items).toHaveLength(2);
  expect((await ok("/api/registry/models")).json().items[0]).toMatchObject({ name: "churn", versions: 2 });
});

it("refuses a file that is not a model and an example that does not fit, and keeps nothing", async () => {
  await ok(`/api/experiments/runs/${run}/artifacts?path=notes.txt`, {
    method: "POST",
    body: Buffer.from("notes"),
  });
  const register = (more: object) =>
    send("/api/registry/models/bad/versions", {
      method: "POST",
      body: { run, path: "model.onnx", format: "onnx", signature, ...more },
    });
  expect((await register({ path: "notes.txt" })).json()).toMatchObject({ status: 422, code: "BAD_MODEL" });
  const narrow = { ...signature, inputs: signature.inputs.slice(1) };
  expect((await register({ signature: narrow })).json().code).toBe("BAD_MODEL");
  expect((await register({ examples: [{ u: "two" }] })).json()).toMatchObject({
    status: 400,
    code: "INVALID_FIELD",
  });
  expect((await send("/api/registry/models/bad")).status).toBe(404);
});

it("R1/aliases R1/card R3/back R2/size moves an alias, writes the card, tells the lineage, gives the file back", async () => {
  await ok(champion, { method: "PUT", body: { version: 1 } });
  await ok(champion, { method: "PUT", body: { version: 2 } });
  await ok(champion, { method: "PUT", body: { version: 1 } });
  const moves = (await ok(`${champion}/changes`)).json().items;
  expect(moves.map((move: { version: number }) => move.version)).toEqual([1, 2, 1]);
  expect((await ok(`${versions}/1/card`)).json().markdown).toContain("# churn, version 1");
  expect((await ok(`${versions}/1/lineage`)).json().nodes.map((node: { kind: string }) => node.kind)).toEqual(
    ["run", "model-version"],
  );
  expect((await ok(`${versions}/1/files?path=model.onnx`)).raw).toEqual(CLASSIFIER);
});

async function report(gateway: string, revision: number, state: "ready" | "failed") {
  const problem = state === "failed" ? "GOLDEN_MISMATCH: row 0" : null;
  const one = { project: "default", environment: "dev", deployment: "churn", revision, state, problem };
  await ok(`/api/deployments/gateways/${gateway}/reports`, {
    method: "POST",
    token: gatewayToken,
    body: { reports: [{ ...one, golden: { equal: 1, rows: 1 }, loadMs: 1 }] },
  });
}

it("serves an alias once a gateway has it, and follows the alias when it moves", async () => {
  const made = (
    await ok("/api/deployments/deployments", {
      method: "POST",
      body: { name: "churn", serve: "churn@champion" },
    })
  ).json();
  expect(made).toMatchObject({ state: "pending", revision: { version: 1 }, example: { u: 2, v: 0 } });
  await report("g1", 1, "ready");
  expect((await ok(deployment)).json()).toMatchObject({ state: "ready", serving: { number: 1 } });
  await ok(champion, { method: "PUT", body: { version: 2 } });
  await expect.poll(async () => (await ok(deployment)).json().revision.version).toBe(2);
  await report("g1", 2, "failed");
  expect((await ok(deployment)).json()).toMatchObject({ state: "failed", serving: { number: 1 } });
  expect((await ok(`${deployment}/revisions`)).json().items).toHaveLength(2);
});

it("gives the files of served models to gateways alone", async () => {
  const { files } = (await ok(`${versions}/1`)).json();
  const path = `/api/deployments/files/${files[0].digest}`;
  expect((await ok(path, { token: gatewayToken })).raw).toEqual(CLASSIFIER);
  expect((await send("/api/registry/models", { token: gatewayToken })).status).toBe(403);
});

it("O1/keys makes a key whose text is told once, and ends it", async () => {
  const { key, secret } = (await ok(`${deployment}/keys`, { method: "POST", body: { name: "curl" } })).json();
  expect(secret).toMatch(/^cwk_/);
  const listed = await ok(`${deployment}/keys`);
  expect(listed.raw.toString()).not.toContain(secret);
  const ended = (await ok(`${deployment}/keys/${key.id}/revoke`, { method: "POST", body: {} })).json();
  expect(ended.revokedAt).not.toBeNull();
});

it("O12/id leads from a prediction's id to its row, its version and its run", async () => {
  const id = randomUUIDv7();
  const at = new Date().toISOString();
  const row: LoggedPrediction = {
    id: `${id}.0`,
    project: "default",
    environment: "dev",
    deployment: "churn",
    revision: 1,
    model: "churn",
    version: 1,
    occurredAt: at,
    receivedAt: at,
    latencyMs: 0.5,
    key: null,
    record: { u: 2, v: 0 },
    prediction: { value: "Yes", scores: { No: 0.12, Yes: 0.88 } },
    gateway: "g1",
  };
  await mkdir(join(dataDir, "spool", "g1"), { recursive: true });
  await writeFile(join(dataDir, "spool", "g1", `${id}.jsonl`), `${JSON.stringify(row)}\n`);
  expect((await ok(`/api/deployments/predictions/${id}`)).json()).toEqual({
    rows: [{ ...row, truth: null }],
  });
  const truth = { records: [{ predictionId: id, value: "No", occurredAt: at }] };
  const receipt = (await ok(`${deployment}/truth`, { method: "POST", body: truth })).json();
  expect(receipt).toEqual({ accepted: 1, unchanged: 0, corrected: 0, held: 0 });
  const { items, next } = (await ok(`${deployment}/predictions?limit=1&truth=wrong`)).json();
  expect([items[0], next]).toMatchObject([{ ...row, truth: { value: "No", occurredAt: at } }, null]);
  expect((await ok(`/api/deployments/predictions/${id}/truths`)).json().items).toHaveLength(1);
  expect((await ok(`${deployment}/log`)).json()).toMatchObject({ rows: 1, truth: { labelled: 1 } });
  expect((await ok(`${deployment}/traffic?spans=3`)).json().items).toHaveLength(3);
  expect((await ok(`${versions}/${row.version}`)).json().run).toBe(run);
  expect((await send(`/api/deployments/predictions/${randomUUIDv7()}`)).status).toBe(404);
});

it("stops serving, and keeps the log", async () => {
  await ok(deployment, { method: "DELETE" });
  expect((await send(deployment)).json()).toMatchObject({ status: 404, code: "NOT_FOUND" });
  expect((await ok(`${deployment}/predictions`)).json().items).toHaveLength(1);
});
