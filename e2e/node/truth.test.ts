import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { linearModel, linearSignature } from "../../bench/src/linear-model.ts";
import { type Running, removeFolder, startCauseway, temporaryFolder } from "../src/causeway.ts";

let running: Running;
let folder: string;
const record = Object.fromEntries(linearSignature.inputs.map(({ name }, index) => [name, index / 8]));

beforeAll(async () => {
  folder = await temporaryFolder();
  running = await startCauseway();
  const { experiments, registry } = running.client;
  const { id: run } = await experiments.startRun({});
  const file = { run, path: "model.onnx" };
  await experiments.uploadArtifact(file, new Blob([Uint8Array.from(linearModel)]));
  await registry.register({
    ...file,
    model: "churn",
    format: "onnx",
    signature: linearSignature,
    examples: [record],
  });
  const made = await running.cli(
    ...["deployments", "create", "churn", "--serve", "churn@1", "--key", "customer", "--keep", "90 days"],
  );
  expect(made.code, made.stderr).toBe(0);
}, 120_000);

afterAll(async () => {
  await running.stop();
  await removeFolder(running.dataDir);
  await removeFolder(folder);
});

it("O4/truth O4/query M2/coverage joins what came true with what was predicted, by key and by id", async () => {
  const { deployments } = running.client;
  const records = ["an", "binh", "chi"].map((customer) => ({ ...record, customer }));
  const days = [1, 2, 3].map((day) => `2026-01-0${day}T00:00:00.000Z`);
  const answer = await deployments.predict("churn", records, { occurredAt: days });
  const receipt = await deployments.recordTruth("churn", [
    { predictionId: `${answer.id}.0`, value: "Yes", occurredAt: "2026-01-11T00:00:00.000Z" },
    { key: "binh", value: "No", occurredAt: "2026-01-12T00:00:00.000Z" },
  ]);
  expect(receipt).toEqual({ accepted: 2, unchanged: 0, corrected: 0, held: 0 });
  const known = await deployments.listPredictions({ deployment: "churn", truth: "known" });
  expect(known.items.map(({ key, occurredAt, truth }) => [key, occurredAt, truth?.value])).toEqual([
    ["binh", days[1], "No"],
    ["an", days[0], "Yes"],
  ]);
  await expect
    .poll(async () => (await deployments.getLog({ deployment: "churn" })).lastReceivedAt)
    .not.toBeNull();
  expect(await deployments.getLog({ deployment: "churn" })).toMatchObject({
    rows: 3,
    lastOccurredAt: days[2],
    retentionDays: 90,
    truth: { labelled: 2, lagSeconds: { p50: 864_000 } },
  });
}, 120_000);

it("O4/traffic shows within seconds what gateways answered", async () => {
  const { deployments } = running.client;
  await deployments.predict("churn", record);
  const requests = async () => {
    const { items } = await deployments.getTraffic({ deployment: "churn" });
    return items.reduce((sum, span) => sum + span.requests, 0);
  };
  await expect.poll(requests).toBeGreaterThanOrEqual(2);
}, 120_000);

it("O4/bulk takes a file from the command line, and names the lines that it refuses", async () => {
  const { deployments } = running.client;
  const { id } = await deployments.predict("churn", [record, record]);
  const path = join(folder, "labels.csv");
  const truth = ["deployments", "truth", "churn", path, "--id-column", "id", "--value-column", "left"];
  writeFileSync(path, `id,left\n${id}.0,Yes\n${id}.1,Maybe\n`);
  const refused = await running.cli(...truth);
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain("line 3, left: not one of the classes No, Yes, got Maybe");
  writeFileSync(path, `id,left\n${id}.0,Yes\n${id}.1,No\n`);
  const taken = await running.cli(...truth, "--json");
  expect(taken.code, taken.stderr).toBe(0);
  expect(JSON.parse(taken.stdout).receipt).toEqual({ accepted: 2, unchanged: 0, corrected: 0, held: 0 });
  const log = await running.cli("deployments", "log", "churn", "--truth", "known", "--limit", "2");
  expect(log.stdout).toContain(`${id}.1`);
  expect(log.stdout).toMatch(/truth known of/);
}, 120_000);
