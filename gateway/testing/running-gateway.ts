import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { LoggedPrediction } from "@causeway/contract";
import pino from "pino";
import { createControl } from "../src/desired/control.ts";
import { type GatewayOptions, startGateway } from "../src/gateway.ts";
import type { FakeControl } from "./fake-control.ts";

export const PROGRAM = fileURLToPath(new URL("../src/main.ts", import.meta.url));

/** A gateway inside the test's process, listening on a free port. */
export async function startTestGateway(control: FakeControl, more: Partial<GatewayOptions> = {}) {
  const dataDir = more.dataDir ?? (await mkdtemp(join(tmpdir(), "gateway-")));
  const gateway = await startGateway({
    name: "g1",
    dataDir,
    version: "0.0.0",
    control: createControl({ url: control.url, token: control.token, gateway: more.name ?? "g1" }),
    token: control.token,
    hosts: [],
    trialProgram: [process.execPath, PROGRAM, "trial"],
    log: pino({ level: "silent" }),
    now: Date.now,
    ...more,
  });
  const port = await gateway.http.listen({ host: "127.0.0.1", port: 0, sharePort: false });
  const url = `http://127.0.0.1:${port}`;
  return {
    gateway,
    dataDir,
    port,
    url,
    /** Posts JSON with a deployment's key. */
    async post(path: string, body: unknown, headers: Record<string, string> = {}) {
      const response = await fetch(url + path, {
        method: "POST",
        headers: { authorization: "Bearer key", ...headers },
        body: typeof body === "string" ? body : JSON.stringify(body),
      });
      const text = await response.text();
      return { status: response.status, headers: response.headers, text, json: JSON.parse(text) };
    },
    async get(path: string, headers: Record<string, string> = { authorization: "Bearer key" }) {
      const response = await fetch(url + path, { headers });
      return { status: response.status, headers: response.headers, text: await response.text() };
    },
    async stop({ keep = false } = {}) {
      await gateway.stop(200);
      if (!keep) await rm(dataDir, { recursive: true, force: true });
    },
  };
}

export type TestGateway = Awaited<ReturnType<typeof startTestGateway>>;

/** Every line of a gateway's prediction log, parsed by the contract. */
export async function loggedPredictions(dataDir: string, name = "g1"): Promise<LoggedPrediction[]> {
  const folder = join(dataDir, "spool", name);
  const names = (await readdir(folder)).sort();
  const texts = await Promise.all(names.map((file) => readFile(join(folder, file), "utf8")));
  return texts
    .flatMap((text) => text.split("\n").filter(Boolean))
    .map((line) => LoggedPrediction.parse(JSON.parse(line)));
}
