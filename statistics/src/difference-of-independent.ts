import type { MetricEstimate } from "./judge-metric.ts";

/**
 * How much better a metric is now than in the reference, judged on other rows: now less reference, or the other way round
 * where less is better. The interval is recovered from both intervals (MOVER; Zou and Donner, Statistics in Medicine 27,
 * 2008): for a - b, low = a - b - sqrt((a - low a)² + (high b - b)²), high = a - b + sqrt((high a - a)² + (b - low b)²).
 * Bounds are null where a side has none.
 */
export function differenceOfIndependent(
  now: MetricEstimate,
  reference: MetricEstimate,
  { lessIsBetter }: { lessIsBetter: boolean },
): MetricEstimate {
  const [a, b] = lessIsBetter ? [reference, now] : [now, reference];
  const value = a.value - b.value;
  const bounds = boundsOf(a, b);
  return {
    name: now.name,
    value,
    low: bounds ? value - bounds.below : null,
    high: bounds ? value + bounds.above : null,
    confidence: bounds ? now.confidence : null,
    method: bounds ? "mover" : null,
  };
}

function boundsOf(a: MetricEstimate, b: MetricEstimate): { below: number; above: number } | null {
  if (a.low === null || a.high === null || b.low === null || b.high === null) return null;
  return {
    below: Math.hypot(a.value - a.low, b.high - b.value),
    above: Math.hypot(a.high - a.value, b.value - b.low),
  };
}
