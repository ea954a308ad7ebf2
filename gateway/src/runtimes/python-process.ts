import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { fail } from "@causeway/contract";
import type { ModelPlace } from "./define.ts";
import { type Frame, readFrames, writeFrame } from "./python-frames.ts";

/** One process of a Python model, loaded. It answers one frame at a time. */
export type PythonProcess = {
  /** What it said when it was ready. */
  readonly ready: Frame;
  readonly pid: number;
  ask(
    header: Readonly<Record<string, unknown>>,
    parts: readonly Uint8Array[],
    timeoutMs: number,
  ): Promise<Frame>;
  /** Closes its input, at which it ends, and makes sure that it does. */
  end(): Promise<void>;
  /** Settles when it has ended, with how. */
  readonly ended: Promise<string>;
};

/** The process ended while it was answering. */
export class ProcessLost extends Error {
  override readonly name = "ProcessLost";
}

/** A model that has not loaded after this time never will. */
const LOAD_MS = 300_000;
const END_MS = 2_000;
/** File descriptors of the child that frames go through; the usual three are left to the model's own prints. */
const FRAMES_IN = 3;
const FRAMES_OUT = 4;

/** Starts a process that loads the model of a folder; refuses with BAD_MODEL what cannot be loaded. */
export async function startPythonProcess(
  { path, python }: ModelPlace,
  onLine: (line: string) => void,
): Promise<PythonProcess> {
  if (!python) {
    throw fail("BAD_MODEL", {
      message: "a Python model was given without its interpreter",
      field: "python",
      help: "give --python <interpreter> with the model's packages",
    });
  }
  const child = spawn(python.interpreter, ["-m", "causeway.serving", "--model", path], {
    cwd: path,
    env: {
      ...python.variables,
      PYTHONPATH: python.modules,
      PYTHONDONTWRITEBYTECODE: "1",
      PYTHONUNBUFFERED: "1",
    },
    stdio: ["ignore", "ignore", "pipe", "pipe", "pipe"],
  });
  // Pipes 3 and 4 are made by the line above.
  const input = child.stdio[FRAMES_IN] as Writable;
  const output = child.stdio[FRAMES_OUT] as Readable;
  let waiting: { resolve: (frame: Frame) => void; reject: (reason: unknown) => void } | undefined;
  let last = "";
  if (child.stderr) {
    createInterface({ input: child.stderr }).on("line", (line) => {
      last = line;
      onLine(line);
    });
  }
  // A child that dies closes its pipes; its end tells more.
  input.on("error", () => undefined);
  output.on("error", () => undefined);
  readFrames(output, (frame) => {
    const current = waiting;
    waiting = undefined;
    current?.resolve(frame);
  });
  const ended = new Promise<string>((resolve) => {
    child.once("error", (cause) => resolve(cause.message));
    child.once("close", (code, signal) => resolve(describeEnd({ code, signal, last })));
  });
  void ended.then((how) => {
    const current = waiting;
    waiting = undefined;
    current?.reject(new ProcessLost(how));
  });

  function next(timeoutMs: number): Promise<Frame> {
    const { promise, resolve, reject } = Promise.withResolvers<Frame>();
    const timer = setTimeout(() => {
      waiting = undefined;
      child.kill("SIGKILL");
      reject(tooLong(timeoutMs));
    }, timeoutMs);
    const settle = <Given>(then: (given: Given) => void) => {
      return (given: Given) => {
        clearTimeout(timer);
        then(given);
      };
    };
    waiting = { resolve: settle(resolve), reject: settle(reject) };
    if (child.exitCode !== null || child.signalCode !== null)
      void ended.then((how) => waiting?.reject(new ProcessLost(how)));
    return promise;
  }

  async function end(): Promise<void> {
    input.end();
    const timer = setTimeout(() => child.kill("SIGKILL"), END_MS);
    await ended;
    clearTimeout(timer);
  }

  const ready = await firstFrame(() => next(LOAD_MS), child);
  if (ready.header["kind"] !== "ready") {
    await end();
    throw notLoaded(String(ready.header["message"] ?? "it said nothing"), ready.header["trace"]);
  }
  return {
    ready,
    pid: child.pid ?? 0,
    ask(header, parts, timeoutMs) {
      const answer = next(timeoutMs);
      writeFrame(input, header, parts);
      return answer;
    },
    end,
    ended,
  };
}

async function firstFrame(next: () => Promise<Frame>, child: ChildProcess): Promise<Frame> {
  try {
    return await next();
  } catch (cause) {
    child.kill("SIGKILL");
    throw cause instanceof ProcessLost ? notLoaded(cause.message, undefined, cause) : cause;
  }
}

function describeEnd({
  code,
  signal,
  last,
}: {
  code: number | null;
  signal: string | null;
  last: string;
}): string {
  const how = signal === null ? `ended with code ${code}` : `was ended by ${signal}`;
  return last === "" ? `the model's process ${how}` : `the model's process ${how}; its last line: ${last}`;
}

function notLoaded(message: string, trace: unknown, cause?: unknown) {
  return fail("BAD_MODEL", {
    message: `Python cannot load the model: ${message}`,
    field: "model",
    help: "log the model with every package that it needs in its requirements, and register it again",
    cause: cause ?? new Error(String(trace ?? message)),
  });
}

function tooLong(timeoutMs: number) {
  return fail("DEADLINE_EXCEEDED", {
    message: `the model did not answer within ${timeoutMs / 1000} s; its process was ended and starts anew`,
    help: "send fewer rows at once, or make the model quicker",
  });
}
