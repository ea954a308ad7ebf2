export { createCompactionStarter, defineCompaction } from "./compaction-work.ts";
export { createDeployments, type Deployments } from "./deployments-service.ts";
export { compactTask } from "./log/compact-task.ts";
