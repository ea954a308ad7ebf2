import {
  type CategoricalSummary,
  type ColumnSummary,
  type NumericSummary,
  requireSameEdges,
} from "./column-summary.ts";
import { mergeMoments } from "./profiles/moments.ts";

/**
 * The summary of both parts' rows together: counts add, moments merge by the parallel formula. Numbers need the same
 * edges. Categories stay exact while neither part has rows in `other`; after that a value that one part did not list is
 * counted for the other part alone, and `distinct` is a least number.
 */
export function mergeSummaries<S extends ColumnSummary>(a: S, b: S): S;
export function mergeSummaries(a: ColumnSummary, b: ColumnSummary): ColumnSummary {
  if (a.kind === "numeric" && b.kind === "numeric") return mergeNumeric(a, b);
  if (a.kind === "categorical" && b.kind === "categorical") return mergeCategorical(a, b);
  throw new RangeError(`A ${a.kind} and a ${b.kind} column cannot be merged.`);
}

function mergeNumeric(a: NumericSummary, b: NumericSummary): NumericSummary {
  requireSameEdges(a, b);
  const rankError = (a.rankError ?? 0) + (b.rankError ?? 0);
  const merged = {
    kind: "numeric" as const,
    missing: a.missing + b.missing,
    nan: a.nan + b.nan,
    infinite: a.infinite + b.infinite,
    ...mergeMoments(a, b),
    edges: a.edges,
    counts: a.counts.map((count, bin) => count + (b.counts[bin] ?? 0)),
    ...(rankError > 0 ? { rankError } : {}),
  };
  return a.values && b.values ? { ...merged, values: mergeSorted(a.values, b.values) } : merged;
}

function mergeSorted(a: Float64Array, b: Float64Array): Float64Array {
  const merged = new Float64Array(a.length + b.length);
  merged.set(a);
  merged.set(b, a.length);
  return merged.sort();
}

function mergeCategorical(a: CategoricalSummary, b: CategoricalSummary): CategoricalSummary {
  const counts = new Map(Object.entries(a.counts));
  for (const [value, count] of Object.entries(b.counts)) counts.set(value, (counts.get(value) ?? 0) + count);
  return {
    kind: "categorical",
    rows: a.rows + b.rows,
    missing: a.missing + b.missing,
    counts: Object.fromEntries(counts),
    other: a.other + b.other,
    distinct: Math.max(counts.size, a.distinct, b.distinct),
  };
}
