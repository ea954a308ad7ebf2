import { PredictAnswer } from "@causeway/contract";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { churn, echo, sum } from "../../testing/deployments.ts";
import { type FakeControl, startFakeControl } from "../../testing/fake-control.ts";
import { loggedPredictions, startTestGateway, type TestGateway } from "../../testing/running-gateway.ts";

let control: FakeControl;
let running: TestGateway;

beforeAll(async () => {
  control = await startFakeControl();
  control.desire([
    churn(control),
    sum(control),
    echo(control, "int64"),
    echo(control, "string"),
    churn(control, { project: "shop", environment: "prod", version: 9, model: "shop churn" }),
  ]);
  running = await startTestGateway(control);
  for (const name of ["churn", "sum", "echo-int64", "echo-string"]) await control.reported(name, 1, "ready");
  while (!running.gateway.ready()) await new Promise((resume) => setTimeout(resume, 10));
});

afterAll(async () => {
  await running?.stop();
  await control?.stop();
});

describe("answers", () => {
  it("O1/predict answers a record by column name, with class and scores", async () => {
    const { status, json, headers } = await running.post("/predict/churn", { x1: 0, x0: 2 });
    expect(status).toBe(200);
    const answer = PredictAnswer.parse(json);
    expect(answer).toMatchObject({ model: "churn", version: 1 });
    expect(answer.predictions[0]?.value).toBe("Yes");
    expect(answer.predictions[0]?.scores?.["Yes"]).toBeCloseTo(1 / (1 + Math.exp(-2)), 6);
    expect(headers.get("causeway-model-version")).toBe("1");
    expect(headers.get("causeway-prediction-id")).toBe(answer.id);
  });

  it("O1/predict answers many records in their order", async () => {
    const records = Array.from({ length: 300 }, (_, a) => ({ a, b: 1 }));
    const { json } = await running.post("/predict/sum", { records });
    expect(PredictAnswer.parse(json).predictions.map((prediction) => prediction.value)).toEqual(
      records.map(({ a }) => a + 1),
    );
  });

  it("answers in another scope under its prefix", async () => {
    const { json, headers } = await running.post("/@shop/prod/predict/churn", { x0: 1, x1: 0 });
    expect(json).toMatchObject({ model: "shop churn", version: 9 });
    expect(headers.get("causeway-model-version")).toBe("9");
    expect((await running.post("/@shop/dev/predict/churn", {})).status).toBe(404);
  });

  it("keeps integers beyond 2^53, sent as text or as digits", async () => {
    for (const body of ['{"v": "9007199254740993"}', '{"v": 9007199254740993}']) {
      const { json } = await running.post("/predict/echo-int64", body);
      expect(json.predictions).toEqual([{ value: "9007199254740993" }]);
    }
    expect((await running.post("/predict/echo-int64", { v: 12 })).json.predictions).toEqual([{ value: 12 }]);
  });

  it("keeps every digit of a float", async () => {
    const { json } = await running.post("/predict/sum", '{"a": 0.30000000000000004, "b": 1}');
    const [row] = (await loggedPredictions(running.dataDir)).filter(({ id }) => id.startsWith(json.id));
    expect(row?.record).toEqual({ a: 0.30000000000000004, b: 1 });
  });

  it("takes a missing value where the signature allows it", async () => {
    const { json } = await running.post("/predict/sum", { a: 1, b: null });
    expect(json.predictions).toEqual([{ value: "NaN" }]);
  });

  it("serves a category that training never saw, and counts it", async () => {
    expect((await running.post("/predict/echo-string", { v: "green" })).json.predictions).toEqual([
      { value: "green" },
    ]);
    const { text } = await running.get("/metrics", { authorization: `Bearer ${control.token}` });
    expect(text).toContain(
      'causeway_gateway_unseen_categories_total{deployment="default/dev/echo-string",column="v"} 1',
    );
  });
});

