import type { Approval, RuleVerdict } from "@causeway/contract";
import { describe, expect, it } from "vitest";
import { approvalInQuestion, whyNotYou } from "./approval-right.ts";
import { ruleScale, ruleSpan } from "./rule-line.ts";

const estimate = (name: string, value: number, low: number, high: number) => ({
  name,
  value,
  low,
  high,
  confidence: 0.95,
  method: "bootstrap",
});
const verdict = (changes: Partial<RuleVerdict>): RuleVerdict => ({
  rule: { rule: "better", metric: "auc", by: 0.01, confidence: 0.95 },
  passed: true,
  reason: "",
  champion: null,
  challenger: null,
  difference: null,
  slices: null,
  ...changes,
});

describe("the picture of a rule", () => {
  it("is the difference with its interval, and the limit on the side that the rule asks for", () => {
    const difference = estimate("auc", 0.066, 0.051, 0.081);
    expect(ruleSpan(verdict({ difference }))).toEqual({ value: 0.066, low: 0.051, high: 0.081, limit: 0.01 });
    const notWorse = { rule: "not-worse", metric: "auc", by: 0.02, confidence: 0.95 } as const;
    expect(ruleSpan(verdict({ rule: notWorse, difference }))?.limit).toBe(-0.02);
  });

  it("of a floor counts from the floor, and turns around where less is better", () => {
    const span = ruleSpan(
      verdict({
        rule: { rule: "at-least", metric: "rmse", value: 10 },
        challenger: estimate("rmse", 8, 7.5, 9),
      }),
    );
    expect(span).toEqual({ value: 2, low: 1, high: 2.5, limit: 0 });
  });

  it("is left out where there is no difference to draw", () => {
    expect(ruleSpan(verdict({ rule: { rule: "rows", least: 500 } }))).toBeUndefined();
    expect(ruleSpan(verdict({}))).toBeUndefined();
  });

  it("keeps zero in its column and everything inside the box", () => {
    const box = { width: 220, zero: 64, inset: 8 };
    for (const span of [
      { value: 0.066, low: 0.051, high: 0.081, limit: 0.01 },
      { value: -4, low: -9, high: 1, limit: -0.02 },
      { value: 0, low: 0, high: 0, limit: 0 },
    ]) {
      const x = ruleScale(span, box);
      expect(x(0)).toBe(64);
      for (const at of [span.value, span.low, span.high, span.limit]) {
        expect(x(at)).toBeGreaterThanOrEqual(box.inset - 1e-9);
        expect(x(at)).toBeLessThanOrEqual(box.width - box.inset + 1e-9);
      }
    }
  });
});

describe("a decision", () => {
  const author = { kind: "token", id: "1", name: "ops-lead" } as const;
  const other = { kind: "token", id: "2", name: "reviewer" } as const;

  it("needs the right to approve, whoever asks", () => {
    expect(
      whyNotYou({ fourEyes: false, notBy: [] }, { actor: other, permissions: ["registry:write"] }),
    ).toEqual({ kind: "right", permission: "registry:approve" });
  });

  it("is not taken by who asked for it where four eyes are wanted, and by anyone else with the right", () => {
    const asked = { fourEyes: true, notBy: [author] };
    expect(whyNotYou(asked, { actor: author, permissions: ["registry:approve"] })).toEqual({
      kind: "four-eyes",
      who: "ops-lead",
    });
    expect(whyNotYou(asked, { actor: other, permissions: ["registry:approve"] })).toBeUndefined();
    expect(
      whyNotYou({ ...asked, fourEyes: false }, { actor: author, permissions: ["registry:approve"] }),
    ).toBeUndefined();
  });

  it("is the one that the address names, else the one of this version that waits", () => {
    const of = (id: string, version: number, state: Approval["state"]) =>
      ({ id, version, state }) as Approval; // the choice reads no other field
    const approvals = [of("c", 3, "expired"), of("b", 3, "pending"), of("a", 2, "approved")];
    expect(approvalInQuestion(approvals, { chosen: "", version: 3 })?.id).toBe("b");
    expect(approvalInQuestion(approvals, { chosen: "a", version: 3 })?.id).toBe("a");
    expect(approvalInQuestion(approvals, { chosen: "", version: 1 })).toBeUndefined();
  });
});
