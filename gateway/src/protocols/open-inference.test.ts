import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { churn, echo, sum } from "../../testing/deployments.ts";
import { type FakeControl, startFakeControl } from "../../testing/fake-control.ts";
import { loggedPredictions, startTestGateway, type TestGateway } from "../../testing/running-gateway.ts";

let control: FakeControl;
let running: TestGateway;

beforeAll(async () => {
  control = await startFakeControl();
  control.desire([
    churn(control, { version: 3 }),
    sum(control),
    echo(control, "int64"),
    echo(control, "string"),
    echo(control, "bool", { project: "shop", environment: "prod" }),
  ]);
  running = await startTestGateway(control);
  while (!running.gateway.ready()) await new Promise((resume) => setTimeout(resume, 10));
});

afterAll(async () => {
  await running?.stop();
  await control?.stop();
});

const infer = (deployment: string, body: unknown) => running.post(`/v2/models/${deployment}/infer`, body);
const tensor = (name: string, datatype: string, data: unknown[], shape = [data.length]) => ({
  name,
  datatype,
  shape,
  data,
});

describe("health and description", () => {
  it("O1/open-inference is alive and ready without a key, in both spellings", async () => {
    expect(JSON.parse((await running.get("/v2/health/live", {})).text)).toEqual({ live: true });
    expect(JSON.parse((await running.get("/v2/health/ready", {})).text)).toEqual({ live: true, ready: true });
  });

  it("describes the server, with and without a trailing slash", async () => {
    const about = { name: "causeway", version: "0.0.0", extensions: [] };
    expect(JSON.parse((await running.get("/v2")).text)).toEqual(about);
    expect(JSON.parse((await running.get("/v2/")).text)).toEqual(about);
  });

  it("O1/open-inference describes a model by its signature", async () => {
    const { text } = await running.get("/v2/models/churn");
    expect(JSON.parse(text)).toEqual({
      name: "churn",
      versions: ["3"],
      platform: "onnx_onnxv1",
      inputs: [
        { name: "x0", datatype: "FP64", shape: [-1, 1] },
        { name: "x1", datatype: "FP64", shape: [-1, 1] },
      ],
      outputs: [
        { name: "label", datatype: "BYTES", shape: [-1] },
        { name: "probabilities", datatype: "FP32", shape: [-1, 2] },
      ],
    });
    expect((await running.get("/v2/models/churn/versions/3")).text).toBe(text);
    expect((await running.get("/v2/models/churn/versions/2")).status).toBe(404);
  });

  it("says whether a model is ready", async () => {
    expect(JSON.parse((await running.get("/v2/models/churn/versions/3/ready")).text)).toEqual({
      name: "churn",
      ready: true,
    });
    expect((await running.get("/@shop/prod/v2/models/echo-bool/ready")).status).toBe(200);
  });
});

describe("infer", () => {
  it.each([
    ["one tensor per column", [tensor("x1", "FP32", [0, 0]), tensor("x0", "FP32", [2, -2])]],
    [
      "columns of shape [rows, 1], nested",
      [tensor("x0", "FP64", [[2], [-2]], [2, 1]), tensor("x1", "INT64", [0, 0], [2, 1])],
    ],
    ["one matrix, flat", [tensor("input", "FP32", [2, 0, -2, 0], [2, 2])]],
    [
      "one matrix, nested",
      [
        tensor(
          "input",
          "FP64",
          [
            [2, 0],
            [-2, 0],
          ],
          [2, 2],
        ),
      ],
    ],
  ])("O1/open-inference takes %s", async (_, inputs) => {
    const { status, json, headers } = await infer("churn", { id: "mine", inputs });
    expect(status).toBe(200);
    expect(json).toMatchObject({ model_name: "churn", model_version: "3", id: "mine" });
    expect(json.outputs[0]).toEqual({ name: "label", datatype: "BYTES", shape: [2], data: ["Yes", "No"] });
    expect(json.outputs[1]).toMatchObject({ name: "probabilities", datatype: "FP32", shape: [2, 2] });
    expect(json.outputs[1].data[1]).toBeCloseTo(1 / (1 + Math.exp(-2)), 6);
    expect(headers.get("causeway-prediction-id")).toBe(json.parameters.prediction_id);
    expect(headers.get("causeway-model-version")).toBe("3");
  });

  it("O12/id logs each row under the same record as the other protocol", async () => {
    const occurredAt = "2026-02-03T04:05:06.789Z";
    const inputs = [tensor("a", "FP64", [1, 2]), tensor("b", "INT64", [3, 4])];
    const { headers } = await infer("sum", { inputs, parameters: { occurredAt } });
    const id = headers.get("causeway-prediction-id");
    const rows = (await loggedPredictions(running.dataDir)).filter((row) => row.id.startsWith(`${id}.`));
    expect(rows.map(({ record, prediction }) => [record, prediction.value])).toEqual([
      [{ a: 1, b: 3 }, 4],
      [{ a: 2, b: 4 }, 6],
    ]);
    expect(rows[0]?.occurredAt).toBe(occurredAt);
  });

  it("keeps every digit of an INT64", async () => {
    const { text } = await infer(
      "echo-int64",
      '{"inputs":[{"name":"v","datatype":"INT64","shape":[2],"data":[9007199254740993,-5]}]}',
    );
    expect(text).toContain('"data":[9007199254740993,-5]');
  });

  it("carries text and booleans", async () => {
    expect(
      (await infer("echo-string", { inputs: [tensor("v", "BYTES", ["chào", ""])] })).json.outputs[0],
    ).toEqual({
      name: "out",
      datatype: "BYTES",
      shape: [2, 1],
      data: ["chào", ""],
    });
    const scoped = await running.post("/@shop/prod/v2/models/echo-bool/infer", {
      inputs: [tensor("v", "BOOL", [true, false])],
    });
    expect(scoped.json.outputs[0].data).toEqual([true, false]);
  });

  it("gives the outputs that were asked for", async () => {
    const inputs = [tensor("x0", "FP32", [1]), tensor("x1", "FP32", [0])];
    const { json } = await infer("churn", { inputs, outputs: [{ name: "probabilities" }] });
    expect(json.outputs.map((output: { name: string }) => output.name)).toEqual(["probabilities"]);
    expect((await infer("churn", { inputs, outputs: [{ name: "nope" }] })).json.error).toContain(
      "no output nope",
    );
  });
});

