import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { ModelVersion } from "@causeway/contract";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ROOT, type Running, removeFolder, run, startCauseway } from "../src/causeway.ts";
import { MLFLOW_PYTHON, requires } from "../src/requirement.ts";

const MODELS = join(ROOT, "e2e", "mlflow", "serving_models.py");
const FLAVOURS = [
  "sklearn-labels",
  "sklearn-amount",
  "xgboost",
  "lightgbm",
  "pytorch",
  "keras",
  "onnx",
  "pyfunc",
];

type Told = Record<string, { body: Record<string, unknown>; expected: unknown }>;

describe.runIf(requires("mlflow"))("models of every flavour that the MLflow client logs", () => {
  let running: Running;
  let told: Told;
  const versions: Record<string, ModelVersion> = {};

  beforeAll(async () => {
    // The packages are there already: installing them is not what this is about.
    running = await startCauseway({
      args: ["--no-auth"],
      variables: { CAUSEWAY_PYTHON_ENVIRONMENTS: MLFLOW_PYTHON },
    });
    const logged = await run(MLFLOW_PYTHON, [MODELS, ...FLAVOURS], {
      variables: {
        MLFLOW_TRACKING_URI: running.url,
        MLFLOW_DISABLE_TELEMETRY: "true",
        GIT_PYTHON_REFRESH: "quiet",
      },
    });
    if (logged.code !== 0) throw new Error(logged.stderr.slice(-3000));
    told = JSON.parse(logged.stdout.trim().split("\n").at(-1) ?? "");
    for (const name of FLAVOURS) versions[name] = await prepared(name);
  }, 400_000);

  afterAll(async () => {
    await running?.stop();
    if (running) await removeFolder(running.dataDir);
  });

  async function prepared(model: string): Promise<ModelVersion> {
    for (;;) {
      const version = await running.client.registry.getVersion({ model, version: 1 });
      if (version.preparation.state !== "preparing") return version;
      await pause(300);
    }
  }

  async function deploy(name: string): Promise<void> {
    await running.client.deployments.createDeployment({ name, serve: `${name}@1` });
    for (;;) {
      const { state, gateways } = await running.client.deployments.getDeployment({ deployment: name });
      if (state === "ready") return;
      if (state === "failed") throw new Error(JSON.stringify(gateways));
      await pause(100);
    }
  }

  async function post(
    path: string,
    body: unknown,
    type = "application/json",
  ): Promise<{ status: number; answer: unknown }> {
    const response = await fetch(new URL(path, running.gatewayUrl), {
      method: "POST",
      headers: { "content-type": type },
      body: typeof body === "string" ? body : JSON.stringify(body),
    });
    return { status: response.status, answer: await response.json() };
  }

  it.each(FLAVOURS)("R2/mlflow makes a version of %s ready, with answers to its own example", (name) => {
    const { preparation, golden, format } = versions[name] ?? {};
    expect(preparation).toMatchObject({ state: "ready", problem: null, environment: { tool: "given" } });
    expect(format).toBe("mlflow");
    expect(golden).toHaveLength(4);
  });

  it.each(FLAVOURS)(
    "E1/models O1/invocations answers with %s, as the client logged it, what MLflow answers that loads it",
    async (name) => {
      await deploy(name);
      const { body, expected } = told[name] ?? {};
      const { status, answer } = await post(`/predict/${name}/invocations`, body);
      expect(status, JSON.stringify(answer)).toBe(200);
      expect(near(answer, { predictions: expected })).toBe("");
      await running.client.deployments.deleteDeployment({ deployment: name });
    },
    120_000,
  );

  it("says of a classifier its classes and of a forest of numbers its task, so that both are watched as any other", () => {
    expect(versions["sklearn-labels"]?.signature).toMatchObject({
      task: "classification",
      classes: ["setosa", "versicolor", "virginica"],
    });
    expect(versions["xgboost"]?.signature).toMatchObject({
      task: "classification",
      classes: ["0", "1", "2"],
    });
    expect(versions["sklearn-amount"]?.signature).toMatchObject({
      task: "regression",
    });
    expect(versions["sklearn-amount"]?.signature.inputs.map(({ name, type }) => `${name} ${type}`)).toEqual(
      Array.from({ length: 10 }, (_, at) => `${at} double`),
    );
  });

  it("O1/predict answers records, rows of a tensor, and the tensors of Open Inference", async () => {
    await deploy("sklearn-labels");
    const { golden = [] } = versions["sklearn-labels"] ?? {};
    const [first] = golden;
    const { status, answer } = await post("/predict/sklearn-labels", first?.record);
    expect(status).toBe(200);
    expect(answer).toMatchObject({ version: 1, predictions: [{ value: first?.prediction.value }] });
    const inputs = Object.entries(first?.record ?? {}).map(([column, value]) => ({
      name: column,
      shape: [1],
      datatype: "FP64",
      data: [value],
    }));
    const inferred = await post("/v2/models/sklearn-labels/infer", { inputs });
    expect(inferred.answer).toMatchObject({
      outputs: [{ name: "predictions", data: [first?.prediction.value] }, {}],
    });
    await deploy("sklearn-amount");
    const row = versions["sklearn-amount"]?.golden[0];
    const numbers = Object.values(row?.record ?? {});
    const bare = await post("/predict/sklearn-amount", [numbers, numbers]);
    expect(bare.answer).toMatchObject({ predictions: [{}, {}] });
    expect(near((bare.answer as { predictions: unknown[] }).predictions[1], row?.prediction)).toBe("");
  }, 120_000);

  it("O1/invocations takes every form of a table, CSV, parameters, and names what is missing", async () => {
    await deploy("pyfunc");
    const path = "/predict/pyfunc/invocations";
    const [first] = versions["pyfunc"]?.golden ?? [];
    const record = first?.record ?? {};
    const columns = Object.keys(record);
    const values = columns.map((column) => record[column]);
    const expected = { status: 200, answer: { predictions: [{ price: 5.1, kind: "short" }] } };
    expect(
      await post(path, {
        dataframe_split: { columns: [...columns].reverse(), data: [[...values].reverse()] },
      }),
    ).toEqual(expected);
    expect(await post(path, { dataframe_records: [{ ...record, more: 1 }] })).toEqual(expected);
    expect(await post(path, { instances: [record] })).toEqual(expected);
    expect(
      await post(path, { inputs: Object.fromEntries(columns.map((column) => [column, [record[column]]])) }),
    ).toEqual(expected);
    expect(await post(path, `${columns.join(",")}\n${values.join(",")}\n`, "text/csv")).toEqual(expected);
    const doubled = await post(path, { dataframe_records: [record], params: { factor: 2 } });
    expect(doubled.answer).toEqual({ predictions: [{ price: 10.2, kind: "long" }] });
    const { [columns[0] ?? ""]: _, ...rest } = record;
    const lacking = await post(path, { dataframe_records: [rest] });
    expect(lacking).toMatchObject({ status: 400, answer: { error_code: "BAD_REQUEST" } });
    expect(JSON.stringify(lacking.answer)).toContain(`Model is missing inputs ['${columns[0]}']`);
    expect(await post(path, { inputs: [], instances: [] })).toMatchObject({ status: 400 });
    expect(await post(path, "x", "text/plain")).toMatchObject({ status: 415 });
  }, 60_000);

  it("O3/isolation starts a model again that was killed, and no request fails meanwhile", async () => {
    const [first] = versions["pyfunc"]?.golden ?? [];
    const body = { dataframe_records: [first?.record] };
    const found = await run("pgrep", ["-f", `causeway.serving --model ${running.dataDir}`]);
    const pids = found.stdout.trim().split("\n").map(Number);
    // Nothing found would be a zero, which names the group of the test itself.
    expect(Math.min(...pids)).toBeGreaterThan(1);
    let asked = 0;
    let done = false;
    const failed: unknown[] = [];
    async function caller(): Promise<void> {
      while (!done) {
        asked += 1;
        const { status, answer } = await post("/predict/pyfunc/invocations", body);
        if (status !== 200) failed.push(answer);
      }
    }
    const callers = [caller(), caller(), caller()];
    await pause(300);
    for (const pid of pids) process.kill(pid, "SIGKILL");
    const restarts = /model_restarts_total\{deployment="default\/dev\/pyfunc"\} (\d+)/;
    async function restarted(): Promise<string | undefined> {
      const response = await fetch(new URL("/metrics", running.gatewayUrl));
      return restarts.exec(await response.text())?.[1];
    }
    await expect.poll(restarted, { timeout: 60_000, interval: 300 }).toBe("1");
    await pause(300);
    done = true;
    await Promise.all(callers);
    expect(failed).toEqual([]);
    expect(asked).toBeGreaterThan(10);
  }, 90_000);
});

/** Where two JSON values differ by more than single precision; empty where they do not. */
function near(got: unknown, expected: unknown, at = "$"): string {
  if (typeof got === "number" && typeof expected === "number")
    return Math.abs(got - expected) <= 1e-5 * Math.max(1, Math.abs(expected))
      ? ""
      : `${at}: ${got}, not ${expected}`;
  if (typeof got !== "object" || typeof expected !== "object" || got === null || expected === null)
    return got === expected ? "" : `${at}: ${got}, not ${expected}`;
  const others = new Map(Object.entries(expected));
  if (Object.keys(got).length !== others.size) return `${at}: ${Object.keys(got)}, not ${[...others.keys()]}`;
  return Object.entries(got)
    .map(([name, value]) => near(value, others.get(name), `${at}.${name}`))
    .filter((difference) => difference !== "")
    .slice(0, 3)
    .join("; ");
}
