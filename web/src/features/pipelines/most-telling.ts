import type { StepRun } from "@causeway/contract";

/** The step to look at first: the one that failed, else the one that runs, else the one that took longest. */
export function mostTelling(steps: readonly StepRun[]): StepRun | undefined {
  return (
    steps.find(({ state }) => state === "failed") ??
    steps.find(({ state }) => state === "running") ??
    steps.toSorted((a, b) => lengthOf(b) - lengthOf(a))[0]
  );
}

function lengthOf({ startedAt, endedAt }: StepRun): number {
  return startedAt === null || endedAt === null ? 0 : Date.parse(endedAt) - Date.parse(startedAt);
}
