export { defineCycleAdvance } from "./advance-work.ts";
export { gatherTask } from "./gather-task.ts";
export { findRetrainingPolicies } from "./model-uses-reader.ts";
export { createRetraining, type Retraining } from "./retraining-service.ts";
