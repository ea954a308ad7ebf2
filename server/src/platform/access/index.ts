export { type Call, requirePermission, SYSTEM_SCOPE, systemCall } from "./call.ts";
