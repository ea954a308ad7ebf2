import { expect, it } from "vitest";
import { chooseGoldenRows, GOLDEN_ROWS } from "./golden-choice.ts";

const digest = "9f31c2".padEnd(64, "0");

it("chooses the same rows for the same version, and others for another", () => {
  expect(chooseGoldenRows(7043, digest)).toEqual(chooseGoldenRows(7043, digest));
  expect(chooseGoldenRows(7043, digest)).not.toEqual(chooseGoldenRows(7043, "b".repeat(64)));
});

it.each([21, 100, 7043, 50_000_000])("chooses twenty different rows of %d, in order", (rows) => {
  const chosen = chooseGoldenRows(rows, digest);
  expect(new Set(chosen).size).toBe(GOLDEN_ROWS);
  expect(chosen).toEqual(chosen.toSorted((a, b) => a - b));
  expect(Math.min(...chosen)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...chosen)).toBeLessThan(rows);
});

it("takes every row of a small table", () => {
  expect(chooseGoldenRows(3, digest)).toEqual([0, 1, 2]);
  expect(chooseGoldenRows(0, digest)).toEqual([]);
});

it("copes with a digest that seeds with zero", () => {
  expect(new Set(chooseGoldenRows(1000, "0".repeat(64))).size).toBe(GOLDEN_ROWS);
});
