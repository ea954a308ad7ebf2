const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 5 * 60_000;
/** A message that has not arrived by then is given up. */
const PATIENCE_MS = 3_600_000;

/** Answers that no repetition changes: the receiver has understood, and says no. */
const FINAL: readonly number[] = [400, 401, 403, 404, 405, 410, 413, 422];

/** How long to wait before the next attempt; null where the message is given up. */
export function retryPause(failed: {
  /** Attempts so far. */
  readonly attempts: number;
  /** Time since the message was written. */
  readonly ageMs: number;
  /** Status of the answer; null where there was none. */
  readonly status: number | null;
  readonly retryAfterSeconds: number | null;
}): number | null {
  const { attempts, ageMs, status, retryAfterSeconds } = failed;
  if (status !== null && FINAL.includes(status)) return null;
  const grown = Math.min(FIRST_PAUSE_MS * 2 ** (attempts - 1), LONGEST_PAUSE_MS);
  const asked = Math.min((retryAfterSeconds ?? 0) * 1_000, LONGEST_PAUSE_MS);
  const pause = Math.max(grown, asked);
  return ageMs + pause > PATIENCE_MS ? null : pause;
}
