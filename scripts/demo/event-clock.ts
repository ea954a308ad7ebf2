/** Length of a week in milliseconds of event time. */
export const WEEK_MS = 7 * 86_400_000;

/** How fast weeks pass, in milliseconds of wall time. */
export type Pace = {
  readonly weekMs: number;
  /** Part of the speed that is left while the world waits for the loop. */
  readonly slow: number;
  /** Wall time that may be spent on waiting in all: the world does not wait for ever. */
  readonly patienceMs: number;
};

/** Event time that passes with the wall's, and more slowly while somebody works; it never stands still. */
export function createEventClock(start: Date, { weekMs, slow, patienceMs }: Pace) {
  let now = start.getTime();
  let patience = patienceMs;
  return {
    /** Lets so much wall time pass. */
    pass(wallMs: number, waits: boolean): Date {
      const isSlow = waits && patience > 0;
      if (isSlow) patience -= wallMs * (1 - slow);
      now += wallMs * (isSlow ? slow : 1) * (WEEK_MS / weekMs);
      return new Date(now);
    },
  };
}

/** Monday 00:00 UTC, so many whole weeks before the running one. */
export function mondayBefore(now: Date, weeks: number): Date {
  const day = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate()));
  const sinceMonday = (day.getUTCDay() + 6) % 7;
  return new Date(day.getTime() - sinceMonday * 86_400_000 - weeks * WEEK_MS);
}
