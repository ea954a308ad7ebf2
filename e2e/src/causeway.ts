import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { mkdtemp, readFile, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { NodeClient } from "@causeway/sdk";
import { createClient } from "@causeway/sdk";
import { UpFile } from "@causeway/sdk/discovery";

/** The project's root and its command, as a user of the clone has them. */
export const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const COMMAND = join(ROOT, "cli", "bin", "causeway.js");

/** What a finished command left. */
export type Finished = { code: number; stdout: string; stderr: string };

/** Runs `causeway` with arguments to its end. */
export async function causeway(
  args: readonly string[],
  options: { cwd?: string; variables?: Record<string, string> } = {},
): Promise<Finished> {
  return run(process.execPath, [COMMAND, ...args], options);
}

/** Runs any program to its end; variables of the surroundings that would lead it astray are left out. */
export async function run(
  program: string,
  args: readonly string[],
  options: { cwd?: string; variables?: Record<string, string> } = {},
): Promise<Finished> {
  const child = spawn(program, args, {
    cwd: options.cwd ?? ROOT,
    env: { ...cleanVariables(), ...options.variables },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [stdout, stderr] = [collect(child.stdout), collect(child.stderr)];
  const [code] = await once(child, "close");
  return { code: code ?? -1, stdout: stdout.text(), stderr: stderr.text() };
}

function cleanVariables(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(CAUSEWAY_|VITEST|DATABASE_URL)/.test(name)),
  );
}

function collect(stream: NodeJS.ReadableStream): { text(): string } {
  let text = "";
  stream.setEncoding("utf8");
  stream.on("data", (chunk: string) => {
    text += chunk;
  });
  return { text: () => text };
}

/** A Causeway that a test started, in a data folder of its own. */
export type Running = {
  url: string;
  gatewayUrl: string;
  dataDir: string;
  readyMs: number;
  up: ChildProcess;
  client: NodeClient;
  /** The command with this Causeway's data folder. */
  cli(...args: string[]): Promise<Finished>;
  /** Numbers of the processes by name, as `up.json` has them now. */
  processes(): Promise<Record<string, number>>;
  /** Everything that `up` said on standard error. */
  said(): string;
  /** SIGTERM, then the exit code. */
  stop(): Promise<number>;
};

/** A new folder below the machine's temporary one. */
export async function temporaryFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), "causeway-e2e-"));
}

/** Starts `causeway up --json` on free ports and waits for its line. */
export async function startCauseway(
  options: { dataDir?: string; args?: readonly string[]; variables?: Record<string, string> } = {},
): Promise<Running> {
  const dataDir = options.dataDir ?? join(await temporaryFolder(), ".causeway");
  const args = [
    "up",
    "--json",
    "--port",
    "0",
    "--gateway-port",
    "0",
    "--data-dir",
    dataDir,
    ...(options.args ?? []),
  ];
  const up = spawn(process.execPath, [COMMAND, ...args], {
    cwd: ROOT,
    env: { ...cleanVariables(), ...options.variables },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const stderr = collect(up.stderr);
  const line = await firstLine(up, stderr);
  const ready: { url: string; gatewayUrl: string; dataDir: string; readyMs: number } = JSON.parse(line);
  const client = createClient({ dataDir: ready.dataDir });
  return {
    ...ready,
    up,
    client,
    cli: (...given) => causeway([...given, "--data-dir", ready.dataDir]),
    said: () => stderr.text(),
    processes: async () =>
      UpFile.parse(JSON.parse(await readFile(join(ready.dataDir, "up.json"), "utf8"))).processes,
    async stop() {
      if (up.exitCode !== null) return up.exitCode;
      const ended = once(up, "exit");
      up.kill("SIGTERM");
      const [code] = await ended;
      return code ?? -1;
    },
  };
}

async function firstLine(up: ChildProcess, stderr: { text(): string }): Promise<string> {
  let text = "";
  if (up.stdout === null) throw new Error("standard output is not a pipe");
  up.stdout.setEncoding("utf8");
  const ended = once(up, "exit").then(([code]) => {
    throw new Error(`up ended with ${code} before it was ready: ${stderr.text()}`);
  });
  const line = (async () => {
    for await (const chunk of up.stdout as AsyncIterable<string>) {
      text += chunk;
      const end = text.indexOf("\n");
      if (end >= 0) return text.slice(0, end);
    }
    return ended;
  })();
  ended.catch(() => undefined);
  return Promise.race([line, ended]);
}

/** Command lines of living processes that carry the data folder: after `stop` there must be none. */
export function processesOf(dataDir: string): string[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((pid) => {
      const commandLine = read(`/proc/${pid}/cmdline`).replaceAll("\0", " ").trim();
      const environment = read(`/proc/${pid}/environ`);
      const state = /^State:\s+(\S)/m.exec(read(`/proc/${pid}/status`))?.[1];
      const ours = commandLine.includes(dataDir) || environment.includes(dataDir);
      return ours && state !== "Z" && commandLine !== "" ? [`${pid} ${commandLine}`] : [];
    });
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

/** Takes a test's folder away, with the database that root keeps elsewhere and the folder only points to. */
export async function removeFolder(folder: string): Promise<void> {
  const options = { recursive: true, force: true, maxRetries: 5, retryDelay: 100 };
  for (const pointer of [join(folder, "postgres"), join(folder, ".causeway", "postgres")]) {
    const home = await realpath(pointer).catch(() => undefined);
    if (home !== undefined) await rm(home, options);
  }
  await rm(folder, options);
}
