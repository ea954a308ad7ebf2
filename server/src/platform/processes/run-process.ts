import { type ChildProcess, spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { fail } from "@causeway/contract";
import { ATTEMPT_VARIABLE, OWNER_VARIABLE } from "./process-mark.ts";
import { askToEnd, killTree } from "./process-tree.ts";
import { splitLines } from "./split-lines.ts";
import type { ProcessUsage } from "./usage-meter.ts";
import { type ProcessLimits, type StopCause, watchProcess } from "./watch-process.ts";

/** One line that a child wrote. */
export type ProcessLine = { readonly stream: "stdout" | "stderr"; readonly text: string };

/** A child process: what runs, where, with which variables (nothing is inherited), and how far it may go. */
export type ProcessRequest = {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly variables: Readonly<Record<string, string>>;
  /** `<work id>.<fencing>`, set on the child as CAUSEWAY_ATTEMPT, by which strays are found. */
  readonly attempt: string;
  /** This process's `ownerMark`, by which orphans are found. */
  readonly owner: string;
  /** Written to the child's standard input, which is then closed. */
  readonly stdin?: string;
  /** Called with each line in order; while its promise is pending, the child's writes wait. */
  readonly onLine: (line: ProcessLine) => void | Promise<void>;
  readonly signal?: AbortSignal;
  readonly limits?: ProcessLimits;
};

/** How a child ended. `stoppedBy` names the limit that ended it, or `signal` for the caller's own signal. */
export type ProcessOutcome = {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stoppedBy: StopCause | null;
  readonly usage: ProcessUsage;
};

/** Time between asking a child to end and killing it. */
const GRACE_MS = 2_000;
/** Time that output may still arrive after the child has ended, before strays that hold the pipes are killed. */
const DRAIN_MS = 200;

/** Runs a child in a group of its own and answers once it and everything that it started are gone. */
export async function runProcess(request: ProcessRequest): Promise<ProcessOutcome> {
  request.signal?.throwIfAborted();
  const child = spawn(request.command, request.args, {
    cwd: request.cwd,
    env: { ...request.variables, [ATTEMPT_VARIABLE]: request.attempt, [OWNER_VARIABLE]: request.owner },
    detached: true,
    stdio: [request.stdin === undefined ? "ignore" : "pipe", "pipe", "pipe"],
  });
  const ended = new Promise<{ exitCode: number | null; signal: NodeJS.Signals | null }>((resolve, reject) => {
    child.once("exit", (exitCode, signal) => resolve({ exitCode, signal }));
    child.once("error", (cause) => reject(cannotStart(request, cause)));
  });
  const group = child.pid;
  if (group === undefined) {
    // The `error` event tells why, on the next turn.
    await ended;
    throw new Error("a child without a process id did not report an error");
  }
  writeInput(child, request.stdin);

  const tree = { group, attempt: request.attempt };
  const stop = async (): Promise<void> => {
    askToEnd(group);
    await Promise.race([ended, sleep(GRACE_MS, undefined, { ref: false })]);
    await killTree(tree);
  };
  const watch = watchProcess({
    tree,
    stop,
    ...(request.limits === undefined ? {} : { limits: request.limits }),
    ...(request.signal === undefined ? {} : { signal: request.signal }),
  });
  const output = Promise.all([readLines(child, "stdout", request), readLines(child, "stderr", request)]);
  // A failing `onLine` is the caller's failure: it is thrown below, after the child is gone.
  output.catch(() => void stop());

  const { exitCode, signal } = await ended;
  const { stoppedBy, usage } = watch.end();
  await killTree(tree);
  await Promise.race([output, sleep(DRAIN_MS)]);
  child.stdout?.destroy();
  child.stderr?.destroy();
  await output;
  return { exitCode, signal, stoppedBy, usage };
}

async function readLines(
  child: ChildProcess,
  stream: "stdout" | "stderr",
  request: ProcessRequest,
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

function cannotStart({ command, cwd }: ProcessRequest, cause: Error): Error {
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
