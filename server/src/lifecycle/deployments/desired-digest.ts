import { createHash } from "node:crypto";
import type { DesiredDeployment, DesiredState } from "@causeway/contract";
import canonicalize from "canonicalize";

/** The state with the tag by which gateways see whether anything in it changed. */
export function tagged(deployments: DesiredDeployment[], readers: string[]): DesiredState {
  const text = canonicalize({ deployments, readers });
  if (text === undefined) throw new TypeError("an object always has a canonical form");
  return { tag: createHash("sha256").update(text).digest("hex"), deployments, readers };
}
