export { defineCycleAdvance } from "./advance-work.ts";
export { gatherTask } from "./gather-task.ts";
export { createRetraining, type Retraining } from "./retraining-service.ts";
