import { type PipelineRunState, type StepDefinition, type StepState, upstreamOf } from "@causeway/contract";

/** What can be decided of a step whose fate is open. */
export type StepDecision = { readonly step: StepDefinition; readonly decision: "ready" | "skip" | "cancel" };

const GOOD: readonly StepState[] = ["succeeded", "cached"];
const OPEN: readonly StepState[] = ["waiting", "queued", "running"];

/**
 * Decides what the steps that still wait may do, given the states of all: `ready` when everything that they need is there,
 * `skip` when something that they need will not come, `cancel` when the run is being cancelled.
 */
export function decideSteps(
  steps: readonly StepDefinition[],
  states: ReadonlyMap<string, StepState>,
  runState: PipelineRunState,
): StepDecision[] {
  const known = new Map(states);
  const decisions: StepDecision[] = [];
  for (const step of steps) {
    if (known.get(step.name) !== "waiting") continue;
    const upstream = upstreamOf(step).map((name) => known.get(name) ?? "waiting");
    if (runState === "cancelling") {
      decisions.push({ step, decision: "cancel" });
      known.set(step.name, "cancelled");
    } else if (upstream.some((state) => !GOOD.includes(state) && !OPEN.includes(state))) {
      decisions.push({ step, decision: "skip" });
      known.set(step.name, "skipped");
    } else if (upstream.every((state) => GOOD.includes(state))) {
      decisions.push({ step, decision: "ready" });
    }
  }
  return decisions;
}

/** The state of a run, from those of its steps; independent branches go on after a failure. */
export function runStateOf(states: readonly StepState[], before: PipelineRunState): PipelineRunState {
  const open = states.some((state) => OPEN.includes(state));
  if (before === "cancelling") return open ? "cancelling" : "cancelled";
  if (!open) return states.some((state) => !GOOD.includes(state)) ? "failed" : "succeeded";
  return before === "queued" && states.every((state) => state === "waiting" || state === "queued")
    ? "queued"
    : "running";
}

/** True once nothing more happens to a run. */
export function isOver(state: PipelineRunState): boolean {
  return state === "succeeded" || state === "failed" || state === "cancelled";
}
