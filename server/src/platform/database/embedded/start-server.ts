import type { ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Binaries } from "./binaries.ts";
import type { ClusterPlace } from "./cluster-place.ts";
import { dataOf } from "./create-cluster.ts";
import { isRunning, type Postmaster, processesIn, readPostmaster, servesDirectory } from "./postmaster.ts";
import { explainSpawnFailure, type Program, spawnProgram } from "./run-program.ts";
import { classifyFailure, explainServerFailure } from "./server-failure.ts";
import { openServerLog } from "./server-log.ts";
import { serverArguments, socketUrl } from "./server-settings.ts";
import { claimSocketFolder, findSocketFolder, removeSocketFolder, SOCKET } from "./socket-folder.ts";
import { withConnection } from "./with-connection.ts";

const POLL_MS = 3;
const PATIENCE_MS = 10_000;

/** A server that answers. */
export interface RunningServer {
  pid: number;
  socketFolder: string;
  /** Where it came from: found running, or started by this process. */
  origin: "adopted" | "started";
}

/** Adopts the server that runs on a cluster, or starts one. */
export async function runServer(place: ClusterPlace, binaries: Binaries): Promise<RunningServer> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const adopted = await adoptServer(place);
    if (adopted !== undefined) return adopted;
    const socketFolder = await claimSocketFolder(place, readPostmaster(dataOf(place))?.socketFolder);
    await clearRemains(place, socketFolder);
    const result = await tryStart(place, { binaries, socketFolder });
    if ("pid" in result) return result;
    const reason = classifyFailure(result.output);
    const mayPass = reason === "memory-held" || reason === "still-running";
    if (!mayPass || performance.now() > deadline) {
      await removeSocketFolder(socketFolder);
      throw explainServerFailure("starting it", place.home, result.output);
    }
    if (reason === "memory-held") endOrphans(place);
    await sleep(20);
  }
}

/** Ends a server: open transactions are rolled back, everything committed is written down. */
export async function stopServer(pid: number, withinMs: number): Promise<void> {
  signal(pid, "SIGINT"); // PostgreSQL's fast shutdown
  if (await endedWithin(pid, withinMs)) return;
  signal(pid, "SIGQUIT"); // its immediate one: the next start repeats the log
  if (await endedWithin(pid, 2_000)) return;
  signal(pid, "SIGKILL");
  await endedWithin(pid, 2_000);
}

/** The server that a killed program left behind, once it answers; undefined when there is none. */
async function adoptServer(place: ClusterPlace): Promise<RunningServer | undefined> {
  const data = dataOf(place);
  for (;;) {
    const postmaster = readPostmaster(data);
    if (postmaster === undefined || !servesDirectory(postmaster.pid, data)) return undefined;
    if (postmaster.status !== "ready") {
      await sleep(POLL_MS); // starting, recovering or stopping: each ends by itself
      continue;
    }
    const socketFolder = findSocketFolder(place.home, postmaster.socketFolder);
    if (await answers(socketFolder)) return { pid: postmaster.pid, socketFolder, origin: "adopted" };
    // It runs and cannot be reached, say because its socket was swept from /tmp: a new one takes its place.
    await stopServer(postmaster.pid, PATIENCE_MS);
  }
}

async function answers(socketFolder: string): Promise<boolean> {
  try {
    await withConnection(socketUrl(socketFolder, "postgres"), (client) => client.query("select 1"));
    return true;
  } catch {
    return false;
  }
}

/** Removes what a dead server left and would mislead a new one: process numbers that are in use again. */
async function clearRemains(place: ClusterPlace, socketFolder: string): Promise<void> {
  const data = dataOf(place);
  const remains = readPostmaster(data);
  if (remains === undefined || !isRunning(remains.pid)) return;
  await rm(join(data, "postmaster.pid"), { force: true });
  await rm(join(socketFolder, `${SOCKET}.lock`), { force: true });
}

async function tryStart(
  place: ClusterPlace,
  { binaries, socketFolder }: { binaries: Binaries; socketFolder: string },
): Promise<RunningServer | { output: string }> {
  const data = dataOf(place);
  const log = await openServerLog(place.dataDir);
  const program: Program = {
    path: join(binaries.folder, "bin/postgres"),
    args: serverArguments({ data, socketFolder, dataDir: place.dataDir }),
    account: place.account,
  };
  try {
    // A group of its own: neither Ctrl-C in the terminal nor the death of this process reaches the server.
    const child = spawnProgram(program, { stdio: ["ignore", log.fd, log.fd], detached: true });
    const pid = await waitUntilReady(child, { program, data });
    return pid === undefined ? { output: log.tail() } : { pid, socketFolder, origin: "started" };
  } finally {
    log.close();
  }
}

/** The number of the server's process once it takes connections; undefined when it has ended instead. */
async function waitUntilReady(
  child: ChildProcess,
  { program, data }: { program: Program; data: string },
): Promise<number | undefined> {
  let failure: Error | undefined;
  child.once("error", (error) => {
    failure = error;
  });
  child.unref();
  for (;;) {
    await sleep(POLL_MS);
    if (failure !== undefined) throw explainSpawnFailure(program, failure);
    if (child.exitCode !== null || child.signalCode !== null) return undefined;
    const postmaster: Postmaster | undefined = readPostmaster(data);
    if (postmaster !== undefined && postmaster.pid === child.pid && postmaster.status === "ready") {
      return postmaster.pid;
    }
  }
}

/** Children of a killed server that are deep in a statement notice its death late; they are told. */
function endOrphans(place: ClusterPlace): void {
  for (const pid of processesIn(dataOf(place))) signal(pid, "SIGQUIT");
}

async function endedWithin(pid: number, withinMs: number): Promise<boolean> {
  const deadline = performance.now() + withinMs;
  while (isRunning(pid)) {
    if (performance.now() > deadline) return false;
    await sleep(POLL_MS);
  }
  return true;
}

function signal(pid: number, name: "SIGINT" | "SIGQUIT" | "SIGKILL"): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if (existsSync(`/proc/${pid}`)) throw error; // otherwise it ended in between
  }
}
