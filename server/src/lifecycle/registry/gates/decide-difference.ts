import type { RuleVerdict } from "@causeway/contract";
import { estimateText } from "../estimate-text.ts";
import type { GateRows } from "./define.ts";

/** Decides whether the whole interval of a paired difference lies above a bound. */
export function decideDifference(
  { metric, confidence }: { readonly metric: string; readonly confidence: number },
  asked: { readonly rows: GateRows; readonly above: number; readonly wanted: string },
): Omit<RuleVerdict, "rule"> {
  const { rows, above, wanted } = asked;
  const { challenger, champion, difference } = rows.estimate(metric, { confidence });
  const found = { challenger, champion, difference, slices: null };
  if (challenger === null)
    return { ...found, passed: false, reason: `${metric} of the challenger is not defined on these rows` };
  const own = `${metric} ${estimateText(challenger)}`;
  if (!rows.hasChampion)
    return { ...found, passed: true, reason: `${own}; there is no champion to compare with` };
  if (champion === null || difference === null || difference.low === null) {
    return {
      ...found,
      passed: false,
      reason: `${own}; the difference to the champion is not defined on these rows`,
    };
  }
  const passed = difference.low > above;
  const against = `${own} against ${estimateText({ ...champion, low: null, high: null })}`;
  const verdict = passed ? wanted : `not shown to be ${wanted}`;
  return { ...found, passed, reason: `${against}, difference ${estimateText(difference)}: ${verdict}` };
}
