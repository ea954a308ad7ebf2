export { createLog, LOG_LEVELS, type Logger } from "./create-log.ts";
export { hideSecrets } from "./secrets.ts";
