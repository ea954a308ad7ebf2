import { createHmac, randomUUIDv7 } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { Permission } from "@causeway/contract";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ADMIN_TOKEN, TEST_HOST, testControl } from "../testing/control.ts";
import { createStepTokens } from "./platform/access/index.ts";

const { control, database } = await testControl({ allowPrivateChannels: true });
beforeAll(() => control.start());

type Method = "GET" | "POST" | "PATCH" | "DELETE" | "PUT";
/** Whatever JSON came back. */
type Answer = ReturnType<typeof JSON.parse>;
type Sent = { token?: string; type?: string };

async function ask(method: Method, url: string, body?: unknown, { token = ADMIN_TOKEN, type }: Sent = {}) {
  const isText = typeof body === "string";
  const response = await control.app.inject({
    method,
    url,
    headers: {
      host: TEST_HOST,
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { "content-type": type ?? "application/json" }),
    },
    ...(body === undefined ? {} : { payload: isText ? body : JSON.stringify(body) }),
  });
  const text = response.body;
  return { status: response.statusCode, text, json: text.startsWith("{") ? JSON.parse(text) : undefined };
}

const BASE = "/api/2.0/mlflow";
const call = async (method: Method, path: string, fields: Record<string, unknown> = {}) => {
  if (method !== "GET") return ask(method, `${BASE}/${path}`, fields);
  const query = new URLSearchParams(
    Object.entries(fields).flatMap(([name, value]) =>
      [value].flat().map((one) => [name, String(one)] as [string, string]),
    ),
  );
  return ask("GET", `${BASE}/${path}?${query}`);
};
const post = (path: string, fields: Record<string, unknown>) => call("POST", path, fields);
const get = (path: string, fields: Record<string, unknown> = {}) => call("GET", path, fields);

/** An answer that must be a 200. */
async function ok(answer: Promise<{ status: number; text: string; json: Answer }>): Promise<Answer> {
  const { status, text, json } = await answer;
  expect(status, text).toBe(200);
  return json;
}

const MLMODEL = `artifact_path: model
flavors:
  python_function:
    loader_module: mlflow.sklearn
    python_version: 3.11.2
mlflow_version: 3.17.2
`;

async function logFile(path: string, content: string) {
  const url = `/api/2.0/mlflow-artifacts/artifacts/${path}`;
  expect((await ask("PUT", url, content, { type: "application/octet-stream" })).status).toBe(200);
}

/** A run with a model folder of the older kind: among its own files. */
async function runWithModel(): Promise<string> {
  const { run } = await ok(post("runs/create", { experiment_id: "0", start_time: Date.now() }));
  const id: string = run.info.run_id;
  await logFile(`0/${id}/artifacts/model/MLmodel`, MLMODEL);
  await logFile(`0/${id}/artifacts/model/data/weights.bin`, `weights of ${id}`);
  return id;
}

/** A logged model as clients of version 3 make them. */
async function loggedModel(run: string): Promise<string> {
  const made = await ok(post("logged-models", { experiment_id: "0", name: "model", source_run_id: run }));
  const id: string = made.model.info.model_id;
  await logFile(`0/models/${id}/artifacts/MLmodel`, MLMODEL);
  await logFile(`0/models/${id}/artifacts/model.pkl`, `pickle of ${id}`);
  await ok(call("PATCH", `logged-models/${id}`, { status: "LOGGED_MODEL_READY" }));
  return id;
}

const createVersion = (fields: Record<string, unknown>) => post("model-versions/create", fields);

