import { expect, it } from "vitest";
import { drawsOf } from "../testing/drawn-columns.ts";
import { referenceEdges } from "./reference-edges.ts";
import { countInBins } from "./summarize-column.ts";

it("gives few whole numbers a bin each, and what lies outside bins of its own", () => {
  const edges = referenceEdges([0, 0, 0, 1, 1]);
  expect(edges.slice(1, -1)).toEqual([-0.5, 0.5, 1.5]);
  expect(countInBins(Float64Array.of(-4, 0, 1, 1, 7), edges)).toEqual([1, 1, 2, 1]);
});

it("puts a constant between what is less and what is more, however little", () => {
  const edges = referenceEdges([0.3, 0.3]);
  expect(countInBins(Float64Array.of(0.3 - 1e-12, 0.3, 0.3 + 1e-12), edges)).toEqual([1, 1, 1]);
});

it("gives many values bins of about equal rows, at most as many as asked", () => {
  const { normal } = drawsOf(1);
  const sorted = Float64Array.from({ length: 20_000 }, normal).sort();
  for (const most of [12, 64, 256]) {
    const edges = referenceEdges(sorted, most);
    const counts = countInBins(sorted, edges);
    expect(counts.length).toBeLessThanOrEqual(most);
    expect([counts[0], counts.at(-1)]).toEqual([0, 0]);
    const inner = counts.slice(1, -2);
    expect(Math.max(...inner)).toBeLessThan(1.3 * Math.min(...inner));
    expect(edges).toEqual(edges.toSorted((a, b) => a - b));
  }
});

it("leaves a frequent value alone in its bin", () => {
  const { even } = drawsOf(2);
  const sorted = Float64Array.from({ length: 5000 }, () => (even() < 0.5 ? 0 : even())).sort();
  const edges = referenceEdges(sorted, 100);
  const counts = countInBins(sorted, edges);
  const zeros = sorted.filter((value) => value === 0).length;
  expect(counts[1]).toBe(zeros);
});

it("takes a column without values, and one of huge numbers", () => {
  expect(referenceEdges([])).toEqual([-1, 0, 1]);
  const huge = referenceEdges([2 ** 60, 2 ** 60 + 256]);
  expect(new Set(huge).size).toBe(huge.length);
});
