import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { fail, fromProblem, type Json, type Problem, type Progress } from "@causeway/contract";
import type { Logger } from "pino";
import { ownerMark } from "./process-mark.ts";
import { runProcess } from "./run-process.ts";
import { createMessageReader } from "./task-wire.ts";
import type { ProcessUsage } from "./usage-meter.ts";
import type { ProcessLimits } from "./watch-process.ts";

/** Starts one of our own roles: `node server/src/main.ts`. */
export type Program = { readonly command: string; readonly args: readonly string[] };

/** A task to run for a job: `attempt` is `<work id>.<fencing>` (see `attemptOf`). */
export type TaskRequest = {
  readonly task: string;
  readonly input: Json;
  readonly attempt: string;
  readonly onProgress?: (progress: Progress) => void;
  readonly signal: AbortSignal;
  readonly limits?: Omit<ProcessLimits, "folder">;
};

/** What runs tasks: in the worker a child process, in a stage's test perhaps something smaller. */
export type RunTask = (request: TaskRequest) => Promise<{ result: Json; usage: ProcessUsage }>;

const LAST_LINES = 20;

/** Makes the runner of tasks; each runs in a process of its own and has a scratch folder that is removed afterwards. */
export function createTaskRunner(options: {
  readonly program: Program;
  readonly dataDir: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly log: Logger;
}): RunTask {
  const { program, dataDir, variables, log } = options;
  const owner = ownerMark(dataDir);

  return async function runTask({ task, input, attempt, onProgress, signal, limits }) {
    const scratch = join(dataDir, "scratch", attempt);
    await rm(scratch, { recursive: true, force: true });
    await mkdir(scratch, { recursive: true, mode: 0o700 });
    let result: { readonly value: Json } | undefined;
    let problem: Problem | undefined;
    const lastLines: string[] = [];
    const read = createMessageReader();
    try {
      const {
        exitCode,
        signal: killedBy,
        stoppedBy,
        usage,
      } = await runProcess({
        command: program.command,
        args: [...program.args, "task", task, "--data-dir", dataDir],
        cwd: scratch,
        variables,
        attempt,
        owner,
        stdin: JSON.stringify({ input, scratch, dataDir }),
        signal,
        limits: { ...limits, folder: scratch },
        onLine({ stream, text }) {
          const message = stream === "stdout" ? read(text) : undefined;
          if (message === "part") return;
          if (message?.kind === "progress") onProgress?.(message.progress);
          else if (message?.kind === "result") result = { value: message.result };
          else if (message?.kind === "problem") problem = message.problem;
          else {
            log.debug({ task, attempt, stream }, text);
            lastLines.push(text);
            if (lastLines.length > LAST_LINES) lastLines.shift();
          }
        },
      });
      signal.throwIfAborted();
      if (problem !== undefined) {
        if (problem.code === "INTERNAL") log.error({ task, attempt, output: lastLines }, "the task failed");
        throw fromProblem(problem);
      }
      if (result !== undefined && exitCode === 0) return { result: result.value, usage };
      throw fail("INTERNAL", {
        message: `The task ${task} ended ${describeEnd({ exitCode, killedBy, stoppedBy })} without a result`,
        value: task,
        help: "The worker's log has the last lines that it wrote. A process that ends by SIGKILL most often ran out of memory.",
        cause: new Error(lastLines.join("\n")),
      });
    } finally {
      await rm(scratch, { recursive: true, force: true });
    }
  };
}

function describeEnd(end: {
  exitCode: number | null;
  killedBy: string | null;
  stoppedBy: string | null;
}): string {
  if (end.stoppedBy !== null) return `at its ${end.stoppedBy} limit`;
  return end.killedBy === null ? `with exit code ${end.exitCode}` : `by ${end.killedBy}`;
}

/** The mark of one claim of a piece of work. */
export function attemptOf(job: { readonly id: string; readonly fencing: number }): string {
  return `${job.id}.${job.fencing}`;
}
