export { defineAdvance } from "./advance-work.ts";
export { createMonitoring, type Monitoring } from "./monitoring-service.ts";
export { measureTask } from "./tasks/measure-task.ts";
