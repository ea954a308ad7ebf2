import { describe, expect, it } from "vitest";
import type { ColumnSummary } from "../column-summary.ts";
import { compareColumn } from "../compare-column.ts";
import { referenceEdges } from "../reference-edges.ts";
import { summarizeCategories, summarizeNumbers } from "../summarize-column.ts";

type Column = readonly (number | null)[];

function numbers(reference: Column, current: Column): [ColumnSummary, ColumnSummary] {
  const known = reference.filter((value): value is number => value !== null && Number.isFinite(value));
  const edges = referenceEdges(Float64Array.from(known).sort());
  return [summarizeNumbers(reference, edges), summarizeNumbers(current, edges)];
}

function categories(reference: Record<string, number>, current: Record<string, number>) {
  const of = (counts: Record<string, number>) =>
    summarizeCategories(
      Object.entries(counts).flatMap(([value, rows]) => new Array<string>(rows).fill(value)),
    );
  return [of(reference), of(current)] as const;
}

function scoresOf([reference, current]: readonly [ColumnSummary, ColumnSummary]) {
  const { scores } = compareColumn(reference, current);
  return Object.fromEntries(scores.map((score) => [score.method, score]));
}

/** From 1 to `count`, `start` instead of 1. */
function upTo(count: number, start = 1): number[] {
  return Array.from({ length: count }, (_, i) => start + i);
}

describe("on numbers", () => {
  it("M1/ks equals scipy.stats.ks_2samp", () => {
    const { ks } = scoresOf(numbers(upTo(10), upTo(11, 3)));
    expect(ks?.score).toBeCloseTo(0.2727272727272727, 14);
    expect(ks?.pValue).toBeCloseTo(0.6915847310584153, 12);
    expect(ks).toMatchObject({ limit: null, exactness: "exact", errorBound: null });
  });

  it("M1/wasserstein is SciPy's distance in standard deviations of the reference", () => {
    const { wasserstein } = scoresOf(numbers(upTo(10), upTo(11, 3)));
    expect(wasserstein?.score).toBeCloseTo(0.8703882797784892, 12);
  });

  it("gives two equal constants no distance and p 1, exactly and from bins", () => {
    for (const pair of [numbers([5, 5, 5], [5, 5, 5, 5]), withoutValues(numbers([5, 5, 5], [5, 5, 5, 5]))]) {
      const found = compareColumn(...pair);
      expect(found).toMatchObject({ effect: 0, pValue: 1 });
      expect(found.scores.map(({ score }) => score)).toEqual(found.scores.map(() => 0));
      expect(found.scores.map(({ method }) => method)).toContain("wasserstein");
    }
  });

  it("sees a constant move to another one, exactly and from bins", () => {
    const moved = numbers(new Array(50).fill(5), new Array(50).fill(5.3));
    for (const pair of [moved, withoutValues(moved)]) {
      const found = compareColumn(...pair);
      expect(found.effect).toBe(1);
      expect(found.pValue).toBeLessThan(1e-20);
      expect(scoresOf(pair)["total_variation"]?.score).toBe(1);
      // A constant has no standard deviation to measure the way in.
      expect(scoresOf(pair)["wasserstein"]).toBeUndefined();
    }
  });

  it("sees a share of zeros fall beside a long tail", () => {
    const tail = upTo(400, 10);
    const pair = numbers([...new Array(600).fill(0), ...tail], [...new Array(100).fill(0), ...tail]);
    expect(scoresOf(pair)["psi"]?.score).toBeGreaterThan(0.25);
    expect(compareColumn(...pair).effect).toBeCloseTo(0.6 - 0.2, 12);
  });

  it("compares missing values apart from the values", () => {
    const gaps = numbers([...upTo(100), Number.NaN, null], [...upTo(100), ...new Array(100).fill(null)]);
    const found = compareColumn(...gaps);
    expect(found).toMatchObject({ effect: 0, pValue: 1 });
    expect(found.missingP).toBeLessThan(1e-15);
    expect(found.missingChange).toBeCloseTo(0.5 - 2 / 102, 12);
  });

  it("says nothing of a side without values, and does not fail", () => {
    for (const pair of [numbers([], [1]), numbers([1], []), numbers([null], [1])]) {
      expect(compareColumn(...pair)).toMatchObject({ effect: 0, pValue: 1, scores: [] });
    }
    expect(compareColumn(...numbers([1], []))).toMatchObject({ missingP: 1, missingChange: 0 });
  });

  it("counts the infinities as missing, not as values", () => {
    const [reference] = numbers([1, Number.POSITIVE_INFINITY, Number.NaN, null], []);
    expect(reference).toMatchObject({ rows: 1, missing: 1, nan: 1, infinite: 1 });
  });

  it("refuses columns that were counted in different bins", () => {
    const [reference] = withoutValues(numbers([1, 2, 3], []));
    const [other] = withoutValues(numbers([1, 2, 3, 4], []));
    expect(() => compareColumn(reference, other)).toThrow("different bins");
  });
});

