import { retraining as endpoints } from "@causeway/contract";
import type { Retraining } from "../../lifecycle/retraining/index.ts";
import { type BoundRoute, bind } from "./bind.ts";

/** The routes of retraining. */
export function retrainingRoutes(retraining: Retraining): BoundRoute[] {
  return bind(endpoints, {
    createPolicy: retraining.createPolicy,
    updatePolicy: retraining.updatePolicy,
    deletePolicy: retraining.deletePolicy,
    listPolicies: retraining.listPolicies,
    getPolicy: retraining.getPolicy,
    startCycle: retraining.startCycle,
    listCycles: retraining.listCycles,
    getCycle: retraining.getCycle,
    cancelCycle: retraining.cancelCycle,
    rollBackCycle: retraining.rollBackCycle,
    getTimeline: retraining.getTimeline,
  });
}
