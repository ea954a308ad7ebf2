import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { churn } from "../../testing/deployments.ts";
import { type FakeControl, startFakeControl } from "../../testing/fake-control.ts";
import { loggedPredictions, startTestGateway, type TestGateway } from "../../testing/running-gateway.ts";

let control: FakeControl;
let running: TestGateway;

beforeAll(async () => {
  control = await startFakeControl();
  control.desire([
    churn(control, { name: "plain" }),
    churn(control, { name: "keyed", key: "customer" }),
    churn(control, { name: "inside", key: "x0" }),
  ]);
  running = await startTestGateway(control);
  while (!running.gateway.ready()) await new Promise((resume) => setTimeout(resume, 10));
});

afterAll(async () => {
  await running?.stop();
  await control?.stop();
});

const rowsOf = async (id: string) =>
  (await loggedPredictions(running.dataDir)).filter((row) => row.id.startsWith(id));

describe("key", () => {
  it("O4/truth logs the business key beside the record and does not give it to the model", async () => {
    const records = [
      { x0: 1, x1: 0, customer: "a-7" },
      { x0: 1, x1: 0, customer: 42 },
      { x0: 1, x1: 0, customer: null },
      { x0: 1, x1: 0 },
    ];
    const { status, json } = await running.post("/predict/keyed", { records });
    expect(status).toBe(200);
    const rows = await rowsOf(json.id);
    expect(rows.map(({ key }) => key)).toEqual(["a-7", "42", null, null]);
    expect(rows.map(({ record }) => record)).toEqual(records.map(() => ({ x0: 1, x1: 0 })));
  });

  it("logs a key that is one of the model's columns, and the record as it was", async () => {
    const { json } = await running.post("/predict/inside", { x0: 1.5, x1: 0 });
    expect((await rowsOf(json.id)).map(({ key, record }) => [key, record])).toEqual([
      ["1.5", { x0: 1.5, x1: 0 }],
    ]);
  });

  it("takes the key as a tensor of the Open Inference Protocol", async () => {
    const tensor = (name: string, datatype: string, data: unknown[]) => ({
      name,
      datatype,
      shape: [2],
      data,
    });
    const inputs = [
      tensor("customer", "BYTES", ["k1", "k2"]),
      tensor("x0", "FP64", [1, 2]),
      tensor("x1", "FP64", [0, 0]),
    ];
    const parameters = { occurredAt: ["2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"] };
    const { status, headers } = await running.post("/v2/models/keyed/infer", { inputs, parameters });
    expect(status).toBe(200);
    const rows = await rowsOf(headers.get("causeway-prediction-id") ?? "none");
    expect(rows.map(({ key, occurredAt }) => [key, occurredAt])).toEqual([
      ["k1", "2026-01-01T00:00:00.000Z"],
      ["k2", "2026-01-02T00:00:00.000Z"],
    ]);
  });

  it("refuses a key that is no plain value, and a column of that name where no key is known", async () => {
    const odd = await running.post("/predict/keyed", { x0: 1, x1: 0, customer: { id: 7 } });
    expect(odd.status).toBe(400);
    expect(odd.json).toMatchObject({ code: "INVALID_FIELD", field: "customer" });
    expect((await running.post("/predict/plain", { x0: 1, x1: 0, customer: "a" })).status).toBe(400);
  });
});

describe("event time", () => {
  it("takes one time for all records of a request, or one for each", async () => {
    const records = [
      { x0: 1, x1: 0 },
      { x0: 2, x1: 0 },
    ];
    const one = await running.post("/predict/plain", { records, occurredAt: "2026-01-31T09:30:00+07:00" });
    expect((await rowsOf(one.json.id)).map(({ occurredAt }) => occurredAt)).toEqual([
      "2026-01-31T02:30:00.000Z",
      "2026-01-31T02:30:00.000Z",
    ]);
    const each = await running.post("/predict/plain", {
      records,
      occurredAt: ["2026-02-02T00:00:00Z", "2026-02-01T00:00:00Z"],
    });
    expect((await rowsOf(each.json.id)).map(({ occurredAt }) => occurredAt)).toEqual([
      "2026-02-02T00:00:00.000Z",
      "2026-02-01T00:00:00.000Z",
    ]);
  });

  it("refuses a list of another length, and what is no time in it", async () => {
    const records = [{ x0: 1, x1: 0 }];
    for (const occurredAt of [[], ["2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z"], ["soon"], [null]]) {
      const { status, json } = await running.post("/predict/plain", { records, occurredAt });
      expect([status, json.field]).toEqual([400, "occurredAt"]);
    }
  });
});

it("tells how far event time had come in what a killed gateway left", async () => {
  const { json } = await running.post("/predict/keyed", { x0: 1, x1: 0, occurredAt: "2032-01-01T00:00:00Z" });
  const [row] = await rowsOf(json.id);
  const dataDir = await mkdtemp(join(tmpdir(), "gateway-"));
  await mkdir(join(dataDir, "spool", "g2"), { recursive: true });
  const lines = [row, { ...row, occurredAt: "2031-12-31T00:00:00.000Z" }].map((one) => JSON.stringify(one));
  await writeFile(join(dataDir, "spool", "g2", `${json.id}.jsonl`), `${lines.join("\n")}\n{"id":"torn`);
  const next = await startTestGateway(control, { name: "g2", dataDir });
  const told = () =>
    control.reports.filter(({ gateway }) => gateway === "g2").flatMap(({ traffic }) => traffic);
  await expect.poll(() => told().length).toBeGreaterThan(0);
  expect(told()[0]).toMatchObject({
    deployment: "keyed",
    revision: 1,
    requests: 0,
    firstOccurredAt: "2031-12-31T00:00:00.000Z",
    lastOccurredAt: "2032-01-01T00:00:00.000Z",
  });
  await next.stop();
});

// Its bound is wall time, which a neighbour on the same cores may hold up once.
it("O4/traffic tells control within a second what was answered, again until it is taken", {
  retry: 2,
}, async () => {
  onTestFinished(() => control.refuseReports(false));
  const told = () =>
    control.reports.flatMap(({ traffic }) => traffic).filter((one) => one.deployment === "keyed");
  await expect.poll(() => told().length).toBeGreaterThan(0);
  const before = told().length;
  control.refuseReports(true);
  await running.post("/predict/keyed", { x0: 1, x1: 0, occurredAt: "2031-01-01T00:00:00Z" });
  const startedAt = performance.now();
  await expect.poll(() => told().length, { interval: 20 }).toBeGreaterThan(before);
  expect(performance.now() - startedAt).toBeLessThan(1000);
  await expect.poll(() => told().length).toBeGreaterThan(before + 1);
  const repeated = told().slice(before);
  expect(new Set(repeated.map(({ from }) => from)).size).toBe(1);
  expect(repeated[0]).toMatchObject({ requests: 1, rows: 1, lastOccurredAt: "2031-01-01T00:00:00.000Z" });
});
