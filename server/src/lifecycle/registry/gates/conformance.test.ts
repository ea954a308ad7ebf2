import { type Estimate, GateRule, RuleVerdict } from "@causeway/contract";
import { describe, expect, it } from "vitest";
import { GATES, type GateRows, judgeRule } from "./index.ts";

const estimate = (value: number, half: number | null): Estimate => ({
  name: "auc",
  value,
  low: half === null ? null : value - half,
  high: half === null ? null : value + half,
  confidence: half === null ? null : 0.95,
  method: half === null ? null : "delong",
});

/** 500 rows on which the challenger is 0.05 better, within 0.02; `rmse` is less by as much. */
const rows: GateRows = {
  rows: 500,
  hasChampion: true,
  lessIsBetter: (metric) => metric === "rmse",
  estimate: () => ({
    challenger: estimate(0.85, 0.01),
    champion: estimate(0.8, 0.01),
    difference: estimate(0.05, 0.02),
  }),
  slices: () => [
    { value: "a", rows: new Int32Array(400) },
    { value: "b", rows: new Int32Array(70) },
    { value: "c", rows: new Int32Array(29) },
  ],
  agreement: () => ({ mean: 0.02, most: 0.3, golden: () => ({ same: 18, of: 20 }) }),
};
/** Rows on which the challenger may be worse by up to 0.03. */
const weakRows: GateRows = {
  ...rows,
  estimate: () => ({ ...rows.estimate("auc", { confidence: 0.95 }), difference: estimate(-0.01, 0.02) }),
};
const undefinedRows: GateRows = {
  ...rows,
  estimate: () => ({ challenger: null, champion: null, difference: null }),
};

/** A rule of each kind that holds on the rows, and one that does not on the weak ones. */
const EXAMPLES: Readonly<Record<GateRule["rule"], readonly [holds: object, fails: object]>> = {
  better: [
    { metric: "auc", by: 0.02 },
    { metric: "auc", by: 0 },
  ],
  "not-worse": [
    { metric: "auc", by: 0 },
    { metric: "auc", by: 0.02 },
  ],
  "at-least": [
    { metric: "auc", value: 0.85 },
    { metric: "auc", value: 0.851 },
  ],
  agrees: [
    { mean: 0.02, golden: 0.9 },
    { mean: 0.02, golden: 0.95 },
  ],
  rows: [{ least: 500 }, { least: 501 }],
};

describe.each(Object.keys(GATES) as GateRule["rule"][] /* Object.keys forgets the key type */)(
  "%s",
  (name) => {
    const [holds, fails] = EXAMPLES[name];

    it("is listed under its own name", () => {
      expect(GATES[name].rule).toBe(name);
    });

    it("passes what holds, with a sentence and figures that the wire takes", () => {
      const rule = GateRule.parse({ rule: name, ...holds });
      const verdict = judgeRule(rule, rows);
      expect(RuleVerdict.parse(verdict)).toEqual(verdict);
      expect(verdict.passed).toBe(true);
      expect(verdict.reason).toMatch(/\d/);
      expect(judgeRule(rule, rows)).toEqual(verdict);
    });

    it("refuses what does not hold, and says what was wanted", () => {
      const verdict = judgeRule(GateRule.parse({ rule: name, ...fails }), weakRows);
      expect(verdict.passed).toBe(false);
      expect(verdict.reason).toMatch(/wanted|not shown/);
    });

    it("passes nothing that the rows do not define", () => {
      const rule = GateRule.parse({ rule: name, ...holds });
      if ("metric" in rule) expect(judgeRule(rule, undefinedRows)).toMatchObject({ passed: false });
    });
  },
);

it("passes a version whose margin holds all that chance leaves open", () => {
  const rule = GateRule.parse({ rule: "not-worse", metric: "auc", by: 0.04 });
  expect(judgeRule(rule, weakRows)).toMatchObject({ passed: true });
});

it("passes no difference without an interval: nothing shows that it is not chance", () => {
  const bare = {
    ...rows,
    estimate: () => ({ ...rows.estimate("auc", { confidence: 0.95 }), difference: estimate(0.3, null) }),
  };
  expect(judgeRule(GateRule.parse({ rule: "better", metric: "auc" }), bare)).toMatchObject({ passed: false });
});

it("holds a ceiling where less is better, and looks at slices of 30 rows or more", () => {
  const floor = { rule: "at-least", metric: "rmse", value: 0.9 } as const;
  expect(judgeRule(GateRule.parse(floor), rows)).toMatchObject({ passed: true });
  expect(judgeRule(GateRule.parse({ ...floor, value: 0.8 }), rows)).toMatchObject({ passed: false });
  const sliced = judgeRule(GateRule.parse({ ...floor, slice: "plan" }), rows);
  expect(sliced).toMatchObject({
    passed: true,
    reason: "rmse in each of 2 values of plan: at most 0.9 is wanted",
  });
  expect(sliced.slices?.map(({ value }) => value)).toEqual(["a", "b"]);
  const small = { ...rows, slices: () => [{ value: "c", rows: new Int32Array(29) }] };
  expect(judgeRule(GateRule.parse({ ...floor, slice: "plan" }), small)).toMatchObject({
    passed: false,
    reason: "no value of plan has 30 judged rows",
  });
});
