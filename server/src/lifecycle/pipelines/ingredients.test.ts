import { describe, expect, it } from "vitest";
import { cacheText, explainMiss, type Ingredients } from "./ingredients.ts";

const BASE: Ingredients = {
  work: "python",
  code: "c".repeat(64),
  lock: "1".repeat(64),
  params: { trees: 300, name: "churn" },
  inputs: { rows: `b2d870${"0".repeat(58)}` },
  outputs: { model: { kind: "model", format: "onnx" } },
};

describe("explainMiss", () => {
  it.each<[string, Partial<Ingredients>, string]>([
    ["a param", { params: { trees: 500, name: "churn" } }, "param trees 300 → 500"],
    ["a new param", { params: { trees: 300, name: "churn", depth: 3 } }, "param depth nothing → 3"],
    ["a dropped param", { params: { name: "churn" } }, "param trees 300 → nothing"],
    ["an input", { inputs: { rows: `e07a15${"0".repeat(58)}` } }, "input rows changed: b2d870 → e07a15"],
    ["the code", { code: "d".repeat(64) }, "code changed"],
    ["the library's version", { work: "library evaluate@2" }, "code changed"],
    ["the lock", { lock: null }, "lock changed"],
    ["the outputs", { outputs: { model: { kind: "model", format: "ydf" } } }, "outputs changed"],
    [
      "two things",
      { code: "d".repeat(64), params: { trees: 1, name: "churn" } },
      "code changed; param trees 300 → 1",
    ],
    [
      "many things",
      { code: "d".repeat(64), lock: null, params: { trees: 1, name: "x" } },
      "code changed; lock changed; param trees 300 → 1; 1 more",
    ],
    ["nothing", {}, "its earlier result is not kept"],
  ])("P3/reason names %s", (_, change, reason) => {
    expect(explainMiss(BASE, { ...BASE, ...change })).toBe(reason);
  });

  it("knows a first run", () => {
    expect(explainMiss(undefined, BASE)).toBe("first run");
  });
});

describe("cacheText", () => {
  it("is the same for the same things, in whatever order they were written", () => {
    const turned = { ...BASE, params: { name: "churn", trees: 300 } };
    expect(cacheText(turned)).toBe(cacheText(BASE));
  });

  it("P3/miss differs when anything differs", () => {
    const others: Partial<Ingredients>[] = [
      { work: "shell" },
      { code: "d".repeat(64) },
      { lock: null },
      { params: {} },
      { inputs: {} },
      { outputs: {} },
    ];
    const texts = [BASE, ...others.map((other) => ({ ...BASE, ...other }))].map(cacheText);
    expect(new Set(texts).size).toBe(texts.length);
  });
});
