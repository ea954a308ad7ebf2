export { defineTask, type TaskContext, type TaskDefinition } from "./define-task.ts";
export { ownerMark } from "./process-mark.ts";
export { isOwnerAlive, killEarlierClaims, killOrphans } from "./process-tree.ts";
export { removeEarlierScratch } from "./remove-scratch.ts";
export {
  type ProcessLine,
  type ProcessOutcome,
  type ProcessRequest,
  runProcess,
  type StartedProcess,
  startProcess,
} from "./run-process.ts";
export { attemptOf, createTaskRunner, type Program, type RunTask, type TaskRequest } from "./run-task.ts";
export { serveTask } from "./serve-task.ts";
export type { ProcessUsage } from "./usage-meter.ts";
export type { ProcessLimits, StopCause } from "./watch-process.ts";
