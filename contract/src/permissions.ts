import { z } from "zod";
import { STAGES } from "./lifecycle.ts";

const VERBS = ["read", "write", "approve"] as const;

/**
 * What a token may do. `platform:serve` is held by gateways (desired state, model files, reports), `platform:execute`
 * and `registry:register` (versions of what it logged, nothing else of the registry) by one attempt of one step; none can
 * be given to a named token.
 */
export const PERMISSIONS = [
  ...STAGES.flatMap((stage) => VERBS.map((verb) => `${stage}:${verb}` as const)),
  "platform:read",
  "platform:admin",
  "platform:serve",
  "platform:execute",
  "registry:register",
] as const;

export const Permission = z.enum(PERMISSIONS);
export type Permission = z.infer<typeof Permission>;

/** The permissions that a person may give to a named token. */
export const GRANTABLE_PERMISSIONS: readonly Permission[] = PERMISSIONS.filter(
  (permission) =>
    permission !== "platform:serve" &&
    permission !== "platform:execute" &&
    permission !== "registry:register",
);
