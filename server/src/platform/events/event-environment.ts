import type { Environment, EventType, Scope } from "@causeway/contract";

/** Things outside deployments that live in an environment of their own. */
const IN_ENVIRONMENT: readonly EventType[] = [
  "registry.version-assigned",
  "registry.alias-removed",
  "registry.alias-rule-changed",
  "registry.gate-judged",
  "registry.approval-requested",
  "registry.approval-decided",
  "registry.approval-expired",
];
/** Stages of which everything lives in an environment. */
const STAGES_IN_ENVIRONMENT = ["deployments", "monitoring", "retraining"];

/** The environment that an event belongs to; null for what all environments of a project share. */
export function eventEnvironment(type: EventType, scope: Scope): Environment | null {
  const [stage = ""] = type.split(".");
  return STAGES_IN_ENVIRONMENT.includes(stage) || IN_ENVIRONMENT.includes(type) ? scope.environment : null;
}
