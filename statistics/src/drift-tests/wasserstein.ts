import { type NumericSummary, requireSameEdges } from "../column-summary.ts";
import { defineDriftTest } from "./define.ts";

/**
 * Wasserstein-1 distance (how far a row has to move on average) in standard deviations of the reference (divisor n).
 * Undefined where the reference is constant and now is not: there is no unit to measure in.
 */
export const wasserstein = defineDriftTest({
  name: "wasserstein",
  columnKinds: ["numeric"],
  limit: 0.1,
  driftsWhen: "score-at-least",
  exactFrom: "values",
  score(pair) {
    if (pair.kind !== "numeric" || pair.reference.rows === 0 || pair.current.rows === 0) return null;
    const { reference, current } = pair;
    const spread = Math.sqrt(reference.m2 / reference.rows);
    const constant = reference.min === reference.max;
    if (constant && (current.min !== reference.min || current.max !== reference.max)) return null;
    const unit = constant ? 1 : spread;
    if (reference.values && current.values) {
      const score = ofValues(reference.values, current.values) / unit;
      return { score, pValue: null, exactness: "exact", errorBound: null };
    }
    const { area, error } = ofBins(reference, current);
    return { score: area / unit, pValue: null, exactness: "sketched", errorBound: error / unit };
  },
});

/** Area between the two distribution functions. */
function ofValues(a: Float64Array, b: Float64Array): number {
  let i = 0;
  let j = 0;
  let area = 0;
  let previous = Math.min(a[0] ?? 0, b[0] ?? 0);
  while (i < a.length || j < b.length) {
    const value = Math.min(a[i] ?? Number.POSITIVE_INFINITY, b[j] ?? Number.POSITIVE_INFINITY);
    area += Math.abs(i / a.length - j / b.length) * (value - previous);
    while (i < a.length && (a[i] ?? 0) <= value) i++;
    while (j < b.length && (b[j] ?? 0) <= value) j++;
    previous = value;
  }
  return area;
}

/** The same from bins, rows spread evenly in each; `error` from the least and greatest area that the counts allow. */
function ofBins(reference: NumericSummary, current: NumericSummary): { area: number; error: number } {
  requireSameEdges(reference, current);
  const { edges } = reference;
  const bins = reference.counts.length;
  let left = { reference: 0, current: 0 };
  let area = 0;
  let error = 0;
  for (let bin = 0; bin < bins; bin++) {
    let from = edges[bin] ?? 0;
    let to = edges[bin + 1] ?? 0;
    // The outer bins are open: they reach as far as there are values.
    if (bin === 0) from = Math.min(to, reference.min, current.min);
    if (bin === bins - 1) to = Math.max(from, reference.max, current.max);
    const right = {
      reference: left.reference + (reference.counts[bin] ?? 0) / reference.rows,
      current: left.current + (current.counts[bin] ?? 0) / current.rows,
    };
    const width = to - from;
    const even = evenArea(left.reference - left.current, right.reference - right.current) * width;
    const greatest = Math.max(right.reference - left.current, right.current - left.reference, 0) * width;
    const smallest = Math.max(left.reference - right.current, left.current - right.reference, 0) * width;
    area += even;
    error += Math.max(greatest - even, even - smallest);
    left = right;
  }
  // Ranks that are off shift a whole distribution function by no more than so much.
  const blurred = (reference.rankError ?? 0) / reference.rows + (current.rankError ?? 0) / current.rows;
  const span = Math.max(reference.max, current.max) - Math.min(reference.min, current.min);
  return { area, error: error + blurred * span };
}

/** Mean of |x| while x runs evenly from one value to the other. */
function evenArea(from: number, to: number): number {
  if (from * to >= 0) return (Math.abs(from) + Math.abs(to)) / 2;
  return (from * from + to * to) / (2 * (Math.abs(from) + Math.abs(to)));
}
