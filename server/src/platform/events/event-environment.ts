import type { Environment, EventType, Scope } from "@causeway/contract";

/** Things outside deployments that live in an environment of their own. */
const IN_ENVIRONMENT: readonly EventType[] = ["registry.version-assigned", "registry.alias-removed"];

/** The environment that an event belongs to; null for what all environments of a project share. */
export function eventEnvironment(type: EventType, scope: Scope): Environment | null {
  return type.startsWith("deployments.") || IN_ENVIRONMENT.includes(type) ? scope.environment : null;
}
