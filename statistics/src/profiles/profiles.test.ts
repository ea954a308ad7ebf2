import { describe, expect, it } from "vitest";
import { drawsOf } from "../../testing/drawn-columns.ts";
import { compareColumn } from "../compare-column.ts";
import { mergeSummaries } from "../merge-summaries.ts";
import { referenceEdges } from "../reference-edges.ts";
import { summarizeCategories, summarizeNumbers } from "../summarize-column.ts";
import {
  type ColumnProfile,
  mergeProfiles,
  type NumericProfile,
  profileCategories,
  profileNumbers,
  summarizeProfile,
} from "./column-profile.ts";
import { emptyHitters } from "./heavy-hitters.ts";
import { emptySketch, quantilesOf, rowsBelow } from "./quantile-sketch.ts";

const SEEDS = [1, 2, 3, 4, 5];

/** Numbers of several shapes with ties, gaps and what is no number. */
function numbers(seed: number, rows: number): (number | null)[] {
  const { even, normal } = drawsOf(seed);
  return Array.from({ length: rows }, () => {
    const kind = even();
    if (kind < 0.03) return null;
    if (kind < 0.04) return Number.NaN;
    if (kind < 0.05) return Number.POSITIVE_INFINITY;
    return kind < 0.3 ? Math.round(normal() * 3) : 1000 + normal() * 20;
  });
}

function words(seed: number, rows: number): (string | null)[] {
  const { even } = drawsOf(seed);
  return Array.from({ length: rows }, () => (even() < 0.05 ? null : `w${Math.floor(even() ** 4 * 2000)}`));
}

function numeric(profile: ColumnProfile): NumericProfile {
  if (profile.kind !== "numeric") throw new Error("no numbers");
  return profile;
}

/** Rows that truly lie below. */
function truly(values: readonly (number | null)[], below: number): number {
  return values.filter((value) => value !== null && Number.isFinite(value) && value < below).length;
}

describe.each(SEEDS)("M7/profiles with seed %d", (seed) => {
  const all = numbers(seed, 9000 + seed * 1111);
  const cut = Math.floor(all.length / (seed + 1));
  const whole = profileNumbers(all, emptySketch(128));
  const parts = [all.slice(0, cut), all.slice(cut)].map((part) => profileNumbers(part, emptySketch(128)));
  const merged = numeric(mergeProfiles(parts[0] ?? whole, parts[1] ?? whole));

  it("merged parts count as the whole and have its moments", () => {
    const { sketch, moments, ...gaps } = merged;
    expect(gaps).toEqual({
      kind: "numeric",
      missing: whole.missing,
      nan: whole.nan,
      infinite: whole.infinite,
    });
    expect([moments.rows, moments.min, moments.max]).toEqual([
      whole.moments.rows,
      whole.moments.min,
      whole.moments.max,
    ]);
    expect(moments.mean / whole.moments.mean).toBeCloseTo(1, 12);
    expect(moments.m2 / whole.moments.m2).toBeCloseTo(1, 12);
    expect(sketch.rows).toBe(whole.sketch.rows);
  });

  it("knows every rank within its stated error, whole and merged", () => {
    for (const { sketch } of [whole, merged]) {
      expect(sketch.rankError).toBeGreaterThan(0);
      expect(sketch.rankError).toBeLessThan(0.15 * sketch.rows);
      for (const value of [-6, -1, 0, 0.5, 960, 990, 1000, 1013, 1040, 2000]) {
        expect(Math.abs(rowsBelow(sketch, value) - truly(all, value))).toBeLessThanOrEqual(sketch.rankError);
      }
      expect(rowsBelow(sketch, Number.POSITIVE_INFINITY)).toBe(sketch.rows);
    }
  });

  it("gives the same bytes for the same rows in the same order, and its JSON back", () => {
    expect(JSON.stringify(profileNumbers(all, emptySketch(128)))).toBe(JSON.stringify(whole));
    expect(JSON.parse(JSON.stringify(whole))).toEqual(whole);
  });

  it("lists every frequent value, at most its error too low, whole and merged", () => {
    const column = words(seed, 12_000);
    const halves = [column.slice(0, 5000), column.slice(5000)].map((part) =>
      profileCategories(part, emptyHitters(80)),
    );
    const [first, second] = halves;
    if (!first || !second) throw new Error("no halves");
    const exact = summarizeCategories(column);
    for (const profile of [profileCategories(column, emptyHitters(80)), mergeProfiles(first, second)]) {
      if (profile.kind !== "categorical") throw new Error("no categories");
      const { countError, counts } = profile.hitters;
      expect(Object.keys(counts).length).toBeLessThanOrEqual(80);
      expect(countError).toBeLessThanOrEqual((2 * exact.rows) / 81);
      for (const [value, rows] of Object.entries(exact.counts)) {
        expect(counts[value] ?? 0).toBeLessThanOrEqual(rows);
        expect(counts[value] ?? 0).toBeGreaterThanOrEqual(rows - countError);
      }
    }
  });

  it("scores drift within the bound that it states", () => {
    const { normal } = drawsOf(seed + 50);
    const now = Array.from({ length: 6000 }, () => 1004 + normal() * 22);
    const edges = referenceEdges(quantilesOf(whole.sketch, 1001));
    const exact = compareColumn(summarizeNumbers(all, edges), summarizeNumbers(now, edges));
    const sketched = compareColumn(
      summarizeProfile(whole, edges),
      summarizeProfile(profileNumbers(now, emptySketch(128)), edges),
    );
    for (const score of sketched.scores) {
      const truth = exact.scores.find(({ method }) => method === score.method);
      expect(score.exactness).toBe("sketched");
      if (score.errorBound === null) continue;
      expect(Math.abs(score.score - (truth?.score ?? Number.NaN))).toBeLessThanOrEqual(score.errorBound);
    }
  });
});

