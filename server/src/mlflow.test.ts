import { describe, expect, it } from "vitest";
import { ADMIN_TOKEN, TEST_HOST, testControl } from "../testing/control.ts";
import { findAbsent } from "./protocols/mlflow/compatibility-absent.ts";
import { isMlflowAddress } from "./protocols/mlflow/plugin.ts";

// The wire of MLflow as it is, request by request; what its Python client makes of it is tried in e2e/mlflow.
const { control } = await testControl();

type Sent = { method?: string; token?: string; body?: unknown; headers?: Record<string, string> };

async function send(url: string, { method, token = ADMIN_TOKEN, body, headers = {} }: Sent = {}) {
  const response = await control.app.inject({
    method: (method ?? (body === undefined ? "GET" : "POST")) as "GET", // inject's type lists the methods that the tests use
    url,
    headers: {
      host: TEST_HOST,
      ...(token === "" ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...headers,
    },
    ...(body === undefined ? {} : { payload: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  return {
    status: response.statusCode,
    headers: response.headers,
    text: response.body,
    json: () => response.json(),
  };
}

const API = "/api/2.0/mlflow";

/** The answer of a call that must work. */
async function ok(path: string, body?: unknown, sent: Sent = {}) {
  const answer = await send(`${API}/${path}`, { ...sent, body });
  expect([path, answer.status, answer.status === 200 ? "" : answer.text]).toEqual([path, 200, ""]);
  return answer.json();
}

/** The code and text of a call that must not. */
async function refused(path: string, body?: unknown, sent: Sent = {}): Promise<[number, string, string]> {
  const answer = await send(`${API}/${path}`, { ...sent, body });
  const { error_code: code, message } = answer.json();
  return [answer.status, code, message];
}

async function makeRun(sent: Sent = {}): Promise<string> {
  const { run } = await ok("runs/create", { experiment_id: "0", start_time: 1 }, sent);
  return run.info.run_id;
}

async function makeToken(permissions: string[], onlyProject?: string): Promise<string> {
  const made = await send("/api/platform/tokens", {
    body: { name: "t", permissions, ...(onlyProject === undefined ? {} : { onlyProject }) },
  });
  return made.json().secret;
}

const routes = control.routes
  .filter(({ url, permission }) => isMlflowAddress(url.replaceAll(/:[a-z_]+/g, "1")) && permission !== null)
  .map((route) => ({
    ...route,
    path: route.url.replaceAll(/:[a-z_]+/g, "1").replace("*", "1/a/artifacts/b"),
  }));

describe("rights", () => {
  it("X3/deny on the MLflow wire refuse nobody's request and a wrong token in text, with a challenge that its client understands", async () => {
    expect(routes.length).toBeGreaterThan(60);
    for (const { method, path } of routes) {
      for (const token of ["", "cw_wrong"]) {
        const answer = await send(path, { method, token });
        expect([method, path, answer.status]).toEqual([method, path, 401]);
        expect(answer.headers["www-authenticate"]).toBe('Basic realm="mlflow"');
        expect(answer.headers["content-type"]).toContain("text/plain");
      }
    }
  });

  it("X3/deny on the MLflow wire refuse what changes something to a token that may only read", async () => {
    const token = await makeToken(["experiments:read", "registry:read"]);
    const writing = routes.filter(({ permission }) => permission?.endsWith(":write"));
    expect(writing.length).toBeGreaterThan(30);
    for (const { method, path } of writing) {
      const answer = await send(path, { method, token });
      expect([method, path, answer.status]).toEqual([method, path, 403]);
      expect(answer.text).toMatch(/^Permission denied/);
    }
    const reading = routes.filter(
      ({ method, permission }) => method !== "GET" && permission?.endsWith(":read"),
    );
    // What is no GET and only reads is a search, or a question that is too long for an address.
    for (const { path } of reading)
      expect(path).toMatch(/search|latest-versions|batchGet|presigned|traces\/|get-/);
  });

  it("X3/deny on the MLflow wire keep a token in its project, whatever workspace it asks for", async () => {
    await send("/api/platform/projects", { body: { name: "shop" } });
    const token = await makeToken(
      ["experiments:read", "experiments:write", "registry:read", "registry:write"],
      "shop",
    );
    for (const { method, path } of routes) {
      const answer = await send(path, { method, token, headers: { "x-mlflow-workspace": "default" } });
      expect([method, path, answer.status]).toEqual([method, path, 403]);
    }
    const elsewhere = await makeRun();
    expect(await refused(`runs/get?run_id=${elsewhere}`, undefined, { token })).toEqual([
      404,
      "RESOURCE_DOES_NOT_EXIST",
      `Run with id=${elsewhere} not found`,
    ]);
    expect(
      (
        await refused("runs/log-metric", { run_id: elsewhere, key: "m", value: 1, timestamp: 1 }, { token })
      )[0],
    ).toBe(404);
  });

  it("know a token as the password of any user", async () => {
    const basic = (pair: string) => `Basic ${Buffer.from(pair).toString("base64")}`;
    const asked = (authorization: string) =>
      send(`${API}/experiments/get?experiment_id=0`, { token: "", headers: { authorization } });
    expect((await asked(basic(`ann:${ADMIN_TOKEN}`))).status).toBe(200);
    expect((await asked(basic("ann:wrong"))).status).toBe(401);
  });

  it("X3/host on the MLflow wire refuse a foreign Host and a foreign Origin", async () => {
    for (const { method, path } of routes) {
      for (const headers of [{ host: "evil.example" }, { origin: "https://evil.example" }]) {
        const answer = await send(path, { method, headers });
        expect([method, path, answer.status]).toEqual([method, path, 403]);
      }
    }
  });

  it("end with the token", async () => {
    const made = await send("/api/platform/tokens", {
      body: { name: "soon", permissions: ["experiments:read"] },
    });
    const { secret, token } = made.json();
    const asked = () => send(`${API}/experiments/get?experiment_id=0`, { token: secret });
    expect((await asked()).status).toBe(200);
    await send(`/api/platform/tokens/${token.id}/revoke`, { body: {} });
    expect((await asked()).status).toBe(401);
  });
});

describe("a workspace", () => {
  it("is a project", async () => {
    await send("/api/platform/projects", { body: { name: "lab" } });
    const headers = { "x-mlflow-workspace": "lab" };
    const run = await makeRun({ headers });
    expect((await ok(`runs/get?run_id=${run}`, undefined, { headers })).run.info.run_id).toBe(run);
    expect((await refused(`runs/get?run_id=${run}`))[0]).toBe(404);
    const { experiment } = await ok("experiments/get?experiment_id=0", undefined, { headers });
    expect(experiment.workspace).toBe("lab");
  });

  it("that nobody made, or that could be none, is told", async () => {
    const asked = (workspace: string) =>
      refused("experiments/get?experiment_id=0", undefined, { headers: { "x-mlflow-workspace": workspace } });
    expect(await asked("nowhere")).toMatchObject([
      404,
      "RESOURCE_DOES_NOT_EXIST",
      expect.stringContaining("nowhere"),
    ]);
    expect(await asked("No Such")).toMatchObject([400, "INVALID_PARAMETER_VALUE", expect.anything()]);
  });
});

describe("the wire", () => {
  it("is under /api and /ajax-api alike", async () => {
    for (const prefix of ["/api", "/ajax-api"]) {
      const answer = await send(`${prefix}/2.0/mlflow/experiments/get?experiment_id=0`);
      expect(answer.json().experiment).toMatchObject({
        experiment_id: "0",
        name: "Default",
        lifecycle_stage: "active",
      });
      expect(answer.headers["content-type"]).toContain("application/json");
    }
  });

  it("answers what is not there in JSON, with the reason where one is known", async () => {
    for (const [path, code, text] of [
      ["/api/2.0/mlflow/nonsense", "ENDPOINT_NOT_FOUND", "There is nothing at GET"],
      ["/ajax-api/3.0/mlflow/scorers/list", "ENDPOINT_NOT_FOUND", "language models"],
      ["/api/2.0/mlflow/users/get", "ENDPOINT_NOT_FOUND", "token create"],
      ["/graphql", "ENDPOINT_NOT_FOUND", "web pages"],
    ] as const) {
      const answer = await send(path);
      expect([path, answer.status]).toEqual([path, 404]);
      expect(answer.json()).toMatchObject({ error_code: code, message: expect.stringContaining(text) });
    }
  });

  it("reads an address with a slash too many at its beginning as the one that is meant", async () => {
    expect((await send("//api/2.0/mlflow/experiments/get?experiment_id=0")).status).toBe(200);
  });

  it("is not said to lack what it answers", () => {
    const both = routes.map(({ url }) => url).filter((url) => findAbsent(url) !== undefined);
    expect(both).toEqual([]);
  });

  it("tells the methods of an address", async () => {
    const answer = await send(`${API}/runs/create`);
    expect(answer.status).toBe(405);
    expect(answer.json().message).toContain("takes POST, not GET");
  });

  it("refuses what is no JSON instead of taking it for nothing", async () => {
    for (const body of ["{", "[1]", '"[]"', "1"]) {
      const [status, code] = await refused("runs/log-batch", body);
      expect([body, status, code]).toEqual([body, 400, "BAD_REQUEST"]);
    }
    const [status, code] = await refused("runs/create", "a=b", { headers: { "content-type": "text/plain" } });
    expect([status, code]).toEqual([400, "BAD_REQUEST"]);
  });

  it("takes JSON that was encoded twice, DELETE with a body, null for unset, and fields that nobody knows", async () => {
    const run = await makeRun();
    await ok(
      "runs/set-tag",
      JSON.stringify(JSON.stringify({ run_uuid: run, key: "a", value: "1", of: "tomorrow" })),
    );
    await ok("runs/log-param".replace("param", "parameter"), { run_id: run, key: "p", value: null });
    const { run: kept } = await ok(`runs/get?run_uuid=${run}`);
    expect(kept.data.tags).toContainEqual({ key: "a", value: "1" });
    expect(kept.data.params).toEqual([{ key: "p", value: "" }]);
  });

  it("names what it wants of GET parameters", async () => {
    expect(await refused("runs/get")).toMatchObject([
      400,
      "INVALID_PARAMETER_VALUE",
      expect.stringContaining("'run_id'"),
    ]);
    expect((await refused("metrics/get-history?run_id=r&metric_key=m&max_results=x"))[2]).toContain(
      `Invalid value "x" for parameter 'max_results'`,
    );
  });

  it("tells which release of MLflow it speaks, and that it lives, in plain text", async () => {
    expect((await send("/version", { token: "" })).text).toMatch(/^3\.\d+\.\d+$/);
    expect((await send("/health", { token: "" })).text).toBe("OK");
    expect((await send("/api/3.0/mlflow/server-info")).json()).toMatchObject({
      store_type: "SqlStore",
      workspaces_enabled: true,
    });
  });
});

describe("runs", () => {
  it("are answered as MLflow answers them: unset fields left out, numbers as numbers", async () => {
    const made = await ok("runs/create", {
      experiment_id: "0",
      user_id: "ann",
      start_time: 456,
      run_name: "mine",
      tags: [{ key: "k", value: "v" }],
    });
    const { run_id, artifact_uri, ...info } = made.run.info;
    expect(info).toEqual({
      run_uuid: run_id,
      run_name: "mine",
      experiment_id: "0",
      user_id: "ann",
      status: "RUNNING",
      start_time: 456,
      lifecycle_stage: "active",
    });
    expect(run_id).toMatch(/^[0-9a-f]{32}$/);
    expect(artifact_uri).toBe(`mlflow-artifacts:/0/${run_id}/artifacts`);
    expect(made.run.data.tags).toEqual(
      expect.arrayContaining([
        { key: "k", value: "v" },
        { key: "mlflow.runName", value: "mine" },
      ]),
    );
    expect(made.run.inputs).toEqual({});
    expect(await ok("runs/update", { run_id, status: 3, end_time: 789 })).toMatchObject({
      run_info: { status: "FINISHED", end_time: 789 },
    });
  });

  it("have a state that is known", async () => {
    const run = await makeRun();
    expect(await refused("runs/update", { run_id: run, status: "DONE" })).toMatchObject([
      400,
      "INVALID_PARAMETER_VALUE",
      expect.stringContaining(`Invalid value "DONE" for parameter 'status' supplied`),
    ]);
  });

  it("keep NaN and the infinities apart from the largest number, and repeat them by name", async () => {
    const run = await makeRun();
    const point = { run_id: run, timestamp: 1 };
    for (const [key, value] of [
      ["nan", "NaN"],
      ["inf", "Infinity"],
      ["-inf", "-Infinity"],
      ["max", 1.7976931348623157e308],
    ]) {
      await ok("runs/log-metric", { ...point, key, value });
      await ok("runs/log-metric", { ...point, key, value });
    }
    const { run: kept } = await ok(`runs/get?run_id=${run}`);
    const values = Object.fromEntries(
      kept.data.metrics.map(({ key, value }: { key: string; value: unknown }) => [key, value]),
    );
    expect(values).toEqual({ nan: "NaN", inf: "Infinity", "-inf": "-Infinity", max: 1.7976931348623157e308 });
    const { metrics } = await ok(`metrics/get-history?run_id=${run}&metric_key=nan`);
    expect(metrics).toEqual([{ key: "nan", value: "NaN", timestamp: 1, step: 0 }]);
  });

  it("take a batch whole or not at all", async () => {
    const run = await makeRun();
    await ok("runs/log-parameter", { run_id: run, key: "p", value: "1" });
    const metrics = [{ key: "m", value: 1, timestamp: 1 }];
    const answer = await refused("runs/log-batch", {
      run_id: run,
      metrics,
      params: [{ key: "p", value: "2" }],
    });
    expect(answer).toMatchObject([
      400,
      "INVALID_PARAMETER_VALUE",
      expect.stringContaining("Changing param values is not allowed. Param with key='p'"),
    ]);
    const { run: kept } = await ok(`runs/get?run_id=${run}`);
    expect(kept.data.metrics).toBeUndefined();
  });

  it("take nothing while they are deleted", async () => {
    const run = await makeRun();
    await ok("runs/delete", { run_id: run });
    const text = `The run ${run} must be in the 'active' state. Current state is deleted.`;
    const calls: [string, object][] = [
      ["runs/log-metric", { key: "m", value: 1, timestamp: 1 }],
      ["runs/log-parameter", { key: "p", value: "1" }],
      ["runs/log-batch", { tags: [{ key: "t", value: "1" }] }],
      ["runs/set-tag", { key: "t", value: "1" }],
      ["runs/delete-tag", { key: "mlflow.runName" }],
      ["runs/update", { status: "FINISHED" }],
    ];
    for (const [path, more] of calls) {
      expect([path, ...(await refused(path, { run_id: run, ...more }))]).toEqual([
        path,
        400,
        "INVALID_PARAMETER_VALUE",
        text,
      ]);
    }
  });

  it("keep the models that old clients log", async () => {
    const run = await makeRun();
    const model = {
      run_id: run,
      artifact_path: "model",
      utc_time_created: "now",
      flavors: { sklearn: { config: 1, v: 2 } },
    };
    await ok("runs/log-model", { run_id: run, model_json: JSON.stringify(model) });
    await ok("runs/log-model", {
      run_id: run,
      model_json: JSON.stringify({ ...model, artifact_path: "other" }),
    });
    const { run: kept } = await ok(`runs/get?run_id=${run}`);
    const tag = kept.data.tags.find(({ key }: { key: string }) => key === "mlflow.log-model.history");
    expect(JSON.parse(tag.value)).toEqual([
      { ...model, flavors: { sklearn: { v: 2 } } },
      { ...model, artifact_path: "other", flavors: { sklearn: { v: 2 } } },
    ]);
    expect((await refused("runs/log-model", { run_id: run, model_json: "{" }))[2]).toContain(
      "is not a valid JSON",
    );
    expect((await refused("runs/log-model", { run_id: run, model_json: "{}" }))[2]).toContain(
      "missing mandatory fields",
    );
  });
});

describe("histories", () => {
  it("come whole, in pages, for several runs and sampled", async () => {
    const [first, second] = [await makeRun(), await makeRun()];
    const metrics = Array.from({ length: 10 }, (_, step) => ({
      key: "m",
      value: step,
      timestamp: 100 + step,
      step,
    }));
    for (const run of [first, second]) await ok("runs/log-batch", { run_id: run, metrics });
    const all = await ok(`metrics/get-history?run_id=${first}&metric_key=m`);
    expect(all).toEqual({ metrics });
    const page = await ok(`metrics/get-history?run_id=${first}&metric_key=m&max_results=7`);
    expect(page.metrics).toHaveLength(7);
    const rest = await ok(
      `metrics/get-history?run_id=${first}&metric_key=m&max_results=7&page_token=${encodeURIComponent(page.next_page_token)}`,
    );
    expect([...page.metrics, ...rest.metrics]).toEqual(metrics);
    expect(rest.next_page_token).toBeUndefined();
    const bulk = await send(
      `/ajax-api/2.0/mlflow/metrics/get-history-bulk?run_id=${first}&run_id=${second}&run_id=nobody&metric_key=m`,
    );
    expect(bulk.json().metrics).toHaveLength(20);
    expect(bulk.json().metrics[0].run_id).toBe([first, second].sort()[0]);
    const few = await ok(
      `metrics/get-history-bulk-interval?run_ids=${first}&metric_key=m&start_step=2&end_step=8&max_results=3`,
    );
    const steps = few.metrics.map(({ step }: { step: number }) => step);
    expect(steps).toEqual([2, 5, 8]);
    expect(await ok(`metrics/get-history?run_id=${first}&metric_key=nobody`)).toEqual({});
  });

  it.each([
    ["metrics/get-history?metric_key=m", "'run_id'"],
    ["metrics/get-history?run_id=r&metric_key=m&max_results=0", "positive integer"],
    ["metrics/get-history-bulk-interval?metric_key=m", "run_ids"],
    ["metrics/get-history-bulk-interval?run_ids=r&metric_key=m&start_step=1", "both must be specified"],
    [
      "metrics/get-history-bulk-interval?run_ids=r&metric_key=m&start_step=2&end_step=1",
      "end_step must be greater",
    ],
    ["metrics/get-history-bulk-interval?run_ids=r&metric_key=m&max_results=2501", "between 1 and 2500"],
    [`metrics/get-history-bulk-interval?metric_key=m${"&run_ids=r".repeat(101)}`, "at most 100 run_ids"],
  ])("of %s: %s", async (path, text) => {
    expect(await refused(path)).toMatchObject([
      400,
      "INVALID_PARAMETER_VALUE",
      expect.stringContaining(text),
    ]);
  });
});

describe("experiments", () => {
  it.each([
    [{ name: 123 }, "Invalid value 123 for parameter 'name'"],
    [{}, "Missing value for required parameter 'name'"],
    ['{"name": "a", "artifact_location": 9.0}', "Invalid value 9.0 for parameter 'artifact_location'"],
    [{ name: "a", tags: "5" }, `Invalid value "5" for parameter 'tags'`],
    [{ name: "a", artifact_location: "http:///#/../../../etc" }, "fragments or params"],
    [{ name: "a", artifact_location: "runs:/1/a" }, "runs:/"],
  ])("refuse %j: %s", async (body, text) => {
    expect(await refused("experiments/create", body)).toMatchObject([
      400,
      "INVALID_PARAMETER_VALUE",
      expect.stringContaining(text),
    ]);
  });

  it("that exist cannot be made again, deleted or not", async () => {
    const { experiment_id: id } = await ok("experiments/create", { name: "taken" });
    expect(await refused("experiments/create", { name: "taken" })).toMatchObject([
      400,
      "RESOURCE_ALREADY_EXISTS",
      "Experiment(name=taken) already exists. Use it, or take another name.",
    ]);
    await ok("experiments/delete", { experiment_id: id });
    expect(await refused("experiments/create", { name: "taken" })).toMatchObject([
      400,
      "RESOURCE_ALREADY_EXISTS",
      expect.stringMatching(/^Experiment\(name=taken\) already exists\. Restore it/),
    ]);
    expect(await refused("runs/create", { experiment_id: id })).toEqual([
      400,
      "INVALID_PARAMETER_VALUE",
      `The experiment ${id} must be in the 'active' state. Current state is deleted.`,
    ]);
    const [status] = await refused("experiments/update", { experiment_id: id, new_name: "other" });
    expect(status).toBe(400);
  });

  it("that are not there are told by number and by name", async () => {
    expect(await refused("experiments/get?experiment_id=999")).toEqual([
      404,
      "RESOURCE_DOES_NOT_EXIST",
      "No Experiment with id=999 exists",
    ]);
    expect(await refused("experiments/get-by-name?experiment_name=7")).toEqual([
      404,
      "RESOURCE_DOES_NOT_EXIST",
      "Could not find experiment with name '7'",
    ]);
    expect((await refused("experiments/get?experiment_id=abc"))[0]).toBe(400);
  });

  it("are searched with a page size, by GET and POST", async () => {
    expect((await refused("experiments/search", {}))[2]).toContain("max_results");
    expect((await ok("experiments/search", { max_results: 5 })).experiments.length).toBeGreaterThan(0);
    expect((await ok("experiments/search?max_results=5")).experiments.length).toBeGreaterThan(0);
    expect(await refused("experiments/search", { max_results: 5, page_token: "nonsense" })).toEqual([
      400,
      "INVALID_PARAMETER_VALUE",
      "Invalid page token, could not base64-decode",
    ]);
  });

  it("tell the datasets of their runs", async () => {
    const { experiment_id: id } = await ok("experiments/create", { name: "with data" });
    const { run } = await ok("runs/create", { experiment_id: id });
    const dataset = { name: "rows", digest: "1", source_type: "local", source: "{}" };
    await ok("runs/log-inputs", {
      run_id: run.info.run_id,
      datasets: [{ dataset, tags: [{ key: "mlflow.data.context", value: "train" }] }],
    });
    for (const path of ["/api/2.0/mlflow/", "/ajax-api/2.0/mlflow/", "/api/2.0mlflow/"]) {
      const answer = await send(`${path}experiments/search-datasets`, { body: { experiment_ids: [id] } });
      expect(answer.json()).toEqual({
        dataset_summaries: [{ experiment_id: id, name: "rows", digest: "1", context: "train" }],
      });
    }
    const { run: kept } = await ok(`runs/get?run_id=${run.info.run_id}`);
    expect(kept.inputs.dataset_inputs).toEqual([
      { dataset, tags: [{ key: "mlflow.data.context", value: "train" }] },
    ]);
    expect((await refused("experiments/search-datasets", { experiment_ids: [] }))[2]).toContain(
      "at least one",
    );
    expect(
      (await refused("experiments/search-datasets", { experiment_ids: Array(21).fill("0") }))[2],
    ).toContain("more than 20");
  });
});

describe("logged models", () => {
  it("are made, finished, tagged, found and deleted", async () => {
    const { model } = await ok("logged-models", {
      experiment_id: "0",
      name: "mine",
      params: [{ key: "p", value: "1" }],
    });
    const { model_id: id } = model.info;
    expect(model.info).toMatchObject({
      name: "mine",
      status: "LOGGED_MODEL_PENDING",
      artifact_uri: `mlflow-artifacts:/0/models/${id}/artifacts`,
    });
    expect(model.data.params).toEqual([{ key: "p", value: "1" }]);
    const finished = await ok(`logged-models/${id}`, { model_id: id, status: 2 }, { method: "PATCH" });
    expect(finished.model.info.status).toBe("LOGGED_MODEL_READY");
    await ok(`logged-models/${id}/tags`, { tags: [{ key: "a b", value: "1" }] }, { method: "PATCH" });
    expect((await ok(`logged-models/${id}`)).model.info.tags).toEqual([{ key: "a b", value: "1" }]);
    await ok(`logged-models/${id}/tags/a%20b`, undefined, { method: "DELETE" });
    expect((await refused(`logged-models/${id}/tags/a%20b`, undefined, { method: "DELETE" }))[1]).toBe(
      "RESOURCE_DOES_NOT_EXIST",
    );
    const found = await ok("logged-models/search", { experiment_ids: ["0"] });
    expect(found.models.map((one: { info: { model_id: string } }) => one.info.model_id)).toContain(id);
    await ok(`logged-models/${id}`, undefined, { method: "DELETE" });
    expect(await refused(`logged-models/${id}`)).toEqual([
      404,
      "RESOURCE_DOES_NOT_EXIST",
      `Logged model with ID '${id}' not found.`,
    ]);
    expect((await ok(`logged-models/${id}?allow_deleted=true`)).model.info.model_id).toBe(id);
  });

  it.each([
    ["logged-models", { name: "m" }, "'experiment_id'"],
    ["logged-models", { experiment_id: "0", name: "a/b" }, "Invalid model name"],
    ["logged-models/search", {}, "'experiment_ids'"],
    [
      "logged-models/search",
      { experiment_ids: ["0"], datasets: [{}] },
      "`dataset_name` in the `datasets` clause must be specified",
    ],
  ])("refuse %s %j: %s", async (path, body, text) => {
    expect(await refused(path, body)).toMatchObject([
      400,
      "INVALID_PARAMETER_VALUE",
      expect.stringContaining(text),
    ]);
  });
});