describe("on categories", () => {
  const pair = categories({ a: 40, b: 30, c: 20, d: 10 }, { a: 20, b: 30, c: 30, d: 20 });

  it.each([
    ["M1/psi", "psi", 0.2484906649788],
    ["M1/jensenshannon", "jensenshannon", 0.20983142296093912],
    ["M1/hellinger", "hellinger", 0.1754621241457926],
    ["M1/chisquare", "chisquare", 12],
    ["M1/total-variation", "total_variation", 0.2],
    ["M1/l-infinity", "l_infinity", 0.2],
  ])("%s equals SciPy and NumPy by the definition", (_, name, expected) => {
    expect(scoresOf(pair)[name]?.score).toBeCloseTo(expected, 12);
  });

  it("M1/chisquare equals scipy.stats.chi2_contingency", () => {
    expect(scoresOf(pair)["chisquare"]?.pValue).toBeCloseTo(0.007383160505359769, 13);
  });

  it("M1/z equals the test of two proportions, and is for two values alone", () => {
    const { z } = scoresOf(categories({ yes: 30, no: 70 }, { yes: 45, no: 45 }));
    expect(z?.score).toBeCloseTo(2.8161027649233072, 12);
    expect(z?.pValue).toBeCloseTo(0.004861011505374611, 13);
    expect(scoresOf(pair)["z"]).toBeUndefined();
  });

  it("stays finite and unmoved by one row of a new category", () => {
    const found = compareColumn(...categories({ a: 200 }, { a: 99, z: 1 }));
    expect(found.pValue).toBeCloseTo(1 / 3, 6);
    for (const { score } of found.scores) expect(score).toBeLessThan(2);
  });

  it("sees a new category that took a fifth of the rows", () => {
    expect(compareColumn(...categories({ a: 200 }, { a: 80, z: 20 }))).toMatchObject({ effect: 0.2 });
    expect(compareColumn(...categories({ a: 200 }, { a: 80, z: 20 })).pValue).toBeLessThan(1e-8);
  });

  it("judges four rows against four exactly", () => {
    expect(compareColumn(...categories({ a: 4 }, { b: 4 })).pValue).toBeCloseTo(2 / 70, 12);
  });

  it("takes no value for a null, and no null for a value", () => {
    const some = summarizeCategories(["a", null, "null", "__proto__"]);
    expect(some).toMatchObject({ rows: 3, missing: 1, distinct: 3 });
    expect(compareColumn(some, some)).toMatchObject({ effect: 0, pValue: 1, missingP: 1 });
  });

  it("puts values that a side did not list together with its rest, and says that the score is a bound", () => {
    const listed = { kind: "categorical" as const, missing: 0, distinct: 50 };
    const reference = { ...listed, rows: 100, counts: { a: 60, b: 20 }, other: 20 };
    const current = { ...listed, rows: 100, counts: { a: 60, c: 25 }, other: 15 };
    const found = scoresOf([reference, current]);
    // What is not "a" cannot be told apart: 40 rows on either side.
    expect(found["total_variation"]).toMatchObject({ score: 0, exactness: "sketched", errorBound: 0.4 });
  });
});

function withoutValues(pair: readonly [ColumnSummary, ColumnSummary]): [ColumnSummary, ColumnSummary] {
  const strip = (summary: ColumnSummary): ColumnSummary => {
    if (summary.kind !== "numeric") return summary;
    const { values: _, ...counted } = summary;
    return counted;
  };
  return [strip(pair[0]), strip(pair[1])];
}