it("M7/profiles of fewer rows than the sketch holds are exact", () => {
  const [before, now] = [numbers(1, 900), numbers(2, 700)];
  const profiles = [profileNumbers(before), profileNumbers(now)] as const;
  const edges = referenceEdges(quantilesOf(profiles[0].sketch, 10_000));
  const found = compareColumn(summarizeProfile(profiles[0], edges), summarizeProfile(profiles[1], edges));
  const exact = compareColumn(summarizeNumbers(before, edges), summarizeNumbers(now, edges));
  expect({ ...found, scores: [] }).toEqual({ ...exact, scores: [] });
  for (const [i, { score }] of found.scores.entries()) {
    expect(score).toBeCloseTo(exact.scores[i]?.score ?? Number.NaN, 12);
  }
  expect(found.scores.map(({ exactness }) => exactness)).not.toContain("sketched");
});

it("takes an empty profile, and merges one without changing the other", () => {
  const some = profileNumbers([1, 2, 3]);
  expect(mergeProfiles(some, profileNumbers([]))).toEqual(some);
  expect(summarizeProfile(profileNumbers([]), [-1, 0, 1])).toMatchObject({ rows: 0, counts: [0, 0] });
  expect(() => mergeProfiles(some, profileCategories([]))).toThrow("cannot be merged");
});

it("merges summaries as if all rows had been counted at once", () => {
  for (const seed of SEEDS) {
    const all = numbers(seed, 500);
    const edges = referenceEdges(
      Float64Array.from(all.filter((x) => x !== null && Number.isFinite(x)) as number[]).sort(),
    );
    const found = mergeSummaries(
      summarizeNumbers(all.slice(0, 123), edges),
      summarizeNumbers(all.slice(123), edges),
    );
    const whole = summarizeNumbers(all, edges);
    expect(found.counts).toEqual(whole.counts);
    expect(found.values).toEqual(whole.values);
    expect(found.m2 / whole.m2).toBeCloseTo(1, 12);
    const column = words(seed, 400);
    expect(
      mergeSummaries(summarizeCategories(column.slice(0, 57)), summarizeCategories(column.slice(57))),
    ).toEqual(summarizeCategories(column));
  }
});
