export { createMonitoring, type Monitoring } from "./monitoring-service.ts";
