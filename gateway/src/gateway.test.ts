import { chmod, mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { CHURN_SIGNATURE, churn, churnGolden, desiredOf, sum } from "../testing/deployments.ts";
import { type FakeControl, startFakeControl } from "../testing/fake-control.ts";
import { slowModel } from "../testing/onnx-bytes.ts";
import { loggedPredictions, startTestGateway, type TestGateway } from "../testing/running-gateway.ts";
import { column, signature } from "../testing/signatures.ts";

let control: FakeControl;
const started: TestGateway[] = [];

beforeAll(async () => {
  control = await startFakeControl();
});
afterAll(() => control.stop());
afterEach(async () => {
  await Promise.all(started.splice(0).map((one) => one.stop()));
});

async function start(more: Parameters<typeof startTestGateway>[1] = {}) {
  const running = await startTestGateway(control, more);
  started.push(running);
  return running;
}

const settle = async (running: TestGateway) => {
  while (!running.gateway.ready()) await new Promise((resume) => setTimeout(resume, 5));
};

describe("switching", () => {
  it("O2/no-failures moves to a new version without failing a request, twenty times under load", async () => {
    control.desire([churn(control)]);
    const running = await start({ name: "switch" });
    await settle(running);
    let stop = false;
    const statuses = new Map<number, number>();
    const versions = new Set<number>();
    const clients = Array.from({ length: 8 }, async () => {
      while (!stop) {
        const { status, json } = await running.post("/predict/churn", { x0: 1, x1: 0 });
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
        versions.add(json.version);
        // Every version's answer is its own: weight and version go together.
        expect(json.predictions[0].scores.Yes).toBeCloseTo(1 / (1 + Math.exp(-json.version)), 5);
        await new Promise((resume) => setTimeout(resume, 4));
      }
    });
    for (let version = 2; version <= 21; version++) {
      const golden = await churnGolden(version, [1, -2, 0.5]);
      control.desire([churn(control, { revision: version, version, weight: version, golden })]);
      await control.reported("churn", version, "ready");
      await expect.poll(() => versions.has(version), { interval: 5 }).toBe(true);
    }
    stop = true;
    await Promise.all(clients);
    expect([...statuses.keys()]).toEqual([200]);
    // The first may have been replaced before a client came.
    expect(versions.size).toBeGreaterThanOrEqual(20);
  }, 120_000);

  it("O3/warm-up R4/golden never makes a version ready whose golden rows come back differently; the old one serves on", async () => {
    control.desire([churn(control)]);
    const running = await start({ name: "golden" });
    await settle(running);
    const golden = [...(await churnGolden(5, [1])), ...(await churnGolden(1, [1]))];
    control.desire([churn(control, { revision: 2, version: 2, weight: 5, golden })]);
    const report = await control.reported("churn", 2, "failed");
    expect(report.problem).toMatch(
      /^GOLDEN_MISMATCH: 1 of 2 golden rows came back differently; row 1: recorded .*Yes.*got/,
    );
    const { status, json } = await running.post("/predict/churn", { x0: 1, x1: 0 });
    expect([status, json.version]).toEqual([200, 1]);
    expect(running.gateway.ready()).toBe(true);
  });

  it("reports a file that is no model, and one that does not match its digest", async () => {
    const rotten = sum(control, { name: "rotten" });
    control.corruptFile(rotten.digest);
    const text = desiredOf(control, {
      name: "text",
      signature: CHURN_SIGNATURE,
      bytes: Buffer.from("no model"),
    });
    control.desire([text, rotten]);
    const running = await start({ name: "bad" });
    expect((await control.reported("text", 1, "failed")).problem).toMatch(/^BAD_MODEL: /);
    expect((await control.reported("rotten", 1, "failed")).problem).toMatch(/^CORRUPT_ARTIFACT: /);
    const { status, json, headers } = await running.post("/predict/text", {});
    expect([status, json.code, headers.get("retry-after")]).toEqual([503, "UNAVAILABLE", "1"]);
  });

  it("stops serving what control no longer wants", async () => {
    control.desire([churn(control), sum(control)]);
    const running = await start({ name: "less" });
    await settle(running);
    control.desire([sum(control)]);
    await expect.poll(async () => (await running.post("/predict/churn", {})).status).not.toBe(200);
    expect((await running.post("/predict/sum", { a: 1, b: 1 })).status).toBe(200);
    await expect.poll(() => readdir(join(running.dataDir, "gateway", "less", "models"))).toHaveLength(1);
  });
});

describe("without control", () => {
  it("O6/down starts from what it kept and goes on serving", async () => {
    control.desire([churn(control)]);
    const first = await startTestGateway(control, { name: "alone" });
    await settle(first);
    await first.stop({ keep: true });
    const gone = { ...control, url: "http://127.0.0.1:9" };
    const again = await startTestGateway(gone, { name: "alone", dataDir: first.dataDir });
    started.push(again);
    await settle(again);
    expect((await again.post("/predict/churn", { x0: 1, x1: 0 })).status).toBe(200);
  });

  it("finds control again when its stream breaks", async () => {
    control.desire([churn(control)]);
    const running = await start({ name: "again" });
    await settle(running);
    control.disconnect();
    control.desire([churn(control), sum(control)]);
    await control.reported("sum", 1, "ready");
  });
});

it("serves what control wants also where it cannot keep it", async () => {
  control.desire([churn(control)]);
  const dataDir = await mkdtemp(join(tmpdir(), "gateway-"));
  await mkdir(join(dataDir, "gateway", "blocked", "state.json"), { recursive: true });
  const running = await start({ name: "blocked", dataDir });
  await settle(running);
  expect((await running.post("/predict/churn", { x0: 1, x1: 0 })).status).toBe(200);
});

describe("the prediction log", () => {
  it("O4/no-wait answers without a prediction id where the log cannot be written, and counts it", async () => {
    control.desire([churn(control)]);
    const running = await start({ name: "full" });
    await settle(running);
    await rm(join(running.dataDir, "spool", "full"), { recursive: true });
    const { status, json, headers } = await running.post("/predict/churn", { x0: 1, x1: 0 });
    expect([status, json.id, headers.get("causeway-prediction-id")]).toEqual([200, null, null]);
    const { text } = await running.get("/metrics", { authorization: `Bearer ${control.token}` });
    expect(text).toContain("causeway_gateway_unlogged_predictions_total 1");
  });

  it("has every answered row under concurrency", async () => {
    control.desire([churn(control)]);
    const running = await start({ name: "many" });
    await settle(running);
    const ids = await Promise.all(
      Array.from(
        { length: 500 },
        async () => (await running.post("/predict/churn", { x0: 1, x1: 0 })).json.id,
      ),
    );
    const rows = await loggedPredictions(running.dataDir, "many");
    expect(rows.map((row) => row.id).sort()).toEqual(ids.map((id) => `${id}.0`).sort());
  });
});

describe("slow models", () => {
  const inputs = signature([column("value", "double")], { task: "regression" });

  // Where a model runs is decided by how long it was seen to take, which a neighbour on the same cores may draw out once.
  it("O3/isolation run in a thread of their own, so that a small one beside them answers at once", {
    retry: 2,
  }, async () => {
    const slow = desiredOf(control, { name: "slow", signature: inputs, bytes: slowModel(400, 4) });
    control.desire([slow, sum(control)]);
    const running = await start({ name: "slow" });
    await settle(running);
    const { text } = await running.get("/metrics", { authorization: `Bearer ${control.token}` });
    expect(text).toContain('causeway_gateway_model_threaded{deployment="default/dev/slow"} 1');
    expect(text).toContain('causeway_gateway_model_threaded{deployment="default/dev/sum"} 0');
    let answered = 0;
    const heavy = Array.from({ length: 60 }, async () => {
      const answer = await running.post("/predict/slow", { value: 0.001 });
      answered += 1;
      return answer;
    });
    const small = await running.post("/predict/sum", { a: 1, b: 1 });
    const before = answered;
    const answers = await Promise.all(heavy);
    expect([small.status, ...new Set(answers.map((one) => one.status))]).toEqual([200, 200]);
    // Answers are counted, not time: how long each takes is the machine's affair.
    expect(before).toBeLessThan(heavy.length / 2);
  });

  it("O3/bounded refuse at once with Retry-After what waits beyond their bound", async () => {
    const slow = desiredOf(control, { name: "slow", signature: inputs, bytes: slowModel(400, 4) });
    control.desire([slow]);
    const running = await start({ name: "bound" });
    await settle(running);
    const records = Array.from({ length: 3000 }, () => ({ value: 0.001 }));
    const leave = new AbortController();
    const waiting = [1, 2].map(() =>
      fetch(`${running.url}/predict/slow`, {
        method: "POST",
        headers: { authorization: "Bearer key" },
        body: JSON.stringify({ records }),
        signal: leave.signal,
      }),
    );
    for (const one of waiting) one.catch(() => undefined);
    const refused = await Promise.race(waiting);
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "1"]);
    expect(await refused.json()).toMatchObject({ code: "OVERLOADED" });
    // The caller of the other goes away: its rows are passed over, and the next is answered soon.
    leave.abort();
    expect((await running.post("/predict/slow", { value: 0.001 })).status).toBe(200);
  }, 60_000);
});

it("keeps its state and its records from other users of the machine", async () => {
  control.desire([churn(control)]);
  const running = await start({ name: "private" });
  await settle(running);
  const { stat } = await import("node:fs/promises");
  for (const path of ["gateway/private", "spool/private"]) {
    expect((await stat(join(running.dataDir, path))).mode & 0o077).toBe(0);
  }
  // It serves before it has kept what it was told.
  const keptMode = () =>
    stat(join(running.dataDir, "gateway/private/state.json")).then(({ mode }) => mode & 0o077);
  await expect.poll(() => keptMode().catch(() => "not there")).toBe(0);
  await chmod(running.dataDir, 0o700);
});
