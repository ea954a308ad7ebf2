import type { RuleVerdict } from "@causeway/contract";
import { countText, estimateText } from "../estimate-text.ts";
import { defineGate, type GateRows, NO_ESTIMATES, type RuleOf } from "./define.ts";

/** Rows below which a slice says nothing. */
const LEAST_ROWS = 30;
const SHOWN_SLICES = 50;
const CONFIDENCE = 0.95;

/** The challenger's own value reaches a floor, overall or in every slice. */
export const atLeast = defineGate({
  rule: "at-least",
  judge: (rule, rows) =>
    rule.slice === undefined ? judgeWhole(rule, rows) : judgeSlices(rule, { rows, slice: rule.slice }),
});

type Rule = RuleOf<"at-least">;
type Verdict = Omit<RuleVerdict, "rule">;

function judgeWhole(rule: Rule, rows: GateRows): Verdict {
  const found = { ...rows.estimate(rule.metric, { confidence: CONFIDENCE }), slices: null };
  const { challenger } = found;
  if (challenger === null)
    return { ...found, passed: false, reason: `${rule.metric} is not defined on these rows` };
  const passed = reaches(challenger.value, rule, rows);
  const reason = `${rule.metric} ${estimateText(challenger)}, ${floorText(rule, rows)}`;
  return { ...found, passed, reason: passed ? reason : `${reason}: it does not reach it` };
}

function judgeSlices(rule: Rule, { rows, slice }: { rows: GateRows; slice: string }): Verdict {
  const large = rows.slices(slice).filter((one) => one.rows.length >= LEAST_ROWS);
  const judged = large.map(({ value, rows: members }) => {
    const { challenger, champion } = rows.estimate(rule.metric, { confidence: CONFIDENCE, rows: members });
    return {
      value,
      rows: members.length,
      challenger: challenger?.value ?? null,
      champion: champion?.value ?? null,
    };
  });
  const found = { ...NO_ESTIMATES, slices: judged.slice(0, SHOWN_SLICES) };
  if (judged.length === 0)
    return { ...found, passed: false, reason: `no value of ${slice} has ${LEAST_ROWS} judged rows` };
  const under = judged.filter(({ challenger }) => challenger === null || !reaches(challenger, rule, rows));
  const [first] = under;
  const of = `${countText(judged.length)} values of ${slice}`;
  if (first === undefined)
    return { ...found, passed: true, reason: `${rule.metric} in each of ${of}: ${floorText(rule, rows)}` };
  const value =
    first.challenger === null
      ? "not defined"
      : estimateText({ value: first.challenger, low: null, high: null });
  const worst = `${rule.metric} is ${value} where ${slice} is ${first.value} (${countText(first.rows)} rows)`;
  return {
    ...found,
    passed: false,
    reason: `${worst}, ${floorText(rule, rows)}; ${under.length} of ${of} miss it`,
  };
}

function reaches(value: number, rule: Rule, rows: GateRows): boolean {
  return rows.lessIsBetter(rule.metric) ? value <= rule.value : value >= rule.value;
}

function floorText(rule: Rule, rows: GateRows): string {
  return rows.lessIsBetter(rule.metric)
    ? `at most ${rule.value} is wanted`
    : `at least ${rule.value} is wanted`;
}
