import type { Estimate, MetricMoment } from "@causeway/contract";
import { counted, shown } from "../figure-text.ts";
import { heldText } from "../held-text.ts";
import { defineTrigger } from "./define.ts";

/**
 * The newest window with truth, where the metric is worse than in the reference by more than the drop, beyond chance: the
 * whole interval of the difference lies below it. Where the version's own scores promise a value for these very rows, that
 * promise must be broken by as much as well. Windows differ in how hard they are, and a broken promise says that it is the
 * version that has aged; yet scores that were too sure from the start break it in every window, and only the reference tells.
 *
 * A window of few rows is no reason, however clear it is: an interval takes rows for independent of each other, and rows of a
 * short stretch of time are not. They tell well which version was better then, and badly which one will be.
 */
export const performance = defineTrigger({
  on: "performance",
  notice({ metric, drop, rows }, { windows }) {
    const window = windows.find((one) => one.metrics.length > 0);
    const moment = window?.metrics.find((one) => metric === undefined || one.metric === metric);
    if (window === undefined || moment === undefined) return null;
    const standard = brokenStandard(moment, drop);
    if (standard === null) return null;
    const { reference, promised } = standard;
    const fact = {
      says: "performance",
      window: window.title,
      metric: moment.metric,
      now: moment.now,
      ...standard,
    } as const;
    const own = promised === null ? "" : `its scores promise ${promised.toFixed(3)}, `;
    const notice = {
      reason: `${moment.metric} was ${shown(moment.now)} in ${window.title}; ${own}the reference is ${shown(reference)}`,
      window,
      fact,
    };
    if (window.labelled >= rows) return notice;
    // Where the window is large enough, more truth may still come.
    return window.rows >= rows
      ? null
      : { ...notice, weak: heldText({ says: "few-rows", rows }), leastRows: rows };
  },
  say: ({ metric, drop, rows }) =>
    `${metric ?? "the monitor's metric"} is worse than in the reference, and than the model's own scores promise, by more than ${drop} beyond chance on at least ${counted(rows, "row")}`,
});

type Standard = { readonly reference: Estimate; readonly promised: number | null };

/** What the metric falls short of: the reference, and the promise of its own scores where there is one; null where it does not. */
function brokenStandard(moment: MetricMoment, drop: number): Standard | null {
  const { now, promised, reference, difference, lessIsBetter } = moment;
  if (reference === null || difference === null) return null;
  if ((difference.high ?? difference.value) >= -drop) return null;
  if (typeof promised !== "number") return { reference, promised: null };
  const isBroken = lessIsBetter
    ? (now.low ?? now.value) > promised + drop
    : (now.high ?? now.value) < promised - drop;
  return isBroken ? { reference, promised } : null;
}
