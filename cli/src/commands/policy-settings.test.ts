import { PolicySettings } from "@causeway/contract";
import { describe, expect, it } from "vitest";
import { type PolicyOptions, policySettings } from "./policy-settings.ts";

const settingsOf = (options: Partial<PolicyOptions>, file = {}) =>
  policySettings(file, { pipeline: "churn", when: [], gate: [], notify: [], ...options });

describe("policySettings", () => {
  it("takes every default where nothing but the pipeline is given", () => {
    expect(settingsOf({})).toEqual(PolicySettings.parse({ retrain: "churn" }));
  });

  it.each([
    ["drift", [{ on: "drift" }]],
    ["performance", [{ on: "performance", drop: 0.0125, rows: 500 }]],
    ["performance:0.05", [{ on: "performance", drop: 0.05, rows: 500 }]],
    ["performance:accuracy:0.05:300", [{ on: "performance", metric: "accuracy", drop: 0.05, rows: 300 }]],
    ["labels:5_000", [{ on: "labels", rows: 5_000 }]],
    ['cron:"0 3 * * MON"', [{ on: "schedule", cron: "0 3 * * MON", zone: "UTC" }]],
    [
      'drift, cron:"0 3 1,15 * *"@Asia/Ho_Chi_Minh',
      [{ on: "drift" }, { on: "schedule", cron: "0 3 1,15 * *", zone: "Asia/Ho_Chi_Minh" }],
    ],
  ])("reads the triggers %s", (text, when) => {
    expect(settingsOf({ when: [text] }).when).toEqual(when);
  });

  it.each([
    ["better:auc:0.005", { rule: "better", metric: "auc", by: 0.005, confidence: 0.95 }],
    ["not-worse:rmse", { rule: "not-worse", metric: "rmse", by: 0.01, confidence: 0.95 }],
    ["at-least:recall:0.6@Contract", { rule: "at-least", metric: "recall", value: 0.6, slice: "Contract" }],
    ["rows:500", { rule: "rows", least: 500 }],
  ])("reads the gate %s", (text, rule) => {
    expect(settingsOf({ gate: [text] }).gate).toEqual([rule]);
  });

  it("lets an option win over the file, and keeps what only the file says", () => {
    const file = { approve: { by: "rule", expiresAfter: "2 days" }, budget: { trainings: 9, per: "year" } };
    const settings = settingsOf({ fourEyes: true, budget: "1/week" }, file);
    expect(settings.approve).toEqual({ by: "person", fourEyes: true, expiresAfter: "2 days" });
    expect(settings.budget).toEqual({ trainings: 1, per: "week" });
  });

  it.each([
    [{ when: ["drifts"] }, "--when"],
    [{ when: ["labels:many"] }, "--when"],
    [{ budget: "two a month" }, "--budget"],
    [{ gate: ["best:auc"] }, "--gate"],
    [{ cooldown: "soon" }, "cooldown"],
  ])("refuses %j and names the field", (options, field) => {
    expect(() => settingsOf(options)).toThrow(expect.objectContaining({ code: "INVALID_FIELD", field }));
  });
});
