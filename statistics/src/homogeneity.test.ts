import { expect, it } from "vitest";
import { drawsOf } from "../testing/drawn-columns.ts";
import { fisherExact } from "./distributions/two-by-two.ts";
import { homogeneityP } from "./homogeneity.ts";

it("is close to Fisher's test for two categories: one table of two by two", () => {
  const p = fisherExact({ reference: { hits: 30, rows: 100 }, current: { hits: 45, rows: 90 } });
  expect(homogeneityP([30, 70], [45, 45])).toBeCloseTo(p, 12);
});

it("rejects at most as often as its level says, with rare categories and small windows", () => {
  const { even } = drawsOf(5);
  const shares = [0.5, 0.2, 0.1, 0.08, 0.06, 0.03, 0.02, 0.01];
  const draw = (rows: number) => {
    const counts = shares.map(() => 0);
    for (let row = 0; row < rows; row++) {
      let left = even();
      const cell = shares.findIndex((share) => {
        left -= share;
        return left < 0;
      });
      counts[Math.max(0, cell)] = (counts[Math.max(0, cell)] ?? 0) + 1;
    }
    return counts;
  };
  for (const rows of [20, 100, 1000]) {
    let rejected = 0;
    for (let trial = 0; trial < 1500; trial++) if (homogeneityP(draw(1500), draw(rows)) <= 0.02) rejected++;
    // Three standard errors above 2 %.
    expect(rejected).toBeLessThanOrEqual(1500 * 0.02 + 3 * Math.sqrt(1500 * 0.02 * 0.98));
  }
});

it("finds a change spread over twenty categories", () => {
  const reference = Array.from({ length: 20 }, (_, i) => (i % 2 ? 60 : 40));
  const current = Array.from({ length: 20 }, (_, i) => (i % 2 ? 40 : 60));
  expect(homogeneityP(reference, current)).toBeLessThan(1e-8);
});

it("is 1 for one category, for none, and for many of one row each", () => {
  expect(homogeneityP([5], [7])).toBe(1);
  expect(homogeneityP([], [])).toBe(1);
  expect(homogeneityP([1, 1, 1, 0, 0, 0], [0, 0, 0, 1, 1, 1])).toBeGreaterThan(0.05);
});
