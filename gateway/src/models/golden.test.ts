import type { Prediction } from "@causeway/contract";
import { describe, expect, it } from "vitest";
import { compareGolden, describeMismatch } from "./golden.ts";

const row = (prediction: Prediction) => ({ record: {}, prediction });
const same = (expected: Prediction, got: Prediction) => compareGolden([row(expected)], [got]).equal === 1;

describe("golden rows", () => {
  it.each<[string, Prediction, Prediction, boolean]>([
    ["the same number", { value: 1.5 }, { value: 1.5 }, true],
    ["a number within 1e-6", { value: 1_000_000 }, { value: 1_000_000.9 }, true],
    ["a number beyond 1e-6", { value: 1_000_000 }, { value: 1_000_002 }, false],
    ["a probability at single precision's end", { value: 0 }, { value: 5e-10 }, true],
    ["the same text", { value: "Yes" }, { value: "Yes" }, true],
    ["another text", { value: "Yes" }, { value: "No" }, false],
    ["text for a number", { value: 1 }, { value: "1" }, false],
    ["the same list", { value: [1, 2] }, { value: [1, 2.0000001] }, true],
    ["a longer list", { value: [1] }, { value: [1, 2] }, false],
    [
      "the same scores",
      { value: "a", scores: { a: 0.7, b: 0.3 } },
      { value: "a", scores: { b: 0.3, a: 0.7 } },
      true,
    ],
    [
      "another score",
      { value: "a", scores: { a: 0.7, b: 0.3 } },
      { value: "a", scores: { a: 0.701, b: 0.299 } },
      false,
    ],
    ["a class more", { value: "a", scores: { a: 1 } }, { value: "a", scores: { a: 1, b: 0 } }, false],
    ["no scores where there were some", { value: "a", scores: { a: 1 } }, { value: "a" }, false],
  ])("tells %s", (_, expected, got, equal) => {
    expect(same(expected, got)).toBe(equal);
  });

  it("names the first row that differs, with both answers", () => {
    const result = compareGolden(
      [row({ value: 1 }), row({ value: 2 }), row({ value: 3 })],
      [{ value: 1 }, { value: 5 }],
    );
    expect(result).toMatchObject({ equal: 1, rows: 3, mismatch: { row: 1 } });
    expect(describeMismatch(result)).toBe(
      '2 of 3 golden rows came back differently; row 1: recorded {"value":2}, got {"value":5}',
    );
  });
});
