/** What is known of a closed segment that waits. */
export interface WaitingSegment {
  readonly gateway: string;
  readonly segment: string;
  readonly bytes: number;
  readonly modifiedAt: Date;
}

/** Closed segments wait for each other this long, so that files do not get too many. */
const LONGEST_WAIT_MS = 5 * 60_000;
/** With this much waiting, none waits longer. */
const ENOUGH_BYTES = 32 * 2 ** 20;
/** What one order takes on, so that it runs in bounded memory and time. */
const MOST_BYTES = 64 * 2 ** 20;

/** Sorts what is due into orders, oldest first; none while it is worth waiting for more. */
export function orderSegments<Segment extends WaitingSegment>(
  waiting: readonly Segment[],
  now: Date,
): Segment[][] {
  const bytes = waiting.reduce((sum, segment) => sum + segment.bytes, 0);
  const oldest = Math.min(...waiting.map(({ modifiedAt }) => modifiedAt.getTime()));
  const isDue = bytes >= ENOUGH_BYTES || now.getTime() - oldest >= LONGEST_WAIT_MS;
  if (!isDue) return [];
  const orders: Segment[][] = [];
  let taken = Number.POSITIVE_INFINITY;
  for (const segment of waiting.toSorted((a, b) => (a.segment < b.segment ? -1 : 1))) {
    if (taken + segment.bytes > MOST_BYTES) {
      orders.push([]);
      taken = 0;
    }
    taken += segment.bytes;
    orders.at(-1)?.push(segment);
  }
  return orders;
}
