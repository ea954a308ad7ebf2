import type { Interval } from "./metrics/define.ts";
import { wilson } from "./wilson.ts";

/** Wilson's interval of a share; null without trials. */
export function shareInterval(successes: number, of: number, confidence: number): Interval | null {
  if (of === 0) return null;
  const { low, high } = wilson(successes, of, confidence);
  return { low, high, method: "wilson" };
}
