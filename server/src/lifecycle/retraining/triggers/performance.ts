import type { MetricMoment } from "@causeway/contract";
import { shown } from "../figure-text.ts";
import { defineTrigger } from "./define.ts";

/**
 * The newest window with truth, where the metric is worse by more than the drop, beyond chance: the whole interval lies below
 * what the version's own scores promise for these very rows, or, where they promise nothing, below the reference. Windows
 * differ in how hard they are; a broken promise says that the version has aged.
 */
export const performance = defineTrigger({
  on: "performance",
  notice({ metric, drop }, { windows }) {
    const window = windows.find((one) => one.metrics.length > 0);
    const moment = window?.metrics.find((one) => metric === undefined || one.metric === metric);
    if (window === undefined || moment === undefined) return null;
    const standard = brokenStandard(moment, drop);
    if (standard === null) return null;
    return { reason: `${moment.metric} was ${shown(moment.now)} in ${window.title}; ${standard}`, window };
  },
  say: ({ metric, drop }) =>
    `${metric ?? "the monitor's metric"} is worse than the model's own scores promise, or than in the reference, by more than ${drop} beyond chance`,
});

/** What the metric falls short of, in words; null where it does not. */
function brokenStandard(
  { now, promised, reference, difference, lessIsBetter }: MetricMoment,
  drop: number,
): string | null {
  if (typeof promised === "number") {
    const short = lessIsBetter
      ? (now.low ?? now.value) > promised + drop
      : (now.high ?? now.value) < promised - drop;
    return short ? `its scores promise ${promised.toFixed(3)}` : null;
  }
  if (reference === null || difference === null) return null;
  return (difference.high ?? difference.value) < -drop ? `the reference is ${shown(reference)}` : null;
}
