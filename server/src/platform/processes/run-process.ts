import { type ChildProcess, spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { setPriority } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { fail } from "@causeway/contract";
import { ATTEMPT_VARIABLE, OWNER_VARIABLE } from "./process-mark.ts";
import { askToEnd, killTree } from "./process-tree.ts";
import { splitLines } from "./split-lines.ts";
import type { ProcessUsage } from "./usage-meter.ts";
import { type ProcessLimits, type StopCause, watchProcess } from "./watch-process.ts";

/** One line that a child wrote. */
export type ProcessLine = { readonly stream: "stdout" | "stderr"; readonly text: string };

/** A child process: what runs, where, with which variables (nothing is inherited). */
export type ProcessStart = {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly variables: Readonly<Record<string, string>>;
  /** `<work id>.<fencing>`, set on the child as CAUSEWAY_ATTEMPT, by which strays are found. */
  readonly attempt: string;
  /** This process's `ownerMark`, by which orphans are found. */
  readonly owner: string;
  /** True: the child reads its standard input, which `watch` writes. */
  readonly takesInput?: boolean;
  /** True: it stands back for everything else that the machine does. */
  readonly isBackground?: boolean;
};

/** What is done with a child while it runs, and how far it may go. */
export type ProcessWatch = {
  /** Written to the child's standard input, which is then closed. */
  readonly stdin?: string;
  /** Called with each line in order; while its promise is pending, the child's writes wait. */
  readonly onLine: (line: ProcessLine) => void | Promise<void>;
  readonly signal?: AbortSignal;
  readonly limits?: ProcessLimits;
};

/** A child from its start to its end. */
export type ProcessRequest = Omit<ProcessStart, "takesInput"> & ProcessWatch;

/** How a child ended. `stoppedBy` names the limit that ended it, or `signal` for the caller's own signal. */
export type ProcessOutcome = {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stoppedBy: StopCause | null;
  readonly usage: ProcessUsage;
};

/** A thirtieth of the processor where others want it, all of it where nobody does. */
const BACKGROUND_NICE = 15;
/** Time between asking a child to end and killing it. */
const GRACE_MS = 2_000;
/** Time that output may still arrive after the child has ended, before strays that hold the pipes are killed. */
const DRAIN_MS = 200;

/** A child that has been started; nobody reads it before `watch`. */
export type StartedProcess = {
  /** False once it has ended. */
  readonly isAlive: () => boolean;
  /** Answers once it and everything that it started are gone. */
  readonly watch: (watch: ProcessWatch) => Promise<ProcessOutcome>;
  /** Kills it, for one that is not needed. */
  readonly discard: () => Promise<void>;
};

/** Lets a child and all that it starts have what others leave of the processor. */
function standBack(pid: number): void {
  try {
    setPriority(pid, BACKGROUND_NICE);
    // Where the system shares by sessions, a nice process of a session of its own still gets a whole share.
    writeFileSync(`/proc/${pid}/autogroup`, String(BACKGROUND_NICE));
  } catch {
    // It has ended already, or the system does not share by sessions.
  }
}

/** Runs a child in a group of its own and answers once it and everything that it started are gone. */
export function runProcess(request: ProcessRequest): Promise<ProcessOutcome> {
  request.signal?.throwIfAborted();
  return startProcess({ ...request, takesInput: request.stdin !== undefined }).watch(request);
}

/** Starts a child in a group of its own. */
export function startProcess(start: ProcessStart): StartedProcess {
  const child = spawn(start.command, start.args, {
    cwd: start.cwd,
    env: { ...start.variables, [ATTEMPT_VARIABLE]: start.attempt, [OWNER_VARIABLE]: start.owner },
    detached: true,
    stdio: [start.takesInput === true ? "pipe" : "ignore", "pipe", "pipe"],
  });
  if (start.isBackground === true && child.pid !== undefined) standBack(child.pid);
  let alive = true;
  const ended = new Promise<{ exitCode: number | null; signal: NodeJS.Signals | null }>((resolve, reject) => {
    child.once("exit", (exitCode, signal) => {
      alive = false;
      resolve({ exitCode, signal });
    });
    child.once("error", (cause) => {
      alive = false;
      reject(cannotStart(start, cause));
    });
  });
  // Whoever watches is told; one that nobody watches yet may fail in silence.
  ended.catch(() => {});
  const tree = { group: child.pid ?? 0, attempt: start.attempt };

  async function stop(): Promise<void> {
    askToEnd(tree.group);
    await Promise.race([ended, sleep(GRACE_MS, undefined, { ref: false })]);
    await killTree(tree);
  }

  async function watch(request: ProcessWatch): Promise<ProcessOutcome> {
    // The `error` event tells, on the next turn, why there is no process.
    if (child.pid === undefined) await ended;
    writeInput(child, request.stdin);
    const watching = watchProcess({
      tree,
      stop,
      ...(request.limits === undefined ? {} : { limits: request.limits }),
      ...(request.signal === undefined ? {} : { signal: request.signal }),
    });
    const output = Promise.all([readLines(child, "stdout", request), readLines(child, "stderr", request)]);
    // A failing `onLine` is the caller's failure: it is thrown below, after the child is gone.
    output.catch(() => void stop());

    const { exitCode, signal } = await ended;
    const { stoppedBy, usage } = watching.end();
    await killTree(tree);
    await Promise.race([output, sleep(DRAIN_MS)]);
    child.stdout?.destroy();
    child.stderr?.destroy();
    await output;
    return { exitCode, signal, stoppedBy, usage };
  }

  async function discard(): Promise<void> {
    if (child.pid !== undefined) await killTree(tree);
  }

  return { isAlive: () => alive, watch, discard };
}

async function readLines(
  child: ChildProcess,
  stream: "stdout" | "stderr",
  request: ProcessWatch,
): Promise<void> {
  const source = child[stream];
  if (source === null) return;
  try {
    for await (const text of splitLines(source)) await request.onLine({ stream, text });
  } catch (error) {
    // The pipe was closed above, while a stray still held it.
    if (!(error instanceof Error && "code" in error && error.code === "ERR_STREAM_PREMATURE_CLOSE"))
      throw error;
  }
}

function writeInput(child: ChildProcess, text: string | undefined): void {
  if (child.stdin === null || text === undefined) return;
  // A child that does not read its input closes the pipe; that is not an error of ours.
  child.stdin.on("error", () => {});
  child.stdin.end(text);
}

function cannotStart({ command, cwd }: ProcessStart, cause: Error): Error {
  const missing = "code" in cause && cause.code === "ENOENT";
  return fail("NOT_FOUND", {
    message: missing
      ? `The program ${command} was not found`
      : `The program ${command} cannot be started in ${cwd}: ${cause.message}`,
    value: command,
    help: `Install ${command}, or put it on the PATH of the worker.`,
    cause,
  });
}
