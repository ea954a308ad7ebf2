import { describe, expect, it } from "vitest";
import { QUANTILES, selectQuantiles } from "./select-quantiles.ts";

/** The definition, on sorted values. */
function bySorting(values: readonly number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const rank = p * (sorted.length - 1);
  const lower = Math.floor(rank);
  const low = sorted[lower] ?? Number.NaN;
  const high = sorted[lower + 1] ?? low;
  return rank === lower ? low : low + (rank - lower) * (high - low);
}

function sequence(length: number, modulus: number): number[] {
  let state = 42;
  return Array.from({ length }, () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return (state % modulus) - modulus / 2;
  });
}

describe("selectQuantiles", () => {
  it.each([
    ["one value", [7]],
    ["two values", [2, 1]],
    ["sorted values", Array.from({ length: 1_001 }, (_, n) => n)],
    ["values that fall", Array.from({ length: 1_000 }, (_, n) => -n)],
    ["one value many times", Array.from({ length: 500 }, () => 3)],
    ["few distinct values", sequence(5_000, 4)],
    ["many distinct values", sequence(10_007, 1_000_003)],
    [
      "many values of which most are alike",
      sequence(20_000, 1_000_003).map((n, at) => (at % 50 === 0 ? n : 5)),
    ],
    ["many values with one far away", [...sequence(20_000, 1_000), 1e300]],
    ["many values of one kind", Array.from({ length: 20_000 }, () => 3)],
  ])("D4/quantiles of %s are those of the definition", (_name, values) => {
    const found = selectQuantiles(Float64Array.from(values));
    expect(found).toEqual(QUANTILES.map((p) => ({ p, value: bySorting(values, p) })));
  });

  it("of no values are none", () => {
    expect(selectQuantiles(new Float64Array())).toEqual([]);
  });
});
