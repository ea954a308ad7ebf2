import type { RunState } from "@causeway/contract";

const RUN_STATES_BY_NUMBER = ["running", "running", "scheduled", "finished", "failed", "killed"] as const;

/** A run's state as MLflow writes it: a name, or the number of its enumeration. */
export function runState(status: number | string): RunState {
  const found = /^\d+$/.test(String(status))
    ? RUN_STATES_BY_NUMBER[Number(status)]
    : RUN_STATES_BY_NUMBER.find((state) => state === String(status).toLowerCase());
  return found ?? "running";
}

/** A logged model's state: 1 or LOGGED_MODEL_PENDING, 2 or …READY, 3 or …UPLOAD_FAILED. */
export function loggedModelState(status: number | string): "pending" | "ready" | "upload-failed" {
  const word = String(status).replace("LOGGED_MODEL_", "");
  if (word === "2" || word === "READY") return "ready";
  return word === "3" || word === "UPLOAD_FAILED" ? "upload-failed" : "pending";
}

/** A version's registry stage. */
export function registryStage(stage: string | null | undefined) {
  const word = stage?.toLowerCase();
  return word === "staging" || word === "production" || word === "archived" ? word : "none";
}
