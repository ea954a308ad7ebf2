import { type Actor, fail, type Permission, type Scope } from "@causeway/contract";

/** Who is calling, where, with what rights, and until when. Every service method takes one. */
export type Call = {
  readonly actor: Actor;
  readonly scope: Scope;
  readonly permissions: ReadonlySet<Permission>;
  /** Found again in the log, the audit trail and the answer. */
  readonly requestId: string;
  /** Aborts when the caller is gone or the program stops. */
  readonly signal: AbortSignal;
  /** Set when the caller is one attempt of a pipeline step. */
  readonly attempt?: string;
};

/** What a program does by itself, for nobody: schedules, sweeps, event handlers. */
export function systemCall(scope: Scope, name: string, signal = new AbortController().signal): Call {
  return {
    actor: { kind: "system", id: name, name },
    scope,
    permissions: new Set(),
    requestId: name,
    signal,
  };
}

/** The scope of a program's own doings, where no project or environment is meant. */
export const SYSTEM_SCOPE: Scope = { project: "default", environment: "dev" };

/** Refuses a caller who lacks a permission. */
export function requirePermission(call: Pick<Call, "actor" | "permissions">, permission: Permission): void {
  if (call.permissions.has(permission)) return;
  // Whoever may change the registry may also add to it; only that right can be given to a token.
  if (permission === "registry:register") {
    requirePermission(call, "registry:write");
    return;
  }
  throw fail("PERMISSION_DENIED", {
    message: `${call.actor.name} lacks the permission ${permission}`,
    field: "permission",
    value: permission,
    help: `Use a token that has it: npx --no causeway token create <name> --allow ${permission}`,
  });
}
