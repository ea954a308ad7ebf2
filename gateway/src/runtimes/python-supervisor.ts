import { setTimeout as pause } from "node:timers/promises";
import { fail } from "@causeway/contract";
import type { ModelPlace, ModelProcess, Watch } from "./define.ts";
import type { Frame } from "./python-frames.ts";
import { ProcessLost, type PythonProcess, startPythonProcess } from "./python-process.ts";

/** A Python model that outlives its processes. */
export type SupervisedModel = {
  /** What its first process said when it was ready. */
  readonly ready: Frame;
  ask(header: Readonly<Record<string, unknown>>, parts: readonly Uint8Array[]): Promise<Frame>;
  readonly process: () => ModelProcess;
  release(): Promise<void>;
};

/** Longest time of one run. */
const RUN_MS = 30_000;
/** A request that finds no process waits this long for one that is starting. */
const WAIT_MS = 15_000;
/** Failures in a row after which the model is given up here and loaded anew, checks and all. */
const MOST_FAILURES = 4;
const FIRST_PAUSE_MS = 250;
/** A process is replaced when it holds twice of what it held when it was ready, and at least this much more. */
const LEAST_GROWTH_BYTES = 512 << 20;

/**
 * Keeps a process of a Python model running. One that ends is started again, and what it was asked is asked once more; one
 * that hangs is killed, and its request refused. One whose memory has grown past its limit is replaced: the next is loaded
 * beside it and takes over between two runs.
 */
export async function superviseModel(
  place: ModelPlace,
  { onDeath, onLine }: Watch,
  limits: { readonly growthBytes?: number; readonly runMs?: number } = {},
): Promise<SupervisedModel> {
  const { runMs = RUN_MS } = limits;
  let restarts = 0;
  let recycled = 0;
  let memoryBytes = 0;
  let released = false;
  let replacing = false;
  let number = 0;
  let successor: PythonProcess | undefined;
  let current: PythonProcess | undefined = await startPythonProcess(place, onLine);
  const { ready } = current;
  memoryBytes = Number(ready.header["memoryBytes"]);
  const limit = memoryBytes + (limits.growthBytes ?? Math.max(LEAST_GROWTH_BYTES, memoryBytes));
  let arrival = Promise.withResolvers<void>();
  watch(current);

  /** Starts the next process as soon as one has ended that nobody ended. */
  function watch(process: PythonProcess): void {
    void process.ended.then((how) => {
      if (released || current !== process) return;
      current = undefined;
      onLine(`${how}; it is started again`);
      void restart();
    });
  }

  async function restart(): Promise<void> {
    for (let failures = 0; !released; failures++) {
      if (failures > 0) await pause(FIRST_PAUSE_MS * 2 ** failures);
      try {
        const next = await startPythonProcess(place, onLine);
        restarts += 1;
        if (released) return await next.end();
        take(next);
        return;
      } catch (error) {
        onLine(`the model's process could not be started: ${error instanceof Error ? error.message : error}`);
        if (failures + 1 < MOST_FAILURES) continue;
        released = true;
        onDeath(error instanceof Error ? error : new Error(String(error)));
      }
    }
  }

  function take(next: PythonProcess): void {
    current = next;
    watch(next);
    arrival.resolve();
    arrival = Promise.withResolvers();
  }

  async function live(): Promise<PythonProcess> {
    const until = performance.now() + WAIT_MS;
    while (current === undefined) {
      const left = until - performance.now();
      if (left <= 0 || released) throw noProcess();
      await Promise.race([arrival.promise, pause(left, undefined, { ref: false })]);
    }
    return current;
  }

  /** Loads a successor beside a process that has grown too large; it takes over before the next run. */
  async function replace(): Promise<void> {
    if (replacing || released) return;
    replacing = true;
    try {
      const next = await startPythonProcess(place, onLine);
      if (released) await next.end();
      else successor = next;
    } catch (error) {
      onLine(`no successor could be started: ${error instanceof Error ? error.message : error}`);
      replacing = false;
    }
  }

  function succeed(): void {
    const next = successor;
    if (next === undefined) return;
    const old = current;
    successor = undefined;
    replacing = false;
    recycled += 1;
    take(next);
    onLine(`the model's process had grown to ${Math.round(memoryBytes / 2 ** 20)} MiB and was replaced`);
    void old?.end();
  }

  async function ask(
    header: Readonly<Record<string, unknown>>,
    parts: readonly Uint8Array[],
  ): Promise<Frame> {
    number += 1;
    const numbered = { ...header, id: number };
    for (let tries = 1; ; tries++) {
      succeed();
      const process = await live();
      try {
        const answer = await process.ask(numbered, parts, runMs);
        memoryBytes = Number(answer.header["memoryBytes"] ?? memoryBytes);
        if (memoryBytes > limit) void replace();
        return answer;
      } catch (error) {
        if (!(error instanceof ProcessLost)) throw error;
        // `watch` heard of the end first, and starts the next process.
        if (tries > 1) throw crashed(error);
      }
    }
  }

  return {
    ready,
    ask,
    process: () => ({ restarts, recycled, memoryBytes }),
    async release() {
      released = true;
      await Promise.all([current?.end(), successor?.end()]);
    },
  };
}

function noProcess() {
  return fail("UNAVAILABLE", {
    message: "the model's process ended and is being started again",
    help: "send the request again; the gateway's log has the model's last words",
  });
}

function crashed(cause: ProcessLost) {
  return fail("INTERNAL", {
    message: `the model ended its process on this request, twice: ${cause.message}`,
    help: "the gateway's log has the model's last words",
    cause,
  });
}
