import { createHash, randomBytes } from "node:crypto";
import { readFileSync, rmSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { expect, it } from "vitest";
import { type Running, removeFolder, startCauseway } from "../src/causeway.ts";
import { databaseProcess } from "../src/database-process.ts";

const MOMENTS_MS = [300, 900, 1_700];
const WRITERS = 4;
const FILES = 150;
/** Most files lie in the commit that names them, every tenth is a file of its own at once. */
const LARGE_BYTES = 200_000;

type Wire = { url: string; token: string };
type Sent = { path: string; digest: string };

async function wire({ url, token }: Wire, method: string, path: string, body?: Buffer<ArrayBuffer> | string) {
  const type = typeof body === "string" ? "application/json" : "application/octet-stream";
  const headers = { authorization: `Bearer ${token}`, "content-type": type };
  return fetch(`${url}${path}`, { method, headers, ...(body === undefined ? {} : { body }) });
}

/** Sends one writer's files one after another, each until it is acknowledged. */
async function sendAll(to: Wire, folder: string, count = FILES): Promise<Sent[]> {
  const sent: Sent[] = [];
  for (let index = 0; index < count; index += 1) {
    const content = randomBytes(index % 10 === 0 ? LARGE_BYTES : 50 * (index + 1));
    const path = `${folder}/${index}.bin`;
    for (;;) {
      const answer = await wire(to, "PUT", path, content).catch(() => undefined);
      if (answer?.status === 200) break;
      if (answer !== undefined && answer.status < 500) throw new Error(`${path}: ${await answer.text()}`);
      await pause(20);
    }
    sent.push({ path, digest: createHash("sha256").update(content).digest("hex") });
  }
  return sent;
}

async function lost(from: Wire, sent: readonly Sent[]): Promise<string[]> {
  const missing: string[] = [];
  for (const { path, digest } of sent) {
    const answer = await wire(from, "GET", path);
    const content = Buffer.from(await answer.arrayBuffer());
    if (answer.status !== 200 || createHash("sha256").update(content).digest("hex") !== digest)
      missing.push(path);
  }
  return missing;
}

/** Kills everything at once, the database too, as a machine that loses its power. */
async function cutPower(running: Running): Promise<void> {
  const database = await databaseProcess(running.dataDir);
  const pids = [running.up.pid, ...Object.values(await running.processes()), database];
  for (const pid of pids) if (pid !== undefined && pid !== 0) killNow(pid);
  await pause(500);
}

function killNow(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended with the one before.
  }
}

/** What a disk may lose of files that were not synced: some are gone, some are empty. */
function loseFiles(dataDir: string, digests: readonly string[]): void {
  for (const [index, digest] of digests.entries()) {
    const file = join(dataDir, "artifacts", "sha256", digest.slice(0, 2), digest);
    if (index % 2 === 0) rmSync(file);
    else truncateSync(file);
  }
}

it("files that were acknowledged are all there after kill -9 of control and after a loss of power", {
  timeout: 240_000,
}, async () => {
  const running = await startCauseway();
  const token = readFileSync(join(running.dataDir, "admin-token"), "utf8").trim();
  const to = { url: running.url, token };
  const made = await wire(to, "POST", "/api/2.0/mlflow/runs/create", JSON.stringify({ experiment_id: "0" }));
  const { run } = (await made.json()) as { run: { info: { run_id: string } } }; // the wire's own shape
  const folder = `/api/2.0/mlflow-artifacts/artifacts/0/${run.info.run_id}/artifacts`;
  const sending = Promise.all(
    Array.from({ length: WRITERS }, (_, writer) => sendAll(to, `${folder}/${writer}`)),
  );
  let at = 0;
  for (const moment of MOMENTS_MS) {
    await pause(moment - at);
    at = moment;
    const { control } = await running.processes();
    if (control !== undefined && control !== 0) killNow(control);
  }
  const sent = (await sending).flat();
  expect(await lost(to, sent)).toEqual([]);

  // A start settles what waits and then gathers for a while: what comes now is in its commit alone.
  killNow((await running.processes())["control"] ?? 0);
  await sendAll(to, `${folder}/first`, 1);
  await pause(2_000);
  const unsynced = (await sendAll(to, `${folder}/last`, 60)).filter((_, index) => index % 10 !== 0);
  await cutPower(running);
  loseFiles(
    running.dataDir,
    unsynced.map(({ digest }) => digest),
  );
  const again = await startCauseway({ dataDir: running.dataDir });
  await expect
    .poll(() => lost({ url: again.url, token }, [...sent, ...unsynced]), { timeout: 60_000 })
    .toEqual([]);
  expect(await again.stop()).toBe(0);
  await removeFolder(running.dataDir);
});
