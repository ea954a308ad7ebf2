export { runStepProcess, type StepProcess } from "./run-step-process.ts";
export type { StepOrder } from "./step-order.ts";
