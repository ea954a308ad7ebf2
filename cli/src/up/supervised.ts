import { setTimeout as pause } from "node:timers/promises";
import { isAlive, killGroup } from "./child.ts";

/** A running process as the supervisor sees it: its number, and a promise of its end. */
export type Running = { pid: number; ended: Promise<void> };

/** A process that is kept running until it is stopped. */
export type Supervised = {
  readonly name: string;
  pid(): number | undefined;
  /** Asks it to end with SIGTERM, kills its group after `graceMs`, resolves when it is gone. */
  stop(graceMs: number): Promise<void>;
};

/** Waits between restarts: at once, then longer, always back within 3 s. */
const BACKOFF_MS = [0, 200, 500, 1000, 2000];
/** A process that lived this long starts from the shortest wait again. */
const STEADY_MS = 10_000;

/**
 * Keeps a process running: whenever it ends without being asked, `start` is called again. `first` is already running.
 * `onRestart` hears of each restart and of each failed one.
 */
export function supervise(
  name: string,
  first: Running,
  {
    start,
    onRestart,
  }: {
    start: (signal: AbortSignal) => Promise<Running>;
    onRestart: (news: { name: string; error?: unknown }) => void;
  },
): Supervised {
  let current: Running | undefined = first;
  const stopped = new AbortController();

  const watching = (async () => {
    for (let failures = 0; !stopped.signal.aborted; failures += 1) {
      if (current !== undefined) {
        const startedAt = Date.now();
        await current.ended;
        current = undefined;
        if (Date.now() - startedAt > STEADY_MS) failures = 0;
      }
      try {
        await pause(BACKOFF_MS[Math.min(failures, BACKOFF_MS.length - 1)], undefined, {
          signal: stopped.signal,
        });
        current = await start(stopped.signal);
        onRestart({ name });
      } catch (error) {
        if (!stopped.signal.aborted) onRestart({ name, error });
      }
    }
  })();

  return {
    name,
    pid: () => current?.pid,
    async stop(graceMs) {
      stopped.abort();
      // A start in flight ends by the signal, so that after it nothing new can appear.
      if (current === undefined) await watching;
      if (current !== undefined) await end(current, graceMs);
      await watching;
    },
  };
}

async function end(running: Running, graceMs: number): Promise<void> {
  terminate(running.pid);
  const gone = await Promise.race([running.ended.then(() => true), pause(graceMs, false, { ref: false })]);
  if (!gone) killGroup(running.pid, "SIGKILL");
  await running.ended;
}

function terminate(pid: number): void {
  try {
    process.kill(pid, "SIGTERM");
  } catch {
    // It ended by itself.
  }
}

/** How often a process that is not our child is looked at. */
const LOOK_MS = 250;

/** A process that an earlier `up` started: nobody tells of its end, so it is looked for. */
export function adopted(pid: number): Running {
  return {
    pid,
    ended: (async () => {
      while (isAlive(pid)) await pause(LOOK_MS);
    })(),
  };
}
