import { type ChildProcess, spawn } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { mkdir, open, readdir, writeFile } from "node:fs/promises";
import {
  request as ask,
  createServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ROOT, type Running, removeFolder, startCauseway, temporaryFolder } from "../src/causeway.ts";
import { requires } from "../src/requirement.ts";
import { type MlflowServer, startMlflow } from "./mlflow-server.ts";

const COMMAND = join(ROOT, "cli", "bin", "causeway.js");
const MEGABYTE = 1024 * 1024;
const LARGE_BYTES = 600 * MEGABYTE;
/** What a command of this program needs before it reads anything is about 110 MB. */
const MOST_BYTES = 260 * MEGABYTE;
/** Bytes of the large file after which the first connection breaks. */
const BREAKS_AFTER = 250 * MEGABYTE;

type Count = { found: number; taken: number; here: number; left: number };

describe.runIf(requires("mlflow"))("import from a server that breaks", () => {
  let running: Running;
  let folder: string;
  let mlflow: MlflowServer;
  let proxy: Server;
  let source: string;
  let trouble: Trouble;
  const digests = new Map<string, string>();

  beforeAll(async () => {
    folder = await temporaryFolder();
    await mkdir(join(folder, "tmp"));
    running = await startCauseway();
    mlflow = await startMlflow(folder);
    const { port } = mlflow;
    trouble = { once: new Set(), failing: new Set(), short: new Set(), ranges: [] };
    proxy = createServer((request, response) => pass(request, response, { port, trouble })).listen(
      0,
      "127.0.0.1",
    );
    await once(proxy, "listening");
    // The type has it that a server may listen on a path; this one listens on a port.
    source = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    await addRun(mlflow.url);
  }, 120_000);

  afterAll(async () => {
    proxy?.closeAllConnections();
    proxy?.close();
    await mlflow?.stop();
    await running?.stop();
    await removeFolder(running?.dataDir);
    await removeFolder(folder);
  });

  async function addRun(url: string): Promise<void> {
    const post = async (path: string, body: unknown) => {
      const response = await fetch(`${url}/api/2.0/mlflow/${path}`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      });
      return response.json();
    };
    const { run } = await post("runs/create", { experiment_id: "0", start_time: 1, run_name: "large" });
    await post("runs/update", { run_id: run.info.run_id, status: "FINISHED", end_time: 2 });
    const place = join(folder, "artifacts", "0", run.info.run_id, "artifacts");
    await mkdir(place, { recursive: true });
    digests.set("large.bin", await writeLarge(join(place, "large.bin")));
    for (const name of ["a-failing.bin", "b-short.bin", "c-fine.bin"]) {
      const bytes = randomBytes(3 * MEGABYTE);
      digests.set(name, createHash("sha256").update(bytes).digest("hex"));
      await writeFile(join(place, name), bytes);
    }
  }

  /** The command, with a folder of its own for files on their way. */
  function start(): {
    child: ChildProcess;
    finished: Promise<{ counts: Record<string, Count>; said: string; peak: number }>;
  } {
    const args = [COMMAND, "experiments", "import", source, "--json", "--data-dir", running.dataDir];
    const child = spawn(process.execPath, args, {
      env: { ...process.env, TMPDIR: join(folder, "tmp") },
      stdio: ["ignore", "pipe", "pipe"],
    });
    return { child, finished: finish(child) };
  }

  const scratch = async () => readdir(join(folder, "tmp"), { recursive: true });

  it("E9/idempotent goes on after a broken connection, at a bounded memory, and leaves out only what stays broken", async () => {
    trouble.once.add("large.bin");
    trouble.failing.add("a-failing.bin");
    trouble.short.add("b-short.bin");
    const { counts, said, peak } = await start().finished;
    console.info(`600 MB: ${Math.round(peak / MEGABYTE)} MB at the most`);
    expect(peak).toBeLessThan(MOST_BYTES);
    expect(trouble.ranges).toEqual([`bytes=${BREAKS_AFTER}-`]);
    expect(counts["files"]).toMatchObject({ found: 4, taken: 2, here: 0, left: 2 });
    expect(counts["runs"]).toMatchObject({ found: 1, taken: 1, left: 0 });
    expect(said).toMatch(/a-failing\.bin of the run large is left out: .* answered 500/);
    expect(said).toMatch(
      /b-short\.bin of the run large is left out: .* ended after 1572864 of 3145728 bytes/,
    );
    expect(await scratch()).toEqual([]);
    expect(await taken()).toEqual(["c-fine.bin", "large.bin"]);
  });

  it("E9/idempotent takes what was left out when it is mended, also after a kill, whose files on their way are removed", async () => {
    trouble.failing.clear();
    trouble.short.clear();
    const { child, finished } = start();
    finished.catch(() => {});
    while (!(await scratch()).some((name) => name.includes("/"))) await pause(5);
    child.kill("SIGKILL");
    await once(child, "close");
    expect(await scratch()).not.toEqual([]);
    const { counts } = await start().finished;
    const { found, taken: came, here, left } = counts["files"] ?? { found: 0, taken: 0, here: 0, left: 0 };
    expect({ found, sum: came + here, left }).toEqual({ found: 4, sum: 4, left: 0 });
    expect(here).toBeGreaterThanOrEqual(2);
    expect(await scratch()).toEqual([]);
    expect(await taken()).toEqual([...digests.keys()].sort());
    expect((await start().finished).counts["runs"]).toMatchObject({ found: 1, taken: 0, here: 1 });
  });

  /** Paths that have come, each with the right bytes. */
  async function taken(): Promise<string[]> {
    const { items } = await running.client.experiments.listRuns({});
    const { items: files } = await running.client.experiments.listArtifacts({ run: items[0]?.id ?? "" });
    for (const { path, digest } of files) expect(digest).toBe(digests.get(path));
    return files.map(({ path }) => path).sort();
  }
});

