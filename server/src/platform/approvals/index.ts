export { type Approvals, createApprovals } from "./approvals.ts";
export type { StoredApproval } from "./approvals-store.ts";
