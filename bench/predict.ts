/**
 * Predictions of one row by a small model, on one core: the gateway (keys checked, every prediction logged), FastAPI with
 * onnxruntime, and a bare node:http server. `node bench/predict.ts [python]`; without a Python that has the packages, one is
 * made in the temporary folder.
 */
import { type ChildProcess, execFile, execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { startFakeControl } from "../gateway/testing/fake-control.ts";
import { startGatewayProcess } from "../gateway/testing/gateway-process.ts";
import { percentile, postText, runOpenLoop } from "../gateway/testing/open-loop.ts";
import { columns, linearModel, linearSignature, row } from "./src/linear-model.ts";
import { cpuSeconds, pssMB } from "./src/memory.ts";
import { report, round, spread } from "./src/report.ts";

const run = promisify(execFile);
const REPEATS = 3;
const SECONDS = 8;
const CONNECTIONS = 32;
const KEY = "cwk_benchmark";
const SERVER_CORE = "0";
const LOAD_CORE = "1";
const PACKAGES = [
  "fastapi==0.165.0",
  "onnxruntime==1.31.1",
  "orjson==3.13.0",
  "uvicorn==0.54.0",
  "uvloop==0.23.0",
  "httptools==0.9.0",
];

type Server = { readonly who: string; readonly port: number; readonly pid: number };

const folder = await mkdtemp(join(tmpdir(), "causeway-bench-"));
const modelPath = join(folder, "model.onnx");
await writeFile(modelPath, linearModel);
const peers: ChildProcess[] = [];

const control = await startFakeControl();
const file = control.addFile("model.onnx", linearModel);
control.desire([
  {
    project: "default",
    environment: "dev",
    name: "churn",
    revision: 1,
    model: "churn",
    version: 1,
    digest: file.digest,
    format: "onnx",
    files: [file],
    signature: linearSignature,
    golden: [],
    key: null,
    pythonEnvironment: null,
    keys: [createHash("sha256").update(KEY).digest("hex")],
  },
]);
const gateway = await startGatewayProcess(control, {
  dataDir: join(folder, "data"),
  args: ["--log-level", "error"],
});
await gateway.ready();

const servers: Server[] = [
  { who: "gateway", port: gateway.port, pid: gateway.child.pid ?? 0 },
  await startPeer("fastapi", pythonWithPackages(), [
    fileURLToPath(new URL("peers/fastapi_predict.py", import.meta.url)),
    modelPath,
    ...columns,
  ]),
  await startPeer("node:http", process.execPath, [
    fileURLToPath(new URL("peers/bare-node.ts", import.meta.url)),
  ]),
];
pin(process.pid, LOAD_CORE);
for (const server of servers) pin(server.pid, SERVER_CORE);

const throughput = new Map<string, number[]>();
const latency = new Map<string, number[]>();
const processorTime = new Map<string, number[]>();
for (const server of servers) await load(server, 2);
for (let repeat = 0; repeat < REPEATS; repeat++) {
  for (const server of servers) {
    const before = cpuSeconds([server.pid]);
    const perSecond = await load(server, SECONDS);
    add(throughput, server.who, perSecond);
    add(processorTime, server.who, ((cpuSeconds([server.pid]) - before) * 1e6) / (perSecond * SECONDS));
    const request = postText("/predict/churn", row, KEY);
    const { latenciesMs } = await runOpenLoop({
      port: server.port,
      request,
      ratePerSecond: 1000,
      until: pause(SECONDS * 1000),
    });
    add(latency, server.who, percentile(latenciesMs, 0.99));
  }
}

const median = (values: Map<string, number[]>, who: string) => spread(values.get(who) ?? []).median;
for (const { who, pid } of servers) {
  const ours = who === "gateway";
  report({
    bench: "predict",
    line: "one row, JSON, one core, 32 connections",
    who,
    unit: "requests/s",
    ...spread(throughput.get(who) ?? []),
    ...(ours ? {} : { ratio: round(median(throughput, "gateway") / median(throughput, who)) }),
    ...(who === "fastapi" ? { budget: 2 } : {}),
  });
  report({
    bench: "predict",
    line: "processor time of a request, all threads",
    who,
    unit: "us",
    ...spread(processorTime.get(who) ?? []),
    ...(ours ? {} : { ratio: round(median(processorTime, "gateway") / median(processorTime, who)) }),
  });
  report({
    bench: "predict",
    line: "p99 at 1,000 requests/s, open loop",
    who,
    unit: "ms",
    ...spread((latency.get(who) ?? []).map(round)),
    ...(ours ? { budget: 1 } : { ratio: round(median(latency, "gateway") / median(latency, who)) }),
  });
  report({
    bench: "predict",
    line: "memory after load (PSS)",
    who,
    unit: "MB",
    ...spread([round(pssMB(pid))]),
    ...(ours ? { budget: 130 } : {}),
  });
}

await gateway.end("SIGTERM");
for (const peer of peers) peer.kill();
await control.stop();
await rm(folder, { recursive: true });

/** Requests per second of a closed loop, by autocannon on the other core. */
async function load({ port, who }: Server, seconds: number): Promise<number> {
  const program = fileURLToPath(import.meta.resolve("autocannon"));
  const { stdout } = await run("taskset", [
    ...[
      "-c",
      LOAD_CORE,
      process.execPath,
      program,
      "--json",
      "-c",
      String(CONNECTIONS),
      "-d",
      String(seconds),
    ],
    ...["-m", "POST", "-H", `authorization=Bearer ${KEY}`, "-H", "content-type=application/json", "-b", row],
    `http://127.0.0.1:${port}/predict/churn`,
  ]);
  const { requests, non2xx, errors } = JSON.parse(stdout);
  if (non2xx > 0 || errors > 0) throw new Error(`${who} failed ${non2xx + errors} requests`);
  return requests.average;
}

async function startPeer(who: string, command: string, [program = "", ...args]: string[]): Promise<Server> {
  const port = await freePort();
  const child = spawn(command, [program, String(port), ...args], { stdio: ["ignore", "ignore", "inherit"] });
  peers.push(child);
  const body = { method: "POST", body: row };
  for (let tries = 0; ; tries++) {
    const response = await fetch(`http://127.0.0.1:${port}/predict/churn`, body).catch(() => null);
    if (response?.ok) return { who, port, pid: child.pid ?? 0 };
    if (tries > 200) throw new Error(`${who} does not answer`);
    await pause(100);
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}

function pythonWithPackages(): string {
  const [given] = process.argv.slice(2);
  if (given) return given;
  const home = join(tmpdir(), "causeway-bench-python");
  const python = join(home, "bin", "python");
  if (!existsSync(python)) execFileSync("python3", ["-m", "venv", home], { stdio: "inherit" });
  execFileSync(python, ["-m", "pip", "install", "--quiet", ...PACKAGES], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  return python;
}

function pin(pid: number, core: string): void {
  execFileSync("taskset", ["-a", "-p", "-c", core, String(pid)], { stdio: "ignore" });
}

function add(to: Map<string, number[]>, who: string, value: number): void {
  to.set(who, [...(to.get(who) ?? []), value]);
}
