import { mkdir, open, readFile, rename } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { DesiredState } from "@causeway/contract";
import type { Logger } from "pino";
import type { TrafficCounter } from "../traffic.ts";
import type { Control } from "./control.ts";
import type { Report } from "./report.ts";

const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 2000;

/** The state that was kept on disk; null where there is none or it cannot be read. */
export async function readKeptState(path: string, log: Logger): Promise<DesiredState | null> {
  let content: string;
  try {
    content = await readFile(path, "utf8");
  } catch {
    return null;
  }
  try {
    return DesiredState.parse(JSON.parse(content));
  } catch (error) {
    log.error({ err: error, path }, "the kept state cannot be read; control is asked for it");
    return null;
  }
}

/** Keeps a state, whole or not at all; it holds digests of keys, so only the owner reads it. */
export async function keepState(path: string, state: DesiredState): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const arriving = `${path}.arriving`;
  const file = await open(arriving, "w", 0o600);
  try {
    await file.writeFile(JSON.stringify(state));
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(arriving, path);
}

export type FollowOptions = {
  readonly control: Control;
  readonly onState: (state: DesiredState) => Promise<void>;
  readonly signal: AbortSignal;
  readonly log: Logger;
};

/** Hands on every state that control sends, and asks again whenever the stream ends, until the signal. */
export async function followDesiredState({ control, onState, signal, log }: FollowOptions): Promise<void> {
  let retryMs = FIRST_RETRY_MS;
  let told = false;
  while (!signal.aborted) {
    try {
      for await (const state of control.desiredStates(signal)) {
        retryMs = FIRST_RETRY_MS;
        told = false;
        await onState(state);
      }
    } catch (error) {
      if (signal.aborted) return;
      if (!told) log.warn({ err: error }, "control cannot be reached; what is loaded goes on serving");
      told = true;
    }
    await pause(retryMs, undefined, { signal }).catch(() => undefined);
    retryMs = Math.min(retryMs * 2, LONGEST_RETRY_MS);
  }
}

export type Reporter = {
  changed(): void;
  /** Something was answered: it is told soon, with whatever else is answered until then. */
  counted(): void;
  stop(): Promise<void>;
};

/** Between the first answer and the report of it. */
const COUNTED_MS = 200;
/** What a stopping gateway waits for its last report. */
const LAST_REPORT_MS = 1000;

/**
 * Tells control what is loaded and what was answered: at once when a revision changed, soon after requests, else every
 * `everyMs`, which says that the gateway lives.
 */
export function startReporter(options: {
  readonly control: Control;
  readonly reports: () => Report[];
  readonly traffic: Pick<TrafficCounter, "take" | "acknowledge" | "waiting">;
  readonly log: Logger;
  readonly everyMs?: number;
}): Reporter {
  const { control, reports, traffic, log, everyMs = 5000 } = options;
  const stopping = new AbortController();
  let dirty = false;
  let wake: () => void = () => undefined;
  let hasten: () => void = () => undefined;

  async function tell(signal: AbortSignal): Promise<void> {
    await control.report({ reports: reports(), traffic: traffic.take() }, signal);
    traffic.acknowledge();
  }

  async function run(): Promise<void> {
    let failures = 0;
    while (!stopping.signal.aborted) {
      dirty = false;
      try {
        await tell(stopping.signal);
        failures = 0;
      } catch (error) {
        failures += 1;
        if (failures === 1 && !stopping.signal.aborted)
          log.warn({ err: error }, "control did not take the report");
      }
      if (stopping.signal.aborted) return;
      // After a failure a change alone is no reason to try sooner than the pause.
      if (failures > 0)
        await pause(Math.min(FIRST_RETRY_MS * 2 ** failures, LONGEST_RETRY_MS), undefined, stopping).catch(
          () => undefined,
        );
      else if (!dirty) await sleep(traffic.waiting() ? COUNTED_MS : everyMs);
    }
  }

  function sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      let timer = setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
      hasten = () => {
        clearTimeout(timer);
        timer = setTimeout(resolve, Math.min(ms, COUNTED_MS));
      };
    });
  }

  const running = run();
  return {
    changed() {
      dirty = true;
      wake();
    },
    counted: () => hasten(),
    async stop() {
      stopping.abort();
      wake();
      await running;
      // Best effort: what control cannot be told now, compaction will find.
      if (traffic.waiting()) await tell(AbortSignal.timeout(LAST_REPORT_MS)).catch(() => undefined);
    },
  };
}
