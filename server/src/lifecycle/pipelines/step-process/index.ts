export { awaitOrder } from "./await-order.ts";
export { loadSdk } from "./function-step.ts";
export { runStepProcess, type StepProcess } from "./run-step-process.ts";
export type { StepOrder } from "./step-order.ts";
