export { createLog, LOG_LEVELS, type Logger, type LogOptions } from "./create-log.ts";
export { hideSecrets } from "./secrets.ts";
