const DAY_MS = 86_400_000;

/** A log whose newest row was received so soon after it happened is fed by what happens now. */
const LIVE_LAG_MS = DAY_MS;

/** How far a log has come. */
export type LogTimes = { readonly lastOccurredAt: Date | null; readonly lastReceivedAt: Date | null };

/**
 * The event time before which a log is not kept. The days count back from the clock where the log is fed by what happens
 * now, so that a silent deployment forgets too, and from the watermark where history is replayed. Null while it is empty.
 */
export function retentionCutoff(log: LogTimes & { readonly days: number; readonly now: Date }): Date | null {
  const { lastOccurredAt, lastReceivedAt, days, now } = log;
  if (lastOccurredAt === null) return null;
  const isLive = lastReceivedAt !== null && lastReceivedAt.getTime() - lastOccurredAt.getTime() < LIVE_LAG_MS;
  const end = isLive ? Math.max(now.getTime(), lastOccurredAt.getTime()) : lastOccurredAt.getTime();
  return new Date(end - days * DAY_MS);
}
