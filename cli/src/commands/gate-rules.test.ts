import { expect, it } from "vitest";
import { aliasOf, versionOf } from "./alias-reference.ts";
import { rulesOf } from "./gate-rules.ts";

const none = { better: [], notWorse: [], atLeast: [], confidence: "0.95" };

it("reads metrics with their amounts and slices", () => {
  expect(
    rulesOf({
      ...none,
      better: ["auc", "accuracy:0.005"],
      notWorse: ["recall:0.02"],
      atLeast: ["recall:0.6@Contract", "log_loss:0.5"],
      agrees: "0.2",
      leastRows: "500",
      confidence: "0.9",
    }),
  ).toEqual([
    { rule: "better", metric: "auc", by: 0, confidence: 0.9 },
    { rule: "better", metric: "accuracy", by: 0.005, confidence: 0.9 },
    { rule: "not-worse", metric: "recall", by: 0.02, confidence: 0.9 },
    { rule: "at-least", metric: "recall", value: 0.6, slice: "Contract" },
    { rule: "at-least", metric: "log_loss", value: 0.5 },
    { rule: "agrees", mean: 0.2, golden: 0.8 },
    { rule: "rows", least: 500 },
  ]);
  expect(rulesOf({ ...none, agrees: true })).toEqual([{ rule: "agrees", mean: 0.2, golden: 0.8 }]);
});

it.each([
  [none, "a gate needs at least one rule"],
  [{ ...none, better: ["auc:x"] }, "x is no number"],
  [{ ...none, atLeast: ["recall"] }, "nothing is no number"],
  [{ ...none, better: ["AUC"] }, "the rule better is not understood: metric a metric such as auc"],
  [{ ...none, better: ["auc"], confidence: "95" }, "confidence"],
  [{ ...none, leastRows: "1.5" }, "the rule rows is not understood"],
])("refuses what it cannot read: %j", (options, message) => {
  expect(() => rulesOf(options)).toThrow(message);
});

it("takes references apart at their last @", () => {
  expect(aliasOf("churn@champion")).toEqual({ model: "churn", alias: "champion" });
  expect(versionOf("churn@12")).toEqual({ model: "churn", version: 12 });
  expect(() => versionOf("churn@champion")).toThrow("names no version");
  expect(() => aliasOf("churn")).toThrow("names no alias");
});
