import { describe, expect, it } from "vitest";
import { drawsOf } from "../../testing/drawn-columns.ts";
import { referenceEdges } from "../reference-edges.ts";
import { summarizeCategories, summarizeNumbers } from "../summarize-column.ts";
import type { ColumnPair } from "./define.ts";
import { DRIFT_TESTS } from "./index.ts";

/** Two columns, the second moved by a share of its spread or of its rows; rows rounded so that values repeat. */
function drawn(kind: ColumnPair["kind"], moved: number, rows = 600): ColumnPair {
  const { even, normal } = drawsOf(7);
  if (kind === "categorical") {
    const column = (share: number) =>
      summarizeCategories(Array.from({ length: rows }, () => (even() < share ? "yes" : "no")));
    return { kind, reference: column(0.5), current: column(0.5 + moved / 4) };
  }
  const reference = Array.from({ length: rows }, () => Math.round(normal() * 200));
  const current = Array.from({ length: rows }, () => Math.round((normal() + moved) * 200));
  const edges = referenceEdges(Float64Array.from(reference).sort(), 40);
  return { kind, reference: summarizeNumbers(reference, edges), current: summarizeNumbers(current, edges) };
}

function fromBins(pair: ColumnPair): ColumnPair {
  if (pair.kind !== "numeric") return pair;
  const { values: _, ...reference } = pair.reference;
  const { values: __, ...current } = pair.current;
  return { kind: "numeric", reference, current };
}

function swapped(pair: ColumnPair): ColumnPair {
  return pair.kind === "numeric"
    ? { kind: "numeric", reference: pair.current, current: pair.reference }
    : { kind: "categorical", reference: pair.current, current: pair.reference };
}

for (const test of DRIFT_TESTS) {
  describe.each([...test.columnKinds])(`${test.name} of %s columns`, (kind) => {
    it("says nothing changed for a column against itself", () => {
      const pair = drawn(kind, 0);
      const figure = test.score({ ...pair, current: pair.reference } as ColumnPair);
      expect(figure?.score).toBe(0);
      expect(figure?.pValue ?? 1).toBe(1);
    });

    it("grows with the change", () => {
      const scores = [0.3, 0.6, 1.2].map((moved) => test.score(drawn(kind, moved))?.score ?? 0);
      expect(scores).toEqual(scores.toSorted((a, b) => a - b));
      expect(scores[0]).toBeGreaterThan(0);
    });

    it("is drift by its own rule for a large change", () => {
      const figure = test.score(drawn(kind, 1.8));
      if (test.driftsWhen === "score-at-least") expect(figure?.score).toBeGreaterThanOrEqual(test.limit);
      else expect(figure?.pValue).toBeLessThanOrEqual(test.limit);
    });

    it("gives p from 0 to 1, or none where it is a distance", () => {
      const p = test.score(drawn(kind, 0.3))?.pValue ?? null;
      if (test.driftsWhen === "p-at-most") expect(p).toSatisfy((value: number) => value >= 0 && value <= 1);
      else expect(p).toBeNull();
    });

    it("is exact from what it says, and within its bound of the exact score from bins", () => {
      const exact = test.score(drawn(kind, 0.4));
      const sketched = test.score(fromBins(drawn(kind, 0.4)));
      expect(exact).toMatchObject({ exactness: "exact", errorBound: null });
      if (kind === "numeric" && test.exactFrom === "values") {
        expect(sketched?.exactness).toBe("sketched");
        const apart = Math.abs((sketched?.score ?? 0) - (exact?.score ?? 0));
        expect(apart).toBeLessThanOrEqual(sketched?.errorBound ?? 0);
      } else expect(sketched).toEqual(exact);
    });

    it("says nothing where a side has no values", () => {
      const empty = drawn(kind, 0, 0);
      const full = drawn(kind, 0);
      expect(test.score(empty)).toBeNull();
      expect(test.score({ ...full, current: empty.current } as ColumnPair)).toBeNull();
      expect(test.score({ ...full, reference: empty.reference } as ColumnPair)).toBeNull();
    });

    it("does not fail on single rows", () => {
      const figure = test.score(drawn(kind, 0, 1));
      expect(figure === null || Number.isFinite(figure.score)).toBe(true);
    });
  });

  it(`${test.name} is for the kinds that it names`, () => {
    const kinds = (["numeric", "categorical"] as const).filter((kind) => test.score(drawn(kind, 0.4)));
    expect(kinds).toEqual([...test.columnKinds]);
  });
}

it.each(["jensenshannon", "ks", "z"])("%s does not care which side is the reference", (name) => {
  const test = DRIFT_TESTS.find((one) => one.name === name);
  const pair = drawn(name === "ks" ? "numeric" : "categorical", 0.5);
  expect(test?.score(swapped(pair))?.score).toBeCloseTo(test?.score(pair)?.score ?? 0, 12);
});

it("has no two tests of one name", () => {
  expect(new Set(DRIFT_TESTS.map(({ name }) => name)).size).toBe(DRIFT_TESTS.length);
});
