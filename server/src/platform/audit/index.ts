export { type Audit, type Change, createAudit } from "./audit.ts";
