import { durationMs } from "@causeway/contract";

/** A stream is live while its rows come about when they happen: within this of their event time. */
const LIVE_MS = 5 * 60_000;
/** A live stream that is silent for so long is idle. */
const IDLE_MS = 60_000;

/** What is known of the times of a deployment's log. */
export type LogTimes = { readonly lastOccurredAt: Date | null; readonly lastReceivedAt: Date | null };

/**
 * The event time that a log has reached. It is that of the newest row; a live stream's goes on with the server's clock while
 * nothing comes, so that its last window closes too. Replayed history waits for its next row, however long.
 */
export function reachedTime({ lastOccurredAt, lastReceivedAt }: LogTimes, now: Date): Date | null {
  if (lastOccurredAt === null || lastReceivedAt === null) return lastOccurredAt;
  const isLive = Math.abs(lastReceivedAt.getTime() - lastOccurredAt.getTime()) <= LIVE_MS;
  const silence = now.getTime() - lastReceivedAt.getTime();
  if (!isLive || silence < IDLE_MS) return lastOccurredAt;
  return new Date(lastOccurredAt.getTime() + silence);
}

/** Windows that end by this moment are closed: rows that come later restate them. */
export function closedUntil(reached: Date, lateness: string): Date {
  return new Date(reached.getTime() - (durationMs(lateness) ?? 0));
}
