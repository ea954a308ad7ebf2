import type { Cycle, CycleState, CycleStep, TimelineEntry } from "@causeway/contract";
import type { Status } from "../../components/status-mark.tsx";

/** The shape of a cycle's state. */
export function cycleStatus(state: CycleState): Status {
  switch (state) {
    case "running":
    case "watching":
      return "running";
    case "waiting-for-approval":
      return "waiting";
    case "confirmed":
      return "ok";
    case "failed":
      return "crit";
    case "expired":
    case "rolled-back":
      return "warn";
    case "refused":
    case "rejected":
    case "cancelled":
      return "blocked";
    default:
      return state satisfies never;
  }
}

/** The shape of a station: only its approval waits for a person, the others for rows or truth. */
export function stationStatus({ name, state }: Pick<CycleStep, "name" | "state">): Status {
  switch (state) {
    case "waiting":
      return "idle";
    case "running":
      return "running";
    case "held":
      return name === "approved" ? "waiting" : "running";
    case "done":
      return "ok";
    case "skipped":
      return "blocked";
    case "failed":
      return "crit";
    default:
      return state satisfies never;
  }
}

/** The shape of a line of the story. */
export function entryStatus(kind: TimelineEntry["kind"]): Status {
  switch (kind) {
    case "window":
    case "notification":
      return "idle";
    case "alert":
      return "warn";
    case "trigger":
    case "cycle":
      return "running";
    case "approval":
      return "waiting";
    case "switch":
      return "ok";
    default:
      return kind satisfies never;
  }
}

const OPEN: readonly CycleState[] = ["running", "waiting-for-approval", "watching"];

/** Whether a cycle still goes on. */
export function isOpen({ state }: Pick<Cycle, "state">): boolean {
  return OPEN.includes(state);
}
