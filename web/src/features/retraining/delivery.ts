import type { Cycle } from "@causeway/contract";
import { isOpen } from "./cycle-status.ts";

/** What the loop delivered: how long repairs took by both clocks, how many cycles ended well, how many went back. */
export type Delivery = {
  cycles: number;
  switched: number;
  /** Median event time from the notice of a change to the switch, in ms; null where nothing switched. */
  toRepairMs: number | null;
  /** Median server time from the start of a cycle to its switch, in ms. */
  onClockMs: number | null;
  ended: number;
  confirmed: number;
  rolledBack: number;
};

/** The figures of some cycles. Cycles that go on count as switched once their version serves, but not as ended. */
export function deliveryOf(cycles: readonly Cycle[]): Delivery {
  const switched = cycles.filter(({ switchedAt }) => switchedAt !== null);
  const ended = cycles.filter((cycle) => !isOpen(cycle));
  return {
    cycles: cycles.length,
    switched: switched.length,
    toRepairMs: median(
      switched.map(
        ({ noticedAt, switchedAt }) => Date.parse(switchedAt ?? noticedAt) - Date.parse(noticedAt),
      ),
    ),
    onClockMs: median(switched.flatMap(clockToSwitch)),
    ended: ended.length,
    confirmed: ended.filter(({ state }) => state === "confirmed").length,
    rolledBack: switched.filter(({ state }) => state === "rolled-back").length,
  };
}

/** Server time from the start of a cycle to the end of its station `switched`, in ms; nothing where it has not ended. */
function clockToSwitch({ steps, startedAt }: Cycle): number[] {
  const end = steps.find(({ name, state }) => name === "switched" && state === "done")?.endedAt;
  return end == null ? [] : [Date.parse(end) - Date.parse(startedAt)];
}

function median(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle];
  const lower = sorted[sorted.length - 1 - middle];
  return upper === undefined || lower === undefined ? null : (lower + upper) / 2;
}