describe("a pipeline's step", () => {
  /** A token as a step of run 1 of the pipeline `churn` holds it. */
  async function stepToken(): Promise<string> {
    const token = {
      attempt: "work-1.1",
      actor: { kind: "pipeline-run" as const, id: "churn/1", name: "churn run 1" },
      scope: { project: "default", environment: "dev" } as const,
      permissions: ["experiments:read", "registry:read", "registry:register"] as Permission[],
      expiresAt: new Date(Date.now() + 60_000),
    };
    return database.db
      .transaction()
      .execute((tx) => createStepTokens({ newId: randomUUIDv7 }).issue(tx, token));
  }

  async function stepRun(run: number): Promise<string> {
    const id = await runWithModel();
    const step = JSON.stringify({ pipeline: "churn", run, step: "train" });
    await database.db.updateTable("experiments_runs").set({ step }).where("id", "=", id).execute();
    return id;
  }

  it("T3/mlflow registers what its own pipeline run logged, and changes nothing else", async () => {
    const token = await stepToken();
    const as = (path: string, fields: Record<string, unknown>, method: Method = "POST") =>
      ask(method, `${BASE}/${path}`, fields, { token });
    await ok(as("registered-models/create", { name: "by-step" }));
    const [own, foreign, plain] = [await stepRun(1), await stepRun(2), await runWithModel()];
    const version = (run_id: string) => ({ name: "by-step", source: `runs:/${run_id}/model`, run_id });
    await ok(as("model-versions/create", version(own)));
    for (const run of [foreign, plain])
      expect((await as("model-versions/create", version(run))).status, run).toBe(403);
    const first = { name: "by-step", version: "1" };
    for (const [path, fields, method] of [
      ["registered-models/alias", { ...first, alias: "champion" }, "POST"],
      ["registered-models/set-tag", { name: "by-step", key: "a", value: "b" }, "POST"],
      ["model-versions/delete", first, "DELETE"],
      ["registered-models/rename", { name: "by-step", new_name: "other" }, "POST"],
    ] as const)
      expect((await as(path, fields, method)).status, path).toBe(403);
    const made = await ask("GET", "/api/registry/models/by-step/versions/1");
    expect(made.json).toMatchObject({ pipelineRun: { pipeline: "churn", number: 1 }, run: own });
  });
});

describe("registered models", () => {
  it("E1/registry a model is made without a version, told of, changed, renamed and deleted", async () => {
    const tags = [{ key: "team", value: "growth" }];
    const { registered_model } = await ok(
      post("registered-models/create", { name: "first model", tags, description: "who leaves" }),
    );
    expect(registered_model).toMatchObject({ name: "first model", tags, description: "who leaves" });
    const again = await post("registered-models/create", { name: "first model" });
    expect([again.status, again.json]).toEqual([
      400,
      {
        error_code: "RESOURCE_ALREADY_EXISTS",
        message: "Registered Model (name=first model) already exists.",
      },
    ]);
    await ok(call("PATCH", "registered-models/update", { name: "first model", description: "new" }));
    await ok(post("registered-models/set-tag", { name: "first model", key: "team", value: "core" }));
    await ok(call("DELETE", "registered-models/delete-tag", { name: "first model", key: "never set" }));
    const renamed = await ok(post("registered-models/rename", { name: "first model", new_name: "second" }));
    expect(renamed.registered_model).toMatchObject({
      name: "second",
      description: "new",
      tags: [{ key: "team", value: "core" }],
    });
    expect((await get("registered-models/get", { name: "first model" })).json).toEqual({
      error_code: "RESOURCE_DOES_NOT_EXIST",
      message: "Registered Model with name=first model not found",
    });
    await ok(call("DELETE", "registered-models/delete", { name: "second" }));
    expect((await get("registered-models/get", { name: "second" })).status).toBe(404);
  });

  it.each(["a/b", "a:b", " ", "..", ""])("refuses the name %j", async (name) => {
    const { status, json } = await post("registered-models/create", { name });
    expect([status, json.error_code]).toEqual([400, "INVALID_PARAMETER_VALUE"]);
  });

  it("E1/registry models and versions are searched in MLflow's grammar, page by page", async () => {
    for (const name of ["search-a", "search-b", "search-c"])
      await ok(post("registered-models/create", { name, tags: [{ key: "kind", value: name.slice(-1) }] }));
    await ok(
      post("registered-models/create", {
        name: "search-prompt",
        tags: [{ key: "mlflow.prompt.is_prompt", value: "true" }],
      }),
    );
    const filter = "name LIKE 'search-%' AND tag.`mlflow.prompt.is_prompt` != 'true'";
    const names = (answer: Answer) =>
      (answer.registered_models ?? []).map(({ name }: { name: string }) => name);
    const first = await ok(get("registered-models/search", { filter, max_results: 2 }));
    expect(names(first)).toEqual(["search-a", "search-b"]);
    const second = await ok(
      get("registered-models/search", { filter, max_results: 2, page_token: first.next_page_token }),
    );
    expect([names(second), second.next_page_token]).toEqual([["search-c"], undefined]);
    const everything = await ok(get("registered-models/search", { filter: "name LIKE 'search-%'" }));
    expect(names(everything)).toEqual(["search-a", "search-b", "search-c"]);
    const prompts = "name LIKE 'search-%' AND tags.`mlflow.prompt.is_prompt` = 'true'";
    expect(names(await ok(get("registered-models/search", { filter: prompts })))).toEqual(["search-prompt"]);
    const either = "tags.kind = 'a' OR tags.kind = 'c'";
    const backwards = await ok(get("registered-models/search", { filter: either, order_by: ["name DESC"] }));
    expect(names(backwards)).toEqual(["search-c", "search-a"]);
    const wrong = await get("registered-models/search", { filter: "colour = 'red'" });
    expect([wrong.status, wrong.json.error_code]).toEqual([400, "INVALID_PARAMETER_VALUE"]);
    expect(wrong.json.message).toContain("^");
    const foreign = await get("registered-models/search", { page_token: "abc" });
    expect(foreign.status).toBe(400);
    expect((await get("registered-models/search", { max_results: 1001 })).status).toBe(400);
  });
});

