import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { fail, fromProblem } from "@causeway/contract";
import type { z } from "zod";
import { ChildFailed } from "./child-message.ts";

/** How a child process is started: a Node program with its arguments and what it is told in variables. */
export type Launch = {
  name: string;
  program: string;
  args: readonly string[];
  variables: Record<string, string>;
  dataDir: string;
  /** Flags of Node itself. */
  nodeFlags?: readonly string[];
};

/** A started child: the process, and what it said when it became ready. */
export type Started<Ready> = { process: ChildProcess; ready: Ready };

/** How long a child may take to say that it is ready. */
const READY_MS = 60_000;
/** Where Node keeps what it compiled; beside the packages, so that it goes when they go. */
const COMPILED = fileURLToPath(new URL("../../../node_modules/.cache/compile", import.meta.url));

/** How much of a dead child's last words is shown, in characters. */
const LAST_WORDS = 2000;

/**
 * Starts a child in a process group of its own (a terminal's Ctrl-C does not reach it) with its output in
 * `logs/<name>.output`, and waits for its `ready` message.
 */
export async function startChild<Ready extends z.ZodType>(
  launch: Launch,
  message: Ready,
  signal?: AbortSignal,
): Promise<Started<z.output<Ready>>> {
  const logs = join(launch.dataDir, "logs");
  await mkdir(logs, { recursive: true, mode: 0o700 });
  const outputFile = join(logs, `${launch.name}.output`);
  const output = openSync(outputFile, "w", 0o600);
  const child = spawn(
    process.execPath,
    [
      ...[
        "--disable-warning=ExperimentalWarning",
        ...(launch.nodeFlags ?? []),
        launch.program,
        ...launch.args,
      ],
      ...["--data-dir", launch.dataDir],
    ],
    {
      detached: true,
      stdio: ["ignore", output, output, "ipc"],
      // Compiled code that is read from a file takes less memory than code that is compiled in place, and less time.
      env: { NODE_COMPILE_CACHE: COMPILED, ...process.env, ...launch.variables },
    },
  );
  closeSync(output);
  const abort = () => killGroup(child.pid, "SIGKILL");
  signal?.addEventListener("abort", abort, { once: true });
  try {
    return { process: child, ready: await readyMessage(child, launch.name, { message, outputFile }) };
  } catch (error) {
    killGroup(child.pid, "SIGKILL");
    throw error;
  } finally {
    signal?.removeEventListener("abort", abort);
  }
}

function readyMessage<Ready extends z.ZodType>(
  child: ChildProcess,
  name: string,
  { message, outputFile }: { message: Ready; outputFile: string },
): Promise<z.output<Ready>> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => settle(() => reject(gaveUp(`${name} was not ready within ${READY_MS / 1000} s`))),
      READY_MS,
    );
    const gaveUp = (what: string) =>
      fail("UNAVAILABLE", {
        message: `${what}. ${lastWords(outputFile)}`.trim(),
        help: `read ${outputFile}`,
      });
    function settle(how: () => void) {
      clearTimeout(timer);
      child.off("message", onMessage);
      child.off("exit", onExit);
      child.off("error", onError);
      how();
    }
    function onMessage(said: unknown) {
      const failed = ChildFailed.safeParse(said);
      if (failed.success) return settle(() => reject(fromProblem(failed.data.problem)));
      const ready = message.safeParse(said);
      if (ready.success) settle(() => resolve(ready.data));
    }
    function onExit(code: number | null, signal: string | null) {
      settle(() => reject(gaveUp(`${name} ended while starting (${signal ?? `exit code ${code}`})`)));
    }
    function onError(cause: Error) {
      settle(() =>
        reject(fail("UNAVAILABLE", { message: `${name} cannot be started: ${cause.message}`, cause })),
      );
    }
    child.on("message", onMessage);
    child.on("exit", onExit);
    child.on("error", onError);
  });
}

function lastWords(file: string): string {
  try {
    return readFileSync(file, "utf8").slice(-LAST_WORDS).trim();
  } catch {
    return "";
  }
}

/** Signals a whole process group; one that is gone already is no error. */
export function killGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // The group has ended.
  }
}

/** Whether a process of that number lives. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM"; // kill throws errno errors only
  }
}
