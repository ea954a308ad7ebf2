import type { TrafficPoint } from "@causeway/contract";

/** What some spans of traffic add up to. */
export type Traffic = {
  requests: number;
  rows: number;
  errors: number;
  refused: number;
  /** errors / requests; null without requests. */
  errorShare: number | null;
  /** Of the newest span that had requests, in ms. */
  p50Ms: number | null;
  p99Ms: number | null;
  /** The slowest span's 99th percentile, in ms. */
  worstP99Ms: number | null;
};

/** Adds spans up; the oldest first. */
export function trafficOf(points: readonly TrafficPoint[]): Traffic {
  const sum = (field: "requests" | "rows" | "errors" | "refused") =>
    points.reduce((total, point) => total + point[field], 0);
  const requests = sum("requests");
  const errors = sum("errors");
  const newest = points.findLast(({ p99Ms }) => p99Ms !== null);
  const slowest = points.flatMap(({ p99Ms }) => p99Ms ?? []);
  return {
    requests,
    rows: sum("rows"),
    errors,
    refused: sum("refused"),
    errorShare: requests === 0 ? null : errors / requests,
    p50Ms: newest?.p50Ms ?? null,
    p99Ms: newest?.p99Ms ?? null,
    worstP99Ms: slowest.length === 0 ? null : Math.max(...slowest),
  };
}

/** Spans of server time that the page offers, in ms. */
export const SPANS = {
  "1h": 3_600_000,
  "1d": 86_400_000,
  "7d": 7 * 86_400_000,
  "30d": 30 * 86_400_000,
} as const;
export type SpanName = keyof typeof SPANS;
export const SPAN_NAMES = ["1h", "1d", "7d", "30d"] as const satisfies readonly SpanName[];

const MINUTE_MS = 60_000;

/** Where a span that ends now begins, on a whole minute, so that a page asks the same for a minute. */
export function spanStart(span: SpanName, now: Date): string {
  return new Date(Math.floor((now.getTime() - SPANS[span]) / MINUTE_MS) * MINUTE_MS).toISOString();
}