describe("versions", () => {
  it("E1/registry a version of a run's folder keeps its files by digest, whatever becomes of the run", async () => {
    const run = await runWithModel();
    await ok(post("registered-models/create", { name: "from run" }));
    const source = `mlflow-artifacts:/0/${run}/artifacts/model`;
    const { model_version } = await ok(
      createVersion({ name: "from run", source, run_id: run, tags: [{ key: "k", value: "v" }] }),
    );
    expect(model_version).toMatchObject({
      name: "from run",
      version: "1",
      source,
      run_id: run,
      status: "READY",
      current_stage: "None",
      tags: [{ key: "k", value: "v" }],
    });
    await logFile(`0/${run}/artifacts/model/data/weights.bin`, "other weights");
    const { artifact_uri } = await ok(
      get("model-versions/get-download-uri", { name: "from run", version: "1" }),
    );
    const path = artifact_uri.replace("mlflow-artifacts:/", "");
    const listed = await ok(ask("GET", `/api/2.0/mlflow-artifacts/artifacts?path=${path}`));
    expect(listed.files).toEqual([
      { path: "MLmodel", is_dir: false, file_size: MLMODEL.length },
      { path: "data", is_dir: true },
    ]);
    const file = `${path}/data/weights.bin`;
    const weights = await ask("GET", `/api/2.0/mlflow-artifacts/artifacts/${file}`);
    expect(weights.text).toBe(`weights of ${run}`);
    const written = await ask("PUT", `/api/2.0/mlflow-artifacts/artifacts/${file}`, "x", { type: "a/b" });
    expect(written.status).toBe(403);
    const removed = await ask("DELETE", `/api/2.0/mlflow-artifacts/artifacts/${file}`);
    expect(removed.status).toBe(403);
    const single = await ask("GET", "/model-versions/get-artifact?name=from%20run&version=1&path=MLmodel");
    expect(single.text).toBe(MLMODEL);
  });

  it("E1/registry a version of a logged model tells of it, and the logged model tells of the version", async () => {
    const run = await runWithModel();
    const id = await loggedModel(run);
    await ok(post("registered-models/create", { name: "logged" }));
    const fields = { name: "logged", source: `models:/${id}`, model_id: id };
    const { model_version } = await ok(createVersion(fields));
    expect(model_version).toMatchObject({ version: "1", model_id: id, run_id: run, source: `models:/${id}` });
    const { model } = await ok(get(`logged-models/${id}`));
    const tag = model.info.tags.find(({ key }: { key: string }) => key === "mlflow.modelVersions");
    expect(JSON.parse(tag.value)).toEqual([{ name: "logged", version: 1 }]);
    await ok(post("runs/outputs", { run_id: run, models: [{ model_id: id, step: 0 }] }));
    // The folder that newer clients name holds nothing: the model was logged beside the run.
    const beside = `mlflow-artifacts:/0/${run}/artifacts/elsewhere/model`;
    const second = await ok(createVersion({ name: "logged", source: beside, run_id: run }));
    expect(second.model_version).toMatchObject({ version: "2", model_id: id });
  });

  it("E1/registry copies, aliases, stages and the newest versions are answered as MLflow does", async () => {
    const run = await runWithModel();
    const source = `runs:/${run}/model`;
    for (const name of ["origin", "copy"]) await ok(post("registered-models/create", { name }));
    for (let count = 0; count < 3; count += 1)
      await ok(createVersion({ name: "origin", source, run_id: run }));
    await ok(post("registered-models/alias", { name: "origin", alias: "Champion_1", version: "2" }));
    await ok(post("registered-models/alias", { name: "origin", alias: "Champion_1", version: "3" }));
    const aliased = await ok(get("registered-models/alias", { name: "origin", alias: "Champion_1" }));
    expect(aliased.model_version).toMatchObject({ version: "3", aliases: ["Champion_1"] });
    const copied = await ok(createVersion({ name: "copy", source: "models:/origin@Champion_1" }));
    expect(copied.model_version).toMatchObject({ name: "copy", source: "models:/origin/3", run_id: run });

    const foreign = { name: "origin", source: "s3://bucket/model" };
    const { version } = (await ok(createVersion(foreign))).model_version;
    expect(version).toBe("4");
    const first = (await ok(createVersion({ name: "copy", source: "models:/origin/4" }))).model_version;
    const second = (await ok(createVersion({ name: "copy", source: "models:/copy/2" }))).model_version;
    expect([first.source, second.source]).toEqual(["models:/origin/4", "models:/copy/2"]);
    const address = () => ok(get("model-versions/get-download-uri", { name: "copy", version: "3" }));
    expect(await address()).toEqual({ artifact_uri: "s3://bucket/model" });
    await ok(call("DELETE", "model-versions/delete", { name: "origin", version }));
    expect(await address()).toEqual({ artifact_uri: "models:/origin/4" });
    for (const version of ["2", "3"])
      await ok(call("DELETE", "model-versions/delete", { name: "copy", version }));

    const unknown = await get("registered-models/alias", { name: "origin", alias: "nobody" });
    expect([unknown.status, unknown.json]).toEqual([
      400,
      { error_code: "INVALID_PARAMETER_VALUE", message: "Registered model alias nobody not found." },
    ]);
    for (const alias of ["latest", "v12", "a.b", "a b"]) {
      expect((await post("registered-models/alias", { name: "origin", alias, version: "1" })).status).toBe(
        400,
      );
    }
    await ok(call("DELETE", "registered-models/alias", { name: "origin", alias: "nobody" }));

    const move = (version: string, stage: string, archive_existing_versions = false) =>
      post("model-versions/transition-stage", { name: "origin", version, stage, archive_existing_versions });
    await ok(move("1", "production"));
    await ok(move("2", "Production", true));
    const stages = await ok(post("registered-models/get-latest-versions", { name: "origin" }));
    const shown = stages.model_versions.map((one: Answer) => [one.version, one.current_stage]);
    expect(shown).toEqual([
      ["1", "Archived"],
      ["2", "Production"],
      ["3", "None"],
    ]);
    const only = await ok(
      get("registered-models/get-latest-versions", { name: "origin", stages: ["Production"] }),
    );
    expect(only.model_versions).toHaveLength(1);
    expect((await move("1", "Retired")).json.message).toContain("None, Staging, Production, Archived");
    expect((await move("1", "None", true)).status).toBe(400);

    const found = await ok(
      get("model-versions/search", { filter: `run_id = '${run}' AND version_number > 1` }),
    );
    expect(found.model_versions.map(({ name, version }: Answer) => `${name} ${version}`)).toEqual([
      "origin 2",
      "origin 3",
    ]);
    const order_by = ["version_number DESC"];
    const named = await ok(get("model-versions/search", { filter: "name = 'origin'", order_by }));
    expect(named.model_versions.map(({ version }: Answer) => version)).toEqual(["3", "2", "1"]);
  });

  it("E1/registry a deleted version takes its aliases along, and its number never comes again", async () => {
    const run = await runWithModel();
    await ok(post("registered-models/create", { name: "numbers" }));
    const make = () => createVersion({ name: "numbers", source: `runs:/${run}/model`, run_id: run });
    await ok(make());
    await ok(make());
    await ok(post("registered-models/alias", { name: "numbers", alias: "best", version: "2" }));
    await ok(call("DELETE", "model-versions/delete", { name: "numbers", version: "2" }));
    const { registered_model } = await ok(get("registered-models/get", { name: "numbers" }));
    expect(registered_model.aliases).toBeUndefined();
    expect((await get("model-versions/get", { name: "numbers", version: "2" })).json).toEqual({
      error_code: "RESOURCE_DOES_NOT_EXIST",
      message: "Model Version (name=numbers, version=2) not found",
    });
    expect((await ok(make())).model_version.version).toBe("3");
    expect((await get("model-versions/get", { name: "numbers", version: "x" })).status).toBe(400);
    await ok(post("model-versions/set-tag", { name: "numbers", version: "3", key: "k", value: "v" }));
    await ok(call("DELETE", "model-versions/delete-tag", { name: "numbers", version: "3", key: "none" }));
    await ok(call("PATCH", "model-versions/update", { name: "numbers", version: "3", description: "d" }));
    const { model_version } = await ok(get("model-versions/get", { name: "numbers", version: "3" }));
    expect(model_version).toMatchObject({ description: "d", tags: [{ key: "k", value: "v" }] });
  });

  it("E1/registry an alias that only a person moves is refused with the way out", async () => {
    const run = await runWithModel();
    await ok(post("registered-models/create", { name: "guarded" }));
    await ok(createVersion({ name: "guarded", source: `runs:/${run}/model`, run_id: run }));
    const rule = await ask("PUT", "/api/registry/models/guarded/aliases/champion/rule", {
      approval: "person",
    });
    expect(rule.status, rule.text).toBe(200);
    const refused = await post("registered-models/alias", {
      name: "guarded",
      alias: "champion",
      version: "1",
    });
    expect(refused.status).toBe(403);
    expect(refused.text).toContain("registry request guarded@champion 1");
  });
});