describe("refusals", () => {
  it.each([
    [
      "a missing and an extra input",
      "sum",
      { inputs: [tensor("a", "FP32", [1]), tensor("c", "FP32", [1])] },
      "b: expected INT64, got nothing; c: expected no such column, got a tensor",
    ],
    [
      "a wrong datatype",
      "sum",
      { inputs: [tensor("a", "BYTES", ["x"]), tensor("b", "FP32", [1])] },
      "a: expected FP64, got BYTES; b: expected INT64, got FP32",
    ],
    [
      "another number of rows",
      "sum",
      { inputs: [tensor("a", "FP32", [1, 2]), tensor("b", "INT64", [1])] },
      "b: expected the shape [2] or [2, 1], got [1]",
    ],
    [
      "a value of another type",
      "sum",
      { inputs: [tensor("a", "FP32", ["x"]), tensor("b", "INT64", [1])] },
      'row 0, a: expected double, got "x"',
    ],
    [
      "data that does not fill its shape",
      "sum",
      { inputs: [tensor("a", "FP32", [1], [2])] },
      "inputs[0].data: expected 2 elements for the shape [2], got 1",
    ],
    [
      "an unknown datatype",
      "sum",
      { inputs: [tensor("a", "FLOAT", [1])] },
      "inputs[0].datatype: expected one of",
    ],
    ["no inputs", "sum", {}, "inputs: expected a list of at least one tensor, got nothing"],
    ["no rows", "sum", { inputs: [tensor("a", "FP32", []), tensor("b", "INT64", [])] }, "at least one row"],
    ["no JSON", "sum", "{", "the body is not JSON"],
  ])("O1/validation refuses %s in the protocol's shape", async (_, deployment, body, message) => {
    const { status, json } = await infer(deployment, body);
    expect(status).toBe(400);
    expect(Object.keys(json)).toEqual(["error"]);
    expect(json.error).toContain(message);
  });

  it("maps what is not there, not known and not open", async () => {
    expect((await infer("nothing", {})).status).toBe(404);
    expect(
      (
        await running.post("/v2/models/churn/versions/2/infer", {
          inputs: [tensor("input", "FP32", [1, 0], [1, 2])],
        })
      ).status,
    ).toBe(404);
    const wrong = await running.post("/v2/models/churn/infer", {}, { authorization: "Bearer wrong" });
    expect([wrong.status, Object.keys(wrong.json)]).toEqual([401, ["error"]]);
    expect((await running.get("/v2/nowhere")).text).toContain('{"error"');
  });

  it("says that binary tensors are not taken", async () => {
    const { status, json } = await running.post("/v2/models/sum/infer", "{}", {
      "inference-header-content-length": "2",
    });
    expect([status, json.error]).toEqual([
      400,
      "binary tensors are not taken. send the tensors' data as JSON",
    ]);
  });
});
