import type { Call } from "../../platform/access/index.ts";
import type { PolicyRow } from "./policies-store.ts";

/** Acts as a policy, in its own scope. */
export function policyCall(
  policy: Pick<PolicyRow, "name" | "project" | "environment">,
  call: Pick<Call, "requestId" | "signal">,
): Call {
  return {
    actor: { kind: "policy", id: policy.name, name: policy.name },
    scope: { project: policy.project, environment: policy.environment },
    permissions: new Set(),
    requestId: call.requestId,
    signal: call.signal,
  };
}
