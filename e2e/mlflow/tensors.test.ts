import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { ModelVersion, MonitorWindow } from "@causeway/contract";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ROOT, type Running, removeFolder, run, startCauseway, temporaryFolder } from "../src/causeway.ts";
import { MLFLOW_PYTHON, requires } from "../src/requirement.ts";

const MODELS = join(ROOT, "e2e", "mlflow", "tensor_models.py");
const DAY_MS = 86_400_000;
const FIRST_DAY = Date.parse("2026-03-02T00:00:00Z");
/** How often the 150 flowers are seen in a day. */
const PER_DAY = 4;

type Rows = number[][];

describe.runIf(requires("mlflow"))("networks that were logged with tensors", () => {
  let running: Running;
  let folder: string;
  let flowers: { iris: Rows; species: string[] };

  beforeAll(async () => {
    folder = await temporaryFolder();
    // The packages are there already: installing them is not what this is about.
    running = await startCauseway({
      args: ["--no-auth"],
      variables: { CAUSEWAY_PYTHON_ENVIRONMENTS: MLFLOW_PYTHON },
    });
    const variables = {
      MLFLOW_TRACKING_URI: running.url,
      MLFLOW_DISABLE_TELEMETRY: "true",
      GIT_PYTHON_REFRESH: "quiet",
    };
    const logged = await run(MLFLOW_PYTHON, [MODELS, folder], { variables });
    if (logged.code !== 0) throw new Error(logged.stderr.slice(-3000));
    flowers = JSON.parse(logged.stdout.trim().split("\n").at(-1) ?? "");
    for (const table of ["iris", "named", "keras-iris", "pictures"])
      await running.client.data.importFile(table, join(folder, `${table}.csv`));
  }, 200_000);

  afterAll(async () => {
    await running?.stop();
    if (running) await removeFolder(running.dataDir);
    if (folder) await removeFolder(folder);
  });

  async function prepared(model: string): Promise<ModelVersion> {
    for (;;) {
      const version = await running.client.registry.getVersion({ model, version: 1 });
      if (version.preparation.state !== "preparing") return version;
      await pause(200);
    }
  }

  /** Judges, deploys and watches a model by the commands that a person has. */
  async function serve(model: string, dataset: string, target: string): Promise<void> {
    const commands = [
      ["registry", "evaluate", model, "1", `${dataset}@latest`, "--target", target],
      ["deployments", "create", model, "--serve", `${model}@1`],
      ["monitoring", "create", model, "--window", "1 day"],
    ];
    for (const command of commands) {
      const { code, stdout, stderr } = await running.cli(...command);
      if (code !== 0) throw new Error(`${command.join(" ")}: ${stdout}${stderr}`);
    }
  }

  async function post(path: string, body: unknown): Promise<{ status: number; answer: unknown }> {
    const response = await fetch(new URL(path, running.gatewayUrl), {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    return { status: response.status, answer: await response.json() };
  }

  /** The flowers of a day, as they are sent by `body`; gives the ids of the answers. */
  async function live(path: string, day: number, body: (occurredAt: string) => unknown): Promise<string[]> {
    const ids: string[] = [];
    for (let hour = 0; hour < PER_DAY; hour++) {
      const occurredAt = new Date(FIRST_DAY + day * DAY_MS + (hour * DAY_MS) / PER_DAY).toISOString();
      const { status, answer } = await post(path, body(occurredAt));
      expect(status, JSON.stringify(answer)).toBe(200);
      ids.push((answer as { id: string }).id);
    }
    return ids;
  }

  /** The windows of the first two days, once both are closed. */
  async function windows(monitor: string): Promise<[MonitorWindow, MonitorWindow]> {
    for (;;) {
      const { items } = await running.client.monitoring.listWindows({ monitor });
      const [second, first] = items.slice(-2);
      if (first !== undefined && second !== undefined) return [first, second];
      await pause(200);
    }
  }

  const shifted = (rows: Rows, column: number) =>
    rows.map((row) => row.map((value, at) => (at === column ? value + 3 : value)));

  it("R2/signature E1/models makes columns of torch's tensor, and scores of its logits by the names that it was logged with", async () => {
    const { signature, golden, preparation } = await prepared("species");
    expect(preparation).toMatchObject({ state: "ready", problem: null });
    expect(signature).toMatchObject({
      task: "classification",
      classes: ["setosa", "versicolor", "virginica"],
      logits: true,
    });
    expect(signature.inputs.map(({ name, type }) => `${name} ${type}`)).toEqual([
      "0 double",
      "1 double",
      "2 double",
      "3 double",
    ]);
    const near = (value: number) => expect.closeTo(value, 5);
    expect(golden[0]?.record).toEqual({ "0": near(5.1), "1": 3.5, "2": near(1.4), "3": near(0.2) });
    expect(golden[0]?.prediction.value).toBe("setosa");
  }, 120_000);

  it("M1/data watches the inputs of a torch model, joins truth to its answers, and finds the column that shifted", async () => {
    await serve("species", "iris", "species");
    const { report } = await running.client.registry.getVersion({ model: "species", version: 1 });
    expect(report?.metrics.find(({ name }) => name === "accuracy")?.value).toBeGreaterThan(0.9);
    const gate = ["registry", "gate", "species@1", "--rows", "iris@latest", "--target", "species"];
    const judged = await running.cli(...gate, "--against", "none", "--at-least", "accuracy:0.9");
    expect(judged.code, judged.stderr).toBe(0);
    const told = await live("/predict/species", 0, (occurredAt) => ({ input: flowers.iris, occurredAt }));
    const records = told.flatMap((id) =>
      flowers.species.map((value, row) => ({ predictionId: `${id}.${row}`, value })),
    );
    await running.client.deployments.recordTruth({ deployment: "species", records });
    await live("/predict/species", 1, (occurredAt) => ({
      records: shifted(flowers.iris, 2).map((row) => Object.fromEntries(row.map((one, at) => [at, one]))),
      occurredAt,
    }));
    await live("/predict/species", 2, (occurredAt) => ({ input: flowers.iris.slice(0, 1), occurredAt }));
    const [calm, moved] = await windows("species");
    expect(calm.drift).toMatchObject({ judged: true, columns: 4, drifted: [] });
    expect(moved.drift).toMatchObject({ judged: true, drifted: ["2"] });
    expect(moved.prediction?.drifted).toBe(true);
    await expect
      .poll(async () => (await windows("species"))[0].coverage.labelled, { timeout: 30_000 })
      .toBe(PER_DAY * 150);
    const [labelled] = await windows("species");
    expect(labelled.performance?.[0]?.now.value).toBeGreaterThan(0.9);
  }, 120_000);

  it("M1/data watches the named inputs of a TensorFlow model by the columns of each, and its probabilities as scores", async () => {
    const { signature, preparation } = await prepared("keras-species");
    expect(preparation).toMatchObject({ state: "ready", problem: null });
    expect(signature).toMatchObject({ task: "classification", classes: ["0", "1", "2"] });
    expect(signature.inputs.map(({ name }) => name)).toEqual(["sepal.0", "sepal.1", "petal.0", "petal.1"]);
    const texts = await running.cli(
      "registry",
      "evaluate",
      "keras-species",
      "1",
      "named@latest",
      "--target",
      "species",
    );
    expect(texts.stderr).toMatch(/No value of species is one of the model's classes 0, 1, 2[\s\S]*metadata=/);
    await serve("keras-species", "keras-iris", "species");
    const records = (rows: Rows) => rows.map((row) => ({ sepal: row.slice(0, 2), petal: row.slice(2) }));
    const path = "/predict/keras-species";
    await live(path, 0, (occurredAt) => ({ records: records(flowers.iris), occurredAt }));
    await live(path, 1, (occurredAt) => ({ records: records(shifted(flowers.iris, 1)), occurredAt }));
    await live(path, 2, (occurredAt) => ({ records: records(flowers.iris.slice(0, 1)), occurredAt }));
    const [calm, moved] = await windows("keras-species");
    expect(calm.drift).toMatchObject({ judged: true, columns: 4, drifted: [] });
    expect(moved.drift).toMatchObject({ judged: true, drifted: ["sepal.1"] });
  }, 120_000);

  it("M1/prediction watches the answers of a model whose tensor is no table, and says that its numbers are not watched", async () => {
    const { signature } = await prepared("picture");
    expect(signature).toMatchObject({
      task: "regression",
      inputs: [{ name: "input", type: "tensor", tensor: { dtype: "float32", shape: [2, 2] } }],
    });
    const refused = await running.cli(
      "registry",
      "evaluate",
      "picture",
      "1",
      "iris@latest",
      "--target",
      "species",
    );
    expect(refused.stderr).toMatch(/reads input as a tensor of the shape \[2, 2\][\s\S]*text column input/);
    await serve("picture", "pictures", "sum");
    const pictures = (rows: Rows) => rows.map((row) => [row.slice(0, 2), row.slice(2)]);
    const path = "/predict/picture";
    await live(path, 0, (occurredAt) => ({ input: pictures(flowers.iris), occurredAt }));
    await live(path, 1, (occurredAt) => ({ input: pictures(shifted(flowers.iris, 2)), occurredAt }));
    await live(path, 2, (occurredAt) => ({ input: pictures(flowers.iris.slice(0, 1)), occurredAt }));
    const [calm, moved] = await windows("picture");
    expect(calm).toMatchObject({ drift: { judged: true, columns: 0 }, prediction: { drifted: false } });
    expect(moved.prediction).toMatchObject({ drifted: true });
    const { stdout } = await running.cli("monitoring", "show", "picture");
    expect(stdout).toContain(
      "takes tensors that are no tables (input [2, 2]): their numbers are not watched",
    );
  }, 120_000);

  it("O1/invocations answers a tensor in every form of the protocol, and says what is wrong with a shape", async () => {
    const { golden } = await prepared("width");
    const { code, stderr } = await running.cli("deployments", "create", "width", "--serve", "width@1");
    expect(code, stderr).toBe(0);
    const path = "/predict/width/invocations";
    const row = [5.1, 3.5, 1.4];
    const bodies = [
      { inputs: [row] },
      { instances: [row] },
      { dataframe_split: { columns: ["a", "b", "c"], data: [row] } },
      { dataframe_records: [{ a: 5.1, b: 3.5, c: 1.4 }] },
    ];
    for (const body of bodies) {
      const { status, answer } = await post(path, body);
      expect(status, JSON.stringify(answer)).toBe(200);
      expect(answer).toEqual({ predictions: [[expect.closeTo(Number(golden[0]?.prediction.value), 5)]] });
    }
    const csv = await fetch(new URL(path, running.gatewayUrl), {
      method: "POST",
      headers: { "content-type": "text/csv" },
      body: "a,b,c\n5.1,3.5,1.4\n",
    });
    expect(await csv.json()).toEqual({ predictions: [[expect.any(Number)]] });
    const long = await post(path, { inputs: [[1, 2, 3, 4]] });
    expect(long).toMatchObject({
      status: 400,
      answer: {
        error_code: "BAD_REQUEST",
        message:
          'input: expected a row of 3 float32, got 4. send rows of 3 numbers as [[...], [...]], or records as {"0": ..., ..., "2": ...}',
      },
    });
    const text = await post("/predict/width", [["a", 1, 2]]);
    expect(text).toMatchObject({
      status: 400,
      answer: { field: "0", detail: expect.stringContaining('got "a"') },
    });
    const described = await fetch(new URL("/v2/models/width", running.gatewayUrl));
    expect(await described.json()).toMatchObject({
      inputs: [{ name: "input", datatype: "FP32", shape: [-1, 3] }],
    });
    const inferred = await post("/v2/models/width/infer", {
      inputs: [{ name: "input", shape: [2, 3], datatype: "FP32", data: [...row, ...row] }],
    });
    expect(inferred).toMatchObject({ status: 200, answer: { outputs: [{ shape: [2, 1] }] } });
    for (const check of ["/ping", "/health", "/predict/width/ping"])
      expect((await fetch(new URL(check, running.gatewayUrl))).status).toBe(200);
    expect(await (await fetch(new URL("/version", running.gatewayUrl))).text()).not.toBe("");
  }, 120_000);
});
