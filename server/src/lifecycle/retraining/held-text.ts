import type { HeldFact } from "@causeway/contract";
import { counted } from "./figure-text.ts";

/** What holds a policy back, as messages and the command line say it; no sentence of its own. */
export function heldText(held: HeldFact): string {
  switch (held.says) {
    case "gone":
      return `the deployment ${held.deployment} or its monitor ${held.monitor} is gone`;
    case "paused":
      return "the policy is paused";
    case "cycle":
      return `cycle ${held.cycle} is under way`;
    case "cooldown":
      return `cooldown until ${minute(held.until)} after cycle ${held.cycle}`;
    case "budget":
      return `the budget of ${held.trainings} ${held.trainings === 1 ? "training" : "trainings"} per ${held.per} is used up`;
    case "refusals":
      return `the gate refused ${held.refusals} times in a row; waits for ${held.wanted} new windows with truth, ${held.windows} so far`;
    case "few-rows":
      return `fewer than ${counted(held.rows, "row")} with truth in a window are too few to replace a model by; give the monitor longer windows, or the trigger fewer rows`;
    default:
      return held satisfies never;
  }
}

function minute(at: string): string {
  return at.slice(0, 16).replace("T", " ");
}
