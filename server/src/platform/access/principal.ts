import {
  type Actor,
  type Environment,
  fail,
  GRANTABLE_PERMISSIONS,
  type Permission,
  type Scope,
} from "@causeway/contract";

/** Somebody whose secret was right: what they may do, and where. */
export type Principal = {
  readonly actor: Actor;
  readonly permissions: ReadonlySet<Permission>;
  /** Null: every project. */
  readonly project: string | null;
  /** Null: every environment. */
  readonly environment: Environment | null;
  /** The attempt that a step token belongs to. */
  readonly attempt?: string;
};

/** Everything that a person may be allowed. */
const EVERYTHING: ReadonlySet<Permission> = new Set(GRANTABLE_PERMISSIONS);

/** The holder of the data folder's admin token. */
export const ADMIN: Principal = {
  actor: { kind: "user", id: "admin", name: "admin" },
  permissions: EVERYTHING,
  project: null,
  environment: null,
};

/** Everybody, where access control is off. */
export const ANYBODY: Principal = {
  actor: { kind: "user", id: "anybody", name: "anybody" },
  permissions: EVERYTHING,
  project: null,
  environment: null,
};

/** The gateways of this installation. */
export const GATEWAY: Principal = {
  actor: { kind: "system", id: "gateway", name: "gateway" },
  permissions: new Set<Permission>(["platform:serve"]),
  project: null,
  environment: null,
};

const DEFAULT_SCOPE: Scope = { project: "default", environment: "dev" };

/** Decides where a request acts: what it asks for, else what its token is for, else the defaults. */
export function decideScope(
  principal: Pick<Principal, "actor" | "project" | "environment">,
  asked: { project?: string | undefined; environment?: Environment | undefined },
): Scope {
  refuseOther("project", principal, asked.project);
  refuseOther("environment", principal, asked.environment);
  return {
    project: asked.project ?? principal.project ?? DEFAULT_SCOPE.project,
    environment: asked.environment ?? principal.environment ?? DEFAULT_SCOPE.environment,
  };
}

function refuseOther(
  field: "project" | "environment",
  principal: Pick<Principal, "actor" | "project" | "environment">,
  asked: string | undefined,
): void {
  const only = principal[field];
  if (only === null || asked === undefined || asked === only) return;
  throw fail("PERMISSION_DENIED", {
    message: `${principal.actor.name} is for the ${field} ${only} only`,
    field,
    value: asked,
    help: `Leave ${field} out, or use a token for ${asked}.`,
  });
}
