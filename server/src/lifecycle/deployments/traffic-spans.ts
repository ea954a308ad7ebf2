import { LATENCY_BOUNDS_MS, type TrafficPoint } from "@causeway/contract";

/** Counts are kept by the minute; a span is at least one. */
const MINUTE_MS = 60_000;

/** Equal spans of server time that begin on a whole minute. */
export type Spans = {
  readonly from: Date;
  readonly until: Date;
  readonly spanMs: number;
  readonly count: number;
};

/** What was counted in one of the spans. */
export type Counted = {
  readonly span: number;
  readonly requests: number;
  readonly rows: number;
  readonly errors: number;
  readonly refused: number;
  readonly latency: readonly number[];
};

/** At most `most` spans of whole minutes that cover the time from `from` to `until`. */
export function planSpans(asked: { from: Date; until: Date; most: number }): Spans {
  const first = Math.floor(asked.from.getTime() / MINUTE_MS) * MINUTE_MS;
  const length = Math.max(MINUTE_MS, asked.until.getTime() - first);
  const spanMs = Math.ceil(length / asked.most / MINUTE_MS) * MINUTE_MS;
  const count = Math.ceil(length / spanMs);
  return { from: new Date(first), until: new Date(first + count * spanMs), spanMs, count };
}

/** One point per span, also where nothing came. */
export function trafficPoints({ from, spanMs, count }: Spans, counted: readonly Counted[]): TrafficPoint[] {
  const known = new Map(counted.map((one) => [one.span, one]));
  return Array.from({ length: count }, (_, span) => {
    const { requests = 0, rows = 0, errors = 0, refused = 0, latency = [] } = known.get(span) ?? {};
    return {
      start: new Date(from.getTime() + span * spanMs).toISOString(),
      end: new Date(from.getTime() + (span + 1) * spanMs).toISOString(),
      requests,
      rows,
      errors,
      refused,
      p50Ms: latencyQuantile(latency, 0.5),
      p99Ms: latencyQuantile(latency, 0.99),
    };
  });
}

/**
 * The latency in ms under which a share of the requests stayed, by linear interpolation within its class; what took longer
 * than the last bound counts as that bound. Null without requests.
 */
export function latencyQuantile(counts: readonly number[], share: number): number | null {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return null;
  const rank = share * total;
  let before = 0;
  for (const [index, count] of counts.entries()) {
    if (before + count < rank || count === 0) {
      before += count;
      continue;
    }
    const least = LATENCY_BOUNDS_MS[index - 1] ?? 0;
    const most = LATENCY_BOUNDS_MS[index];
    return most === undefined ? least : least + ((rank - before) / count) * (most - least);
  }
  return LATENCY_BOUNDS_MS.at(-1) ?? null;
}