/** Which files go wrong: their first connection breaks, all fail, or only half comes as if it were all. */
type Trouble = { once: Set<string>; failing: Set<string>; short: Set<string>; ranges: string[] };

function pass(
  request: IncomingMessage,
  response: ServerResponse,
  { port, trouble }: { port: number; trouble: Trouble },
): void {
  const { url = "", method, headers } = request;
  const name = url.startsWith("/get-artifact")
    ? (new URL(url, "http://a").searchParams.get("path") ?? "")
    : "";
  if (trouble.failing.has(name)) return void response.writeHead(500).end("it cannot be read");
  if (headers.range !== undefined) trouble.ranges.push(headers.range);
  const onward = ask({ port, path: url, method, headers }, (answer) => {
    const whole = Number(answer.headers["content-length"]);
    if (trouble.short.has(name)) {
      response.writeHead(200, { "content-length": whole / 2 });
      let rest = whole / 2;
      answer.on("data", (piece: Buffer) => {
        response.write(piece.subarray(0, rest));
        rest -= Math.min(rest, piece.length);
      });
      return void answer.on("end", () => response.end());
    }
    response.writeHead(answer.statusCode ?? 500, answer.headers);
    if (!trouble.once.delete(name)) return void answer.pipe(response);
    let rest = BREAKS_AFTER;
    answer.on("data", (piece: Buffer) => {
      const isLast = piece.length >= rest;
      answer.pause();
      response.write(piece.subarray(0, rest), () => {
        if (!isLast) return void answer.resume();
        // What was written has left; the other side reads it before it sees the end.
        response.socket?.destroySoon();
        answer.destroy();
      });
      rest -= Math.min(rest, piece.length);
    });
  });
  request.pipe(onward);
}

async function finish(
  child: ChildProcess,
): Promise<{ counts: Record<string, Count>; said: string; peak: number }> {
  let peak = 0;
  const texts = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const)
    child[name]?.setEncoding("utf8").on("data", (piece: string) => {
      texts[name] += piece;
    });
  const timer = setInterval(() => {
    peak = Math.max(peak, highWater(child.pid));
  }, 50);
  const [code] = await once(child, "close");
  clearInterval(timer);
  if (code !== 0) throw new Error(texts.stderr);
  const { counts }: { counts: (Count & { thing: string })[] } = JSON.parse(texts.stdout);
  return {
    counts: Object.fromEntries(counts.map(({ thing, ...count }) => [thing, count])),
    said: texts.stderr,
    peak,
  };
}

/** The most memory that a process has held, in bytes. */
function highWater(pid: number | undefined): number {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) * 1024;
  } catch {
    return 0; // It has ended.
  }
}

/** A large file that no compression makes small; gives its digest. */
async function writeLarge(path: string): Promise<string> {
  const hash = createHash("sha256");
  const piece = randomBytes(MEGABYTE);
  const file = await open(path, "w");
  for (let written = 0; written < LARGE_BYTES; written += MEGABYTE) {
    piece.writeUInt32LE(written, 0);
    hash.update(piece);
    await file.write(piece);
  }
  await file.close();
  return hash.digest("hex");
}
