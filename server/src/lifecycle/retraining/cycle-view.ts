import type { Cycle } from "@causeway/contract";
import type { CycleRow, StepRow } from "./cycles-store.ts";
import type { PolicyRow } from "./policies-store.ts";

/** A cycle as callers see it. */
export function cycleView(
  policy: Pick<PolicyRow, "name" | "deployment" | "environment" | "model">,
  cycle: CycleRow,
  steps: readonly StepRow[],
): Cycle {
  return {
    policy: policy.name,
    number: cycle.number,
    deployment: policy.deployment,
    environment: policy.environment,
    state: cycle.state,
    trigger: cycle.trigger,
    steps: steps.map((step) => ({
      ...step,
      startedAt: iso(step.startedAt),
      endedAt: iso(step.endedAt),
      occurredAt: iso(step.occurredAt),
    })),
    model: policy.model,
    champion: cycle.champion,
    challenger: cycle.challenger,
    candidate: cycle.candidate,
    runs: cycle.runs,
    dataset: cycle.dataset,
    gate: cycle.gate,
    approval: cycle.approval,
    problem: cycle.problem,
    ...(cycle.problemFact === null ? {} : { problemFact: cycle.problemFact }),
    noticedAt: cycle.noticedAt.toISOString(),
    switchedAt: iso(cycle.switchedAt),
    startedAt: cycle.startedAt.toISOString(),
    endedAt: iso(cycle.endedAt),
    startedBy: cycle.startedBy,
  };
}

function iso(date: Date | null): string | null {
  return date?.toISOString() ?? null;
}
