import type { DeploymentState, GatewayReport } from "@causeway/contract";

/** What is known of a deployment before gateways are heard. */
export interface Standing {
  readonly state: DeploymentState;
  /** The revision that gateways are asked to serve. */
  readonly revision: number;
  /** The revision that answers now; null before the first is ready. */
  readonly serving: number | null;
}

type Heard = Pick<GatewayReport, "gateway" | "revision" | "state">;

/**
 * Decides a deployment's state from what its live gateways say of the asked revision. It is ready when every one of them
 * has it loaded; it failed when one could not load it, and what served before goes on. A revision that has been ready
 * stays so while any gateway has it: a new gateway that cannot load it takes nothing away. Without a live gateway nothing
 * changes.
 */
export function decideStanding(
  standing: Standing,
  live: readonly string[],
  reports: readonly Heard[],
): Standing {
  const said = new Map(
    reports
      .filter(({ revision }) => revision === standing.revision)
      .map(({ gateway, state }) => [gateway, state]),
  );
  const states = live.map((gateway) => said.get(gateway));
  if (states.length === 0) return standing;
  if (states.every((state) => state === "ready")) {
    return { ...standing, state: "ready", serving: standing.revision };
  }
  const hasServed = standing.state === "ready" && states.includes("ready");
  if (states.includes("failed") && !hasServed) return { ...standing, state: "failed" };
  return standing;
}
