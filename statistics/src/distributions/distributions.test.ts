import { describe, expect, it } from "vitest";
import { logFactorial, logGamma } from "./log-gamma.ts";
import { kolmogorovTail, smirnovTail } from "./smirnov.ts";
import { fisherExact } from "./two-by-two.ts";
import { chiSquareTail, normalTails } from "./upper-gamma.ts";

/** Close in proportion, also where values are tiny. */
function near(found: number, expected: number, relative: number): void {
  expect(Math.abs(found / expected - 1)).toBeLessThan(relative);
}

// Every expected value: SciPy 1.17.1.
describe("tails", () => {
  it.each([
    [0.1, 1, 0.7518296340458492],
    [50, 3, 7.989179244951495e-11],
    [200, 150, 0.003973185970821635],
    [1000, 9, 1.7240681189224405e-209],
  ])("of chi-squared at %d with %d degrees keep their digits", (x, degrees, expected) => {
    near(chiSquareTail(x, degrees), expected, 1e-12);
  });

  it("of the normal distribution keep their digits", () => {
    near(normalTails(2), 0.04550026389635839, 1e-13);
    near(normalTails(20), 5.507248237212311e-89, 1e-12);
    expect(normalTails(0)).toBe(1);
  });

  it("of chi-squared are 1 at 0 and 0 at infinity, and undefined without degrees", () => {
    expect([chiSquareTail(0, 3), chiSquareTail(Number.POSITIVE_INFINITY, 3)]).toEqual([1, 0]);
    expect(chiSquareTail(1, 0)).toBeNaN();
  });

  it("agree with factorials", () => {
    expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.sqrt(Math.PI)), 13);
    near(logFactorial(1_000_000), 12815518.384658169, 1e-14);
    near(logFactorial(10), Math.log(3_628_800), 1e-14);
  });
});

describe("two samples", () => {
  it.each([
    [5, 7, 0.6, 0.16666666666666663],
    [8, 8, 0.5, 0.2826728826728826],
    [20, 30, 0.4, 0.03452032044186146],
    [100, 1500, 0.15, 0.026696493922898676],
    [100, 1500, 0.2, 0.0009396015167652393],
    [1000, 1500, 0.05, 0.0972493311673314],
  ])("of %d and %d rows are as far apart as %d by chance", (a, b, apart, expected) => {
    const distance = Math.ceil(apart * a * b) / (a * b);
    near(smirnovTail(distance, { a, b }), expected, 1e-12);
    near(smirnovTail(distance, { a: b, b: a }), expected, 1e-12);
  });

  it("are surely 0 apart, and 1 apart in two orders of all", () => {
    expect(smirnovTail(0, { a: 3, b: 4 })).toBe(1);
    near(smirnovTail(1, { a: 3, b: 4 }), 2 / 35, 1e-14);
  });

  it.each([
    [94, 0.5, 0.9528794304748766, 1e-4],
    [600, 1, 0.2628039069760598, 1e-12],
    [909, 1.48, 0.024193364421222663, 1e-12],
    [909, 1.5, 0.021463115740684074, 1e-11],
    [1999, 3, 2.866200780410916e-8, 1e-10],
    [5000, 3, 2.9420948688910262e-8, 1e-4],
    [100_000, 2, 0.00066806667710579, 1e-6],
  ])("of about %d rows reach %d / sqrt(n) asymptotically", (n, z, expected, relative) => {
    near(kolmogorovTail(z / Math.sqrt(n), n), expected, relative);
  });

  it("cannot be less than half a step apart, or more than 1", () => {
    expect([kolmogorovTail(0, 10), kolmogorovTail(0.05, 10), kolmogorovTail(1, 10)]).toEqual([1, 1, 0]);
  });
});

describe("two shares", () => {
  it.each([
    [[1, 10], [5, 12], 0.16187527642636004],
    [[3, 1500], [5, 100], 4.168187970321883e-5],
    [[150, 1500], [21, 100], 0.0020898962596010975],
    [[500_000, 1_000_000], [501_000, 1_000_000], 0.1577145048697666],
    [[4, 4], [0, 4], 0.028571428571428567],
  ] as const)("%j and %j differ by chance as Fisher's test says", (reference, current, expected) => {
    const found = fisherExact({
      reference: { hits: reference[0], rows: reference[1] },
      current: { hits: current[0], rows: current[1] },
    });
    near(found, expected, 1e-8);
  });

  it.each([
    [
      [5, 10],
      [5, 10],
    ],
    [
      [0, 10],
      [0, 10],
    ],
    [
      [7, 10],
      [7, 11],
    ],
    [
      [0, 0],
      [3, 10],
    ],
  ] as const)("%j and %j are the likeliest table: p is 1", (reference, current) => {
    const found = fisherExact({
      reference: { hits: reference[0], rows: reference[1] },
      current: { hits: current[0], rows: current[1] },
    });
    expect(found).toBeCloseTo(1, 12);
  });

  it("gives the sides the same p in either order", () => {
    for (let hits = 0; hits <= 9; hits++) {
      const one = { hits, rows: 9 };
      const other = { hits: 4, rows: 17 };
      const there = fisherExact({ reference: one, current: other });
      near(there, fisherExact({ reference: other, current: one }), 1e-9);
    }
  });
});
