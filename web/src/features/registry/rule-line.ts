import type { Estimate, GateRule, RuleVerdict } from "@causeway/contract";
import { lowerIsBetter } from "../../components/chart-series.ts";

/** What a rule's picture shows, in the rule's own units: zero is drawn as a line, more is better. */
export type RuleSpan = { value: number; low: number | null; high: number | null; limit: number };

/** The span of a verdict's picture; undefined where there is nothing to draw. */
export function ruleSpan({ rule, difference, challenger }: RuleVerdict): RuleSpan | undefined {
  switch (rule.rule) {
    case "better":
      return spanOf(difference, rule.by);
    case "not-worse":
      return spanOf(difference, -rule.by);
    case "at-least":
      return challenger === null ? undefined : fromFloor(challenger, rule);
    case "agrees":
    case "rows":
      return undefined;
    default:
      return rule satisfies never;
  }
}

function spanOf(difference: Estimate | null, limit: number): RuleSpan | undefined {
  if (difference === null) return undefined;
  return { value: difference.value, low: difference.low, high: difference.high, limit };
}

/** How far a value lies on the good side of its floor; the floor itself is the zero line. */
function fromFloor({ value, low, high }: Estimate, rule: Extract<GateRule, { rule: "at-least" }>): RuleSpan {
  const sign = lowerIsBetter(rule.metric) ? -1 : 1;
  const distance = (at: number) => sign * (at - rule.value);
  const ends = [low, high].map((end) => (end === null ? null : distance(end)));
  const [first = null, second = null] = sign === 1 ? ends : [...ends].reverse();
  return { value: distance(value), low: first, high: second, limit: 0 };
}

/** Where things stand in a picture of `width` px whose zero line stands at `zero` px: each row has a scale of its own. */
export function ruleScale(
  { value, low, high, limit }: RuleSpan,
  { width, zero, inset }: { width: number; zero: number; inset: number },
): (at: number) => number {
  const all = [value, low ?? value, high ?? value, limit];
  const left = Math.max(0, -Math.min(...all));
  const right = Math.max(0, Math.max(...all));
  const perUnit = Math.min(
    left === 0 ? Number.POSITIVE_INFINITY : (zero - inset) / left,
    right === 0 ? Number.POSITIVE_INFINITY : (width - zero - inset) / right,
  );
  return (at) => zero + (Number.isFinite(perUnit) ? at * perUnit : 0);
}