describe("the prediction log", () => {
  it("O12/id holds every row before its answer is sent, under the id of the answer", async () => {
    const occurredAt = "2026-01-31T10:00:00+01:00";
    const { json } = await running.post("/predict/sum", {
      records: [
        { a: 1, b: 2 },
        { a: 3, b: 4 },
      ],
      occurredAt,
    });
    const rows = (await loggedPredictions(running.dataDir)).filter((row) => row.id.startsWith(json.id));
    expect(rows.map((row) => row.id)).toEqual([`${json.id}.0`, `${json.id}.1`]);
    expect(rows[1]).toMatchObject({
      project: "default",
      environment: "dev",
      deployment: "sum",
      revision: 1,
      model: "sum",
      version: 1,
      occurredAt: "2026-01-31T09:00:00.000Z",
      record: { a: 3, b: 4 },
      prediction: { value: 7 },
      gateway: "g1",
    });
    expect(rows[1]?.latencyMs).toBeGreaterThan(0);
  });

  it("takes the time of a single record, and the time of receipt where none is given", async () => {
    const timed = await running.post("/predict/sum", { a: 1, b: 2, occurredAt: "2025-06-01T00:00:00Z" });
    const plain = await running.post("/predict/sum", { a: 1, b: 2 });
    const rows = await loggedPredictions(running.dataDir);
    expect(rows.find((row) => row.id === `${timed.json.id}.0`)).toMatchObject({
      occurredAt: "2025-06-01T00:00:00.000Z",
      record: { a: 1, b: 2 },
    });
    const row = rows.find((one) => one.id === `${plain.json.id}.0`);
    expect(row?.occurredAt).toBe(row?.receivedAt);
  });
});

describe("refusals", () => {
  it("O1/validation names every missing, extra and mistyped field at once", async () => {
    const { status, json } = await running.post("/predict/sum", { a: "abc", c: 1 });
    expect(status).toBe(400);
    expect(json).toMatchObject({ code: "INVALID_FIELD", field: "a", requestId: expect.any(String) });
    expect(json.issues).toEqual([
      { field: "a", expected: "double", got: '"abc"' },
      { field: "b", expected: "integer or null", got: "nothing" },
      { field: "c", expected: "no such column", got: "1" },
    ]);
    expect(json.detail).toBe(
      'a: expected double, got "abc"; b: expected integer or null, got nothing; c: expected no such column, got 1',
    );
  });

  it("names the row in a list of records", async () => {
    const { json } = await running.post("/predict/sum", {
      records: [
        { a: 1, b: 1 },
        { a: 1, b: 1.5 },
      ],
    });
    expect(json.issues).toEqual([{ row: 1, field: "b", expected: "integer or null", got: "1.5" }]);
  });

  it.each([
    ["a fraction for an integer", "/predict/echo-int64", { v: 1.5 }],
    ["an integer beyond 64 bits", "/predict/echo-int64", '{"v": 99999999999999999999}'],
    ["a small integer as text", "/predict/echo-int64", { v: "12" }],
    ["null where nothing may be missing", "/predict/echo-int64", { v: null }],
    ["a name that every object has", "/predict/echo-string", { constructor: "x" }],
    ["no records", "/predict/sum", { records: [] }],
    ["something beside records", "/predict/sum", { records: [{ a: 1, b: 1 }], c: 1 }],
    ["a record that is no object", "/predict/sum", { records: [3] }],
    ["a time without a zone", "/predict/sum", { a: 1, b: 1, occurredAt: "2026-01-01" }],
  ])("refuses %s", async (_, path, body) => {
    const { status, json } = await running.post(path, body);
    expect([status, json.code]).toEqual([400, "INVALID_FIELD"]);
    expect(json.issues.length).toBeGreaterThan(0);
  });

  it.each([
    ["no JSON", "{a: 1}", 400],
    ["nothing", "", 400],
    ["a list", "[1]", 400],
    ["a body over the limit", `{"a": "${"x".repeat(17 << 20)}"}`, 413],
  ])("refuses %s", async (_, body, status) => {
    expect((await running.post("/predict/sum", body)).status).toBe(status);
  });

  it("refuses what is not UTF-8", async () => {
    const response = await fetch(`${running.url}/predict/sum`, {
      method: "POST",
      headers: { authorization: "Bearer key" },
      body: Buffer.from([0x7b, 0xff, 0x7d]),
    });
    expect(await response.json()).toMatchObject({ code: "BAD_REQUEST", detail: "the body is not UTF-8" });
  });

  it("says what a path would take", async () => {
    const { status, headers } = await running.get("/predict/sum");
    expect([status, headers.get("allow")]).toEqual([405, "POST"]);
    expect((await running.get("/nowhere")).status).toBe(404);
  });

  it("tells an unknown deployment to those with a key alone", async () => {
    expect((await running.post("/predict/nothing", {})).status).toBe(404);
    expect((await running.post("/predict/nothing", {}, { authorization: "Bearer wrong" })).status).toBe(401);
  });
});
