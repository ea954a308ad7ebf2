import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { RunRecord, type Signature } from "@causeway/contract";
import { pino } from "pino";
import { afterAll, beforeAll, expect, it } from "vitest";
import { testDatabase } from "../testing/database.ts";
import { CLASSIFIER } from "../testing/tiny-models.ts";
import { composeLifecycle, composePlatform, type Foundation } from "./compose.ts";
import { createControl } from "./control.ts";
import { SYSTEM_SCOPE, systemCall } from "./platform/access/index.ts";
import { createNewId } from "./platform/database/index.ts";
import { createHttpServer } from "./protocols/rest/http-server.ts";

const newId = createNewId();
// A real gateway, a real control on a port: what is served when a version answers its golden rows differently.
const GATEWAY = join(import.meta.dirname, "..", "..", "gateway", "src", "main.ts");
const { database } = await testDatabase();
const dataDir = await mkdtemp(join(tmpdir(), "causeway-back-"));
const gatewayToken = `cwg_${"g".repeat(43)}`;
const adminToken = `cwa_${"a".repeat(43)}`;
await writeFile(join(dataDir, "admin-token"), adminToken);

const foundation: Foundation = {
  database,
  dataDir,
  log: pino({ enabled: false }),
  now: () => new Date(),
  newId,
};
const control = await createControl({
  ...foundation,
  url: "http://127.0.0.1:7420",
  http: { host: "127.0.0.1", port: 7420, allowedHosts: ["127.0.0.1"], noAuth: false },
  version: "9.9.9",
  databaseKind: "embedded",
  adminToken,
  gatewayToken,
  webFolder: dataDir,
});
const platform = composePlatform(foundation);
const { registry, deployments } = composeLifecycle(platform);
const call = systemCall(SYSTEM_SCOPE, "tester");
const http = createHttpServer();
http.serve((request, response) => control.app.routing(request, response));

const signature: Signature = {
  task: "classification",
  target: "Churn",
  classes: ["No", "Yes"],
  inputs: ["u", "v"].map((name) => ({
    name,
    type: "double",
    nullable: false,
    categories: null,
    range: null,
  })),
};

/** A version of the same model; `yes` is what it is said to have answered. */
async function addVersion(yes: number): Promise<void> {
  const file = await platform.artifacts.write(Readable.from([CLASSIFIER]));
  await database.db.transaction().execute((tx) =>
    registry.add(tx, call, {
      model: "churn",
      format: "onnx",
      files: [{ path: "model.onnx", ...file }],
      signature,
      golden: [{ record: { u: 0, v: 0 }, prediction: { value: "No", scores: { No: 1 - yes, Yes: yes } } }],
      report: null,
      run: null,
      pipelineRun: null,
      record: RunRecord.parse({}),
      description: "",
      evaluatedOn: null,
    }),
  );
}

let gateway: ChildProcess;
let port = 0;

async function startGateway(): Promise<void> {
  const { port: controlPort } = http.server.address() as AddressInfo; // it listens on a port
  const args = ["serve", "--data-dir", dataDir, "--control-url", `http://127.0.0.1:${controlPort}`];
  gateway = spawn(process.execPath, [GATEWAY, ...args, "--port", String(port), "--name", "g1"], {
    stdio: ["ignore", "ignore", "ignore", "ipc"],
    env: { ...process.env, CAUSEWAY_GATEWAY_TOKEN: gatewayToken },
  });
  const [ready] = await once(gateway, "message");
  port = (ready as { port: number }).port; // as a gateway announces itself
}

async function endGateway(signal: NodeJS.Signals): Promise<void> {
  const ended = once(gateway, "exit");
  gateway.kill(signal);
  await ended;
}

const get = () => deployments.getDeployment({ deployment: "churn" }, call);
let secret = "";

async function answeredBy(): Promise<number | string> {
  const response = await fetch(`http://127.0.0.1:${port}/predict/churn`, {
    method: "POST",
    headers: { authorization: `Bearer ${secret}`, "content-type": "application/json" },
    body: JSON.stringify({ u: 1, v: 0 }),
  }).catch(() => undefined);
  if (response?.status !== 200) return `status ${response?.status}`;
  return Number(response.headers.get("causeway-model-version"));
}

beforeAll(async () => {
  await new Promise<void>((resolve) => http.server.listen(0, "127.0.0.1", resolve));
  await startGateway();
  await addVersion(0.5);
  await addVersion(0.9);
  await deployments.createDeployment({ name: "churn", serve: "churn@1" }, call);
  ({ secret } = await deployments.createKey({ deployment: "churn", name: "test" }, call));
});

afterAll(async () => {
  await endGateway("SIGKILL");
  control.endStreams();
  await http.close(1_000);
  await control.stop();
  await platform.events.close();
  await rm(dataDir, { recursive: true, force: true });
});

it("R4/golden never serves a version whose golden rows come back different; what served before goes on", async () => {
  await expect.poll(async () => (await get()).state, { timeout: 20_000 }).toBe("ready");
  await expect.poll(answeredBy).toBe(1);
  await deployments.updateDeployment({ deployment: "churn", serve: "churn@2" }, call);
  await expect.poll(async () => (await get()).state, { timeout: 20_000 }).toBe("failed");
  const failed = await get();
  expect(failed).toMatchObject({ revision: { version: 2 }, serving: { version: 1 } });
  expect(failed.gateways.find(({ revision }) => revision === 2)?.problem).toContain("GOLDEN_MISMATCH");
  expect(await answeredBy()).toBe(1);
});

it("comes up with what served before when the gateway is killed after a failed switch", async () => {
  await endGateway("SIGKILL");
  await startGateway();
  await expect.poll(answeredBy, { timeout: 20_000 }).toBe(1);
  expect(await get()).toMatchObject({ state: "failed", serving: { version: 1 } });
});

it("moves on with the next good version", async () => {
  await addVersion(0.5);
  await deployments.updateDeployment({ deployment: "churn", serve: "churn@3" }, call);
  await expect.poll(async () => (await get()).state, { timeout: 20_000 }).toBe("ready");
  expect(await answeredBy()).toBe(3);
});
