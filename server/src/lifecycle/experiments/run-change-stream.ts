import type { RunChanges } from "@causeway/contract";
import type { Database } from "../../platform/database/index.ts";
import { RUNS_CHANNEL } from "./run-notice-loop.ts";

/** A page is told four times a second at most. */
const PAUSE_MS = 250;

/**
 * Runs of an experiment that changed, as they do, until the signal aborts. No runs: the connection was lost meanwhile, and any
 * may have changed.
 */
export async function* followRunChanges(
  database: Pick<Database, "listen">,
  experimentKey: number,
  signal: AbortSignal,
): AsyncGenerator<RunChanges, void> {
  const prefix = `${experimentKey}:`;
  let changed = new Set<string>();
  let isLost = false;
  let wake = () => {};
  const unlisten = await database.listen(
    RUNS_CHANNEL,
    (payload) => {
      if (!payload.startsWith(prefix)) return;
      changed.add(payload.slice(prefix.length));
      wake();
    },
    {
      onReconnect: () => {
        isLost = true;
        wake();
      },
    },
  );
  const end = () => wake();
  signal.addEventListener("abort", end);
  try {
    while (!signal.aborted) {
      if (changed.size === 0 && !isLost) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        continue;
      }
      const runs = isLost ? [] : [...changed];
      changed = new Set();
      isLost = false;
      yield { runs };
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, PAUSE_MS);
        wake = () => {
          if (!signal.aborted) return;
          clearTimeout(timer);
          resolve();
        };
      });
    }
  } finally {
    signal.removeEventListener("abort", end);
    await unlisten();
  }
}
