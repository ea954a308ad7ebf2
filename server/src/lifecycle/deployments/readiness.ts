import type { DeploymentState, GatewayReport } from "@causeway/contract";

/** What is known of a deployment before gateways are heard. */
export interface Standing {
  readonly state: DeploymentState;
  /** The revision that was asked for last. */
  readonly revision: number;
  /** The revision that answers now; null before the first is ready. */
  readonly serving: number | null;
  /** True when the revision cannot be loaded however often it is tried. */
  readonly givenUp: boolean;
}

type Heard = Pick<GatewayReport, "gateway" | "revision" | "state" | "problem">;

/** Failures that another try of the same revision cannot mend. A gateway's report begins with the code. */
const FINAL = ["BAD_MODEL", "GOLDEN_MISMATCH", "CORRUPT_ARTIFACT"] as const;

/**
 * Decides a deployment's state from what its live gateways say of the asked revision. It is ready when every one of them
 * has it loaded; it failed when one could not load it, and what served before goes on. A revision that has been ready
 * stays so while any gateway has it: a new gateway that cannot load it takes nothing away. One that was given up stays
 * failed: only a new revision leads on. Without a live gateway nothing changes.
 */
export function decideStanding(
  standing: Standing,
  live: readonly string[],
  reports: readonly Heard[],
): Standing {
  const own = reports.filter(
    ({ revision, gateway }) => revision === standing.revision && live.includes(gateway),
  );
  const stateOf = new Map(own.map(({ gateway, state }) => [gateway, state]));
  const states = live.map((gateway) => stateOf.get(gateway));
  if (states.length === 0 || standing.givenUp) return standing;
  if (states.every((state) => state === "ready")) {
    return { ...standing, state: "ready", serving: standing.revision };
  }
  const hasServed = standing.state === "ready" && states.includes("ready");
  if (!states.includes("failed") || hasServed) return standing;
  const isFinal = own.some(({ state, problem }) => state === "failed" && isFinalProblem(problem));
  const hasOther = standing.serving !== null && standing.serving !== standing.revision;
  return { ...standing, state: "failed", givenUp: isFinal && hasOther };
}

/**
 * The revision that gateways are to load. One that was given up is not asked for any more, so that a gateway that starts
 * anew comes up with what served before.
 */
export function askedRevision({ revision, serving, givenUp }: Standing): number {
  return givenUp && serving !== null ? serving : revision;
}

function isFinalProblem(problem: string | null): boolean {
  return FINAL.some((code) => problem?.startsWith(`${code}:`));
}
