import type { CategoricalSummary, ColumnSummary, NumericSummary } from "../column-summary.ts";
import { countInBins } from "../summarize-column.ts";
import { addToHitters, emptyHitters, type HeavyHitters, mergeHitters } from "./heavy-hitters.ts";
import { type Moments, mergeMoments, momentsOf, NO_MOMENTS } from "./moments.ts";
import {
  addToSketch,
  emptySketch,
  mergeSketches,
  type QuantileSketch,
  rowsBelow,
} from "./quantile-sketch.ts";

/** Everything that is kept of a column of numbers, whatever bins it will be counted in. Plain data that merges. */
export interface NumericProfile {
  readonly kind: "numeric";
  readonly missing: number;
  readonly nan: number;
  readonly infinite: number;
  readonly moments: Moments;
  readonly sketch: QuantileSketch;
}

/** Everything that is kept of a column of categories. Plain data that merges. */
export interface CategoricalProfile {
  readonly kind: "categorical";
  readonly missing: number;
  readonly hitters: HeavyHitters;
}

export type ColumnProfile = NumericProfile | CategoricalProfile;

/** Profiles numbers; null is missing. */
export function profileNumbers(column: ArrayLike<number | null>, sketch = emptySketch()): NumericProfile {
  const finite = new Float64Array(column.length);
  const gaps = { missing: 0, nan: 0, infinite: 0 };
  let rows = 0;
  for (let row = 0; row < column.length; row++) {
    const value = column[row];
    if (value === null || value === undefined) gaps.missing++;
    else if (Number.isNaN(value)) gaps.nan++;
    else if (!Number.isFinite(value)) gaps.infinite++;
    // JSON knows no negative zero, and adding makes it a plain one.
    else finite[rows++] = value + 0;
  }
  const values = finite.subarray(0, rows);
  return { kind: "numeric", ...gaps, moments: momentsOf(values), sketch: addToSketch(sketch, values) };
}

/** Profiles categories; null is missing and no category. */
export function profileCategories(
  column: Iterable<string | null>,
  hitters = emptyHitters(),
): CategoricalProfile {
  const counts = new Map<string, number>();
  let missing = 0;
  for (const value of column) {
    if (value === null) missing++;
    else counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return { kind: "categorical", missing, hitters: addToHitters(hitters, counts) };
}

/** The profile of both parts' rows together: counts, moments and ends as of the whole, ranks and hitters within their errors. */
export function mergeProfiles(a: ColumnProfile, b: ColumnProfile): ColumnProfile {
  if (a.kind === "numeric" && b.kind === "numeric") {
    return {
      kind: "numeric",
      missing: a.missing + b.missing,
      nan: a.nan + b.nan,
      infinite: a.infinite + b.infinite,
      moments: mergeMoments(a.moments, b.moments),
      sketch: mergeSketches(a.sketch, b.sketch),
    };
  }
  if (a.kind === "categorical" && b.kind === "categorical") {
    return {
      kind: "categorical",
      missing: a.missing + b.missing,
      hitters: mergeHitters(a.hitters, b.hitters),
    };
  }
  throw new RangeError(`A ${a.kind} and a ${b.kind} profile cannot be merged.`);
}

/**
 * What a drift test takes: a profile of numbers counted in a reference's bins, or of categories as they are. While the
 * sketch keeps every value the summary has them all and tests are exact; after that they are sketched and say by how much.
 */
export function summarizeProfile(profile: ColumnProfile, edges: readonly number[] = []): ColumnSummary {
  return profile.kind === "numeric" ? numericSummary(profile, edges) : categoricalSummary(profile);
}

function numericSummary(profile: NumericProfile, edges: readonly number[]): NumericSummary {
  const { missing, nan, infinite, moments, sketch } = profile;
  const summary = { kind: "numeric" as const, missing, nan, infinite, ...NO_MOMENTS, ...moments, edges };
  if (sketch.rankError === 0) {
    const values = Float64Array.from(sketch.levels.flat()).sort();
    return { ...summary, counts: countInBins(values, edges), values };
  }
  const below = edges.slice(1, -1).map((edge) => rowsBelow(sketch, edge));
  const counts = [...below, sketch.rows].map((rows, bin) => rows - (below[bin - 1] ?? 0));
  return { ...summary, counts, rankError: sketch.rankError };
}

function categoricalSummary({ missing, hitters }: CategoricalProfile): CategoricalSummary {
  const listed = Object.values(hitters.counts);
  return {
    kind: "categorical",
    rows: hitters.rows,
    missing,
    counts: hitters.counts,
    other: hitters.rows - listed.reduce((sum, count) => sum + count, 0),
    distinct: listed.length,
  };
}