it("R2/mlflow a folder of a run is registered natively with the signature that it has itself", async () => {
  const run = await runWithModel();
  const fields = { run: run.slice(0, 12), path: "model", format: "mlflow" };
  const version = await ok(ask("POST", "/api/registry/models/native/versions", fields));
  expect(version).toMatchObject({ model: "native", version: 1, format: "mlflow", run });
  expect(version.files.map(({ path }: Answer) => path)).toEqual(["MLmodel", "data/weights.bin"]);
  expect(version.preparation.state).toBe("preparing");
  const nothing = await ok(ask("POST", "/api/registry/models/native/versions", { ...fields, path: "x" }));
  expect(nothing.preparation).toMatchObject({ state: "failed", problem: "There are no files at its source" });
  const file = { ...fields, path: "model/MLmodel", format: "onnx" };
  const refused = await ask("POST", "/api/registry/models/native/versions", file);
  expect([refused.status, refused.json.field]).toEqual([400, "signature"]);
});

describe("sources", () => {
  const attacks = [
    "file:///etc",
    "/etc",
    "./relative",
    "relative/path",
    "file://./etc",
    "file:etc",
    "//../etc",
    "file:///tmp/../etc",
    "mlflow-artifacts:/0/../../etc",
    "mlflow-artifacts://host:1/..%2f..%2f..%2f..%2f",
    "mlflow-artifacts:/0/RUN/artifacts/../../x",
    "mlflow-artifacts:/0/RUN/artifacts/%252e%252e/x",
    "mlflow-artifacts:/0/RUN/artifacts/model?../../x",
    "mlflow-artifacts:/0/RUN/artifacts/model#../../x",
    "mlflow-artifacts:/0/RUN/artifacts/model;../x",
    "mlflow-artifacts:/0/RUN/artifacts/model%00",
    "mlflow-artifacts:/0/RUN/artifacts/model\u0000",
    "mlflow-artifacts:/0/RUN/artifacts\\..\\x",
    "mlflow-artifacts:/somewhere/else",
    "http://host/api/2.0/mlflow-artifacts/artifacts/../../../../",
    "http://host/api/2.0/mlflow-artifacts/artifacts/0/OTHER/artifacts/model",
    "s3://bucket/path/../../other",
    "runs:/OTHER/model",
    "mlflow-artifacts:/0/OTHER/artifacts/model",
    "models:/MODEL",
    "models:/no-such-model/1",
    "models://server/name/1",
    "models:/one/2/three",
  ];

  it.each(attacks)("E1/registry refuses the source %s", async (attack) => {
    const [run, other] = [await runWithModel(), await runWithModel()];
    const model = attack.includes("MODEL") ? await loggedModel(other) : "";
    await ask("POST", `${BASE}/registered-models/create`, { name: "attacked" });
    const source = attack.replace("RUN", run).replace("OTHER", other).replace("MODEL", model);
    const { status, text } = await createVersion({ name: "attacked", source, run_id: run });
    expect([400, 404], text).toContain(status);
    const versions = await ok(get("model-versions/search", { filter: "name = 'attacked'" }));
    expect(versions.model_versions).toBeUndefined();
    const prompt = { key: "mlflow.prompt.is_prompt", value: "true" };
    expect((await createVersion({ name: "attacked", source, tags: [prompt] })).status).toBe(400);
  });

  it("keeps an address of a foreign store as it is, and never reads it", async () => {
    await ok(post("registered-models/create", { name: "foreign" }));
    const source = "s3://bucket/models/churn";
    const { model_version } = await ok(createVersion({ name: "foreign", source }));
    expect(model_version).toMatchObject({ source, status: "READY" });
    expect(model_version.status_message).toContain("store of their own");
    const { artifact_uri } = await ok(
      get("model-versions/get-download-uri", { name: "foreign", version: "1" }),
    );
    expect(artifact_uri).toBe(source);
  });

  it("keeps a run of another server by its name, with no files", async () => {
    await ok(post("registered-models/create", { name: "elsewhere" }));
    const { model_version } = await ok(
      createVersion({ name: "elsewhere", source: "runs:/run_1/model", run_id: "run_1" }),
    );
    expect(model_version).toMatchObject({
      run_id: "run_1",
      status_message: "There are no files at its source",
    });
    expect((await createVersion({ name: "elsewhere", source: "runs:/run_1/model" })).status).toBe(400);
    expect(
      (await createVersion({ name: "elsewhere", source: "runs:/run_1/m", run_id: "run_2" })).status,
    ).toBe(400);
  });

  it("takes a local folder only of a run that says it writes there", async () => {
    const made = await ok(
      post("experiments/create", { name: "local", artifact_location: "file:///data/runs" }),
    );
    const { run } = await ok(post("runs/create", { experiment_id: made.experiment_id }));
    await ok(post("registered-models/create", { name: "local" }));
    const inside = `${run.info.artifact_uri}/model`;
    await ok(createVersion({ name: "local", source: inside, run_id: run.info.run_id }));
    expect((await createVersion({ name: "local", source: inside })).status).toBe(400);
    const outside = await createVersion({ name: "local", source: "file:///etc", run_id: run.info.run_id });
    expect(outside.json.message).toContain("contained within the artifact directory of the run");
  });

  it("needs the right to read experiments for what lies there", async () => {
    const run = await runWithModel();
    await ok(post("registered-models/create", { name: "narrow" }));
    const made = await ask("POST", "/api/platform/tokens", {
      name: "narrow",
      permissions: ["registry:read", "registry:write"],
    });
    const fields = { name: "narrow", source: `runs:/${run}/model`, run_id: run };
    const answer = await ask("POST", `${BASE}/model-versions/create`, fields, { token: made.json.secret });
    expect([answer.status, answer.text.includes("experiments:read")]).toEqual([403, true]);
  });
});

