import type { DeploymentState, PipelineRunState, RunState, StepState, WorkState } from "@causeway/contract";
import type { Status } from "./status-mark.tsx";

/** The shape of a deployment's state. */
export function deploymentStatus(state: DeploymentState): Status {
  switch (state) {
    case "ready":
      return "ok";
    case "pending":
      return "running";
    case "failed":
      return "crit";
    default:
      return state satisfies never;
  }
}

/** The shape of an experiment run's state. */
export function runStatus(state: RunState): Status {
  switch (state) {
    case "scheduled":
      return "idle";
    case "running":
      return "running";
    case "finished":
      return "ok";
    case "failed":
      return "crit";
    case "killed":
      return "blocked";
    default:
      return state satisfies never;
  }
}

/** The shape of a pipeline run's state. */
export function pipelineRunStatus(state: PipelineRunState): Status {
  switch (state) {
    case "queued":
      return "idle";
    case "running":
    case "cancelling":
      return "running";
    case "succeeded":
      return "ok";
    case "failed":
      return "crit";
    case "cancelled":
      return "blocked";
    default:
      return state satisfies never;
  }
}

/** The shape of a step's state. */
export function stepStatus(state: StepState): Status {
  switch (state) {
    case "waiting":
    case "queued":
      return "idle";
    case "running":
      return "running";
    case "succeeded":
      return "ok";
    case "cached":
      return "cached";
    case "failed":
      return "crit";
    case "skipped":
    case "cancelled":
      return "blocked";
    default:
      return state satisfies never;
  }
}

/** The shape of an import's or a split's state. */
export function workStatus(state: WorkState): Status {
  switch (state) {
    case "queued":
      return "idle";
    case "running":
      return "running";
    case "succeeded":
      return "ok";
    case "failed":
      return "crit";
    case "cancelled":
      return "blocked";
    default:
      return state satisfies never;
  }
}
