/** How an attempt ended without a result. `killed`: by a signal from outside, which says nothing against the step. */
export type AttemptFailure = "failed" | "timeout" | "killed";

/** What has happened to a step so far, the newest failure included. */
export type FailureCount = { readonly failures: number; readonly kills: number };

/** Kills from outside that a step gets over without spending its retries. */
const MOST_KILLS = 2;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;

/** Decides whether a step is tried again, and after which pause; null: no more. Pauses double. */
export function decideRetry(
  failure: AttemptFailure,
  { failures, kills }: FailureCount,
  retries: number,
): { readonly pauseMs: number } | null {
  if (failure === "killed") return kills <= MOST_KILLS ? { pauseMs: 0 } : null;
  if (failures > retries) return null;
  return { pauseMs: Math.min(FIRST_PAUSE_MS * 2 ** (failures - 1), LONGEST_PAUSE_MS) };
}