it("E1/registry prompts live beside models and never share a name with one", async () => {
  const tags = [{ key: "mlflow.prompt.is_prompt", value: "true" }];
  await ok(post("registered-models/create", { name: "greeting", tags }));
  const text = { key: "mlflow.prompt.text", value: "Hello {{name}}" };
  const fields = { name: "greeting", source: "dummy-source", tags: [...tags, text] };
  const { model_version } = await ok(createVersion(fields));
  expect(model_version.tags).toContainEqual(text);
  expect((await createVersion({ name: "greeting", source: "s3://b/c" })).status).toBe(400);
  const elsewhere = await createVersion({ ...fields, source: "file:///etc/passwd" });
  expect([elsewhere.status, elsewhere.json.message]).toEqual([
    400,
    expect.stringContaining("Invalid prompt source: 'file:///etc/passwd'"),
  ]);
  const taken = await post("registered-models/create", { name: "greeting" });
  expect(taken.json.message).toContain("already taken by a prompt");
  const native = await ok(ask("GET", "/api/registry/models?limit=1000"));
  expect(native.items.map(({ name }: { name: string }) => name)).not.toContain("greeting");
});

describe("webhooks", () => {
  const received: { headers: IncomingHttpHeaders; body: string }[] = [];
  let answers: number[] = [];
  const receiver = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => {
      body += chunk;
    });
    request.on("end", () => {
      received.push({ headers: request.headers, body });
      response.writeHead(answers.shift() ?? 200, { location: "http://127.0.0.1:1/elsewhere" });
      response.end("thank you".repeat(200));
    });
  });
  let url = "";
  beforeAll(async () => {
    receiver.listen(0, "127.0.0.1");
    await once(receiver, "listening");
    url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
  });
  afterAll(() => receiver.close());

  const secret = "a secret of the team";
  const event = (entity: string, action: string) => ({ entity, action });
  async function until(check: () => boolean | Promise<boolean>) {
    for (const end = Date.now() + 10_000; Date.now() < end; await sleep(20)) if (await check()) return;
    throw new Error("it did not happen");
  }

  it("R8/webhooks are told of changes with a signature, and of nothing else", async () => {
    const events = [
      event("REGISTERED_MODEL", "CREATED"),
      event("MODEL_VERSION", "CREATED"),
      event("MODEL_VERSION_TAG", "SET"),
      event("MODEL_VERSION_ALIAS", "CREATED"),
      event("MODEL_VERSION_ALIAS", "DELETED"),
    ];
    const { webhook } = await ok(post("webhooks", { name: "ci", url, events, secret, description: "d" }));
    expect(webhook).toMatchObject({ name: "ci", url, events, status: "ACTIVE", description: "d" });
    expect(JSON.stringify(webhook)).not.toContain(secret);
    const run = await runWithModel();
    await ok(post("registered-models/create", { name: "told", tags: [{ key: "a", value: "b" }] }));
    await ok(createVersion({ name: "told", source: `runs:/${run}/model`, run_id: run }));
    await ok(post("model-versions/set-tag", { name: "told", version: "1", key: "k", value: "v" }));
    await ok(call("DELETE", "model-versions/delete-tag", { name: "told", version: "1", key: "k" }));
    await ok(post("registered-models/alias", { name: "told", alias: "best", version: "1" }));
    await ok(call("DELETE", "registered-models/alias", { name: "told", alias: "best" }));
    await until(() => received.length >= 5);
    await sleep(200);
    const bodies = received.map(({ body }) => JSON.parse(body));
    expect(bodies.map(({ entity, action }) => `${entity}.${action}`).sort()).toEqual([
      "model_version.created",
      "model_version_alias.created",
      "model_version_alias.deleted",
      "model_version_tag.set",
      "registered_model.created",
    ]);
    const made = bodies.find(({ entity }) => entity === "model_version");
    expect(made.data).toEqual({
      name: "told",
      version: "1",
      source: `runs:/${run}/model`,
      run_id: run,
      tags: {},
      description: null,
    });
    const alias = bodies.filter(({ entity }) => entity === "model_version_alias");
    expect(alias.map(({ data, environment }) => ({ ...data, environment }))).toEqual([
      { name: "told", alias: "best", version: "1", environment: "dev" },
      { name: "told", alias: "best", environment: "dev" },
    ]);
    for (const { headers, body } of received) {
      const [id, time] = [headers["x-mlflow-delivery-id"], headers["x-mlflow-timestamp"]];
      const hmac = createHmac("sha256", secret).update(`${id}.${time}.${body}`).digest("base64");
      expect(headers["x-mlflow-signature"]).toBe(`v1,${hmac}`);
      expect(Math.abs(Number(time) - Date.now() / 1000)).toBeLessThan(60);
    }
    await ok(call("DELETE", `webhooks/${webhook.webhook_id}`));
  });

  it("R8/webhooks are sent again to a receiver that is busy, not to one that says no, and the log tells", async () => {
    received.length = 0;
    const events = [event("REGISTERED_MODEL", "CREATED")];
    const { webhook } = await ok(post("webhooks", { name: "busy", url, events }));
    const deliveries = async () =>
      (await ok(ask("GET", `/api/registry/webhooks/${webhook.webhook_id}/deliveries`))).items;
    answers = [503, 200];
    await ok(post("registered-models/create", { name: "again" }));
    await until(async () => (await deliveries())[0]?.state === "sent");
    expect((await deliveries())[0]).toMatchObject({ attempts: 2, status: 200 });
    expect(received[0]?.headers["x-mlflow-signature"]).toBeUndefined();
    answers = [302];
    await ok(post("registered-models/create", { name: "moved" }));
    await until(async () => (await deliveries())[0]?.state === "failed");
    expect((await deliveries())[0].problem).toContain("redirect");
    expect(received).toHaveLength(3);
    await ok(call("PATCH", `webhooks/${webhook.webhook_id}`, { status: "DISABLED" }));
    await ok(post("registered-models/create", { name: "silent" }));
    await sleep(300);
    expect(received).toHaveLength(3);
  });

  it("R8/webhooks are tried once with an example, and repeat only the beginning of what a stranger says", async () => {
    received.length = 0;
    answers = [];
    const events = [event("MODEL_VERSION", "CREATED"), event("PROMPT_ALIAS", "CREATED")];
    const { webhook } = await ok(post("webhooks", { name: "trial", url, events }));
    const { result } = await ok(post(`webhooks/${webhook.webhook_id}/test`, {}));
    expect(result).toMatchObject({ success: true, response_status: 200 });
    expect(result.response_body.length).toBeLessThanOrEqual(500);
    expect(JSON.parse(received[0]?.body ?? "").data.description).toBe("An example model version");
    await ok(post(`webhooks/${webhook.webhook_id}/test`, { event: events[1] }));
    expect(JSON.parse(received[1]?.body ?? "")).toMatchObject({
      entity: "prompt_alias",
      data: { name: "example_prompt", version: "1", alias: "example_alias" },
    });
    answers = [302];
    const moved = await ok(post(`webhooks/${webhook.webhook_id}/test`, {}));
    expect(moved.result).toMatchObject({ success: false, response_status: 302 });
    const listed = await ok(get("webhooks", { max_results: 1 }));
    expect([listed.webhooks.length, typeof listed.next_page_token]).toEqual([1, "string"]);
  });

  it.each([
    [{ name: "-x", url: "https://example.com", events: [event("PROMPT", "CREATED")] }],
    [{ name: "x", url: "ftp://example.com", events: [event("PROMPT", "CREATED")] }],
    [{ name: "x", url: " ", events: [event("PROMPT", "CREATED")] }],
    [{ name: "x", url: "https://example.com", events: [] }],
    [{ name: "x", url: "https://example.com", events: [event("PROMPT", "DELETED")] }],
    [{ name: "x", url: "https://user:pass@example.com", events: [event("PROMPT", "CREATED")] }],
  ])("refuses the webhook %j", async (fields) => {
    const { status, json } = await post("webhooks", fields);
    expect([status, json.error_code]).toEqual([400, "INVALID_PARAMETER_VALUE"]);
  });

  it("answers that there is no webhook of an id", async () => {
    expect((await get("webhooks/abc")).json.error_code).toBe("RESOURCE_DOES_NOT_EXIST");
    const absent = randomUUIDv7();
    expect(await get(`webhooks/${absent}`)).toMatchObject({
      status: 404,
      json: { error_code: "RESOURCE_DOES_NOT_EXIST", message: `Webhook with ID ${absent} not found.` },
    });
  });
});
