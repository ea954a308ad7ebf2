import type { Alert, Cycle, Deployment, Monitor, Policy } from "@causeway/contract";

/** The monitor whose story is worth telling: a metric in alarm now, else the last one that was repaired, else the newest. */
export function storyMonitor({
  monitors,
  alerts,
  policies,
}: {
  monitors: readonly Monitor[];
  alerts: readonly Alert[];
  policies: readonly Policy[];
}): Monitor | undefined {
  const told = monitors.filter(({ windows }) => windows > 0);
  const wrong = alerts.filter(({ kind }) => kind === "performance").map(({ monitor }) => monitor);
  // A deployment that a policy looks after tells more than one that nobody repairs.
  const governed = told.filter(({ name }) => policies.some(({ monitor }) => monitor === name));
  const repaired = policies
    .filter(({ newest }) => newest !== null && newest.switchedAt !== null)
    .sort((a, b) => startOf(b.newest).localeCompare(startOf(a.newest)))
    .map(({ monitor }) => monitor);
  return (
    governed.find(({ name }) => wrong.includes(name)) ??
    governed.find(({ name }) => name === repaired[0]) ??
    told.find(({ name }) => wrong.includes(name)) ??
    newestOf(governed) ??
    newestOf(told)
  );
}

/** A deployment of the same model that stays at one version while the other follows an alias: what would be without the loop. */
export function frozenTwin(
  monitor: Monitor,
  {
    monitors,
    deployments,
    policies,
  }: {
    monitors: readonly Monitor[];
    deployments: readonly Deployment[];
    policies: readonly Policy[];
  },
): { monitor: Monitor; deployment: Deployment } | undefined {
  const own = deployments.find(({ name }) => name === monitor.deployment);
  if (own === undefined || !policies.some(({ deployment }) => deployment === own.name)) return undefined;
  for (const deployment of deployments) {
    const isPinned = /@\d+$/.test(deployment.serve);
    if (deployment.name === own.name || deployment.revision.model !== own.revision.model || !isPinned)
      continue;
    const other = monitors.find((each) => each.deployment === deployment.name);
    if (other !== undefined) return { monitor: other, deployment };
  }
  return undefined;
}

/** Of a cycle that switched: when the change was noticed and how long the repair took, by event time. */
export function repairOf(cycle: Cycle | undefined): { noticedAt: Date; tookMs: number | null } | undefined {
  if (cycle === undefined) return undefined;
  const noticedAt = new Date(cycle.noticedAt);
  return {
    noticedAt,
    tookMs: cycle.switchedAt === null ? null : Date.parse(cycle.switchedAt) - noticedAt.getTime(),
  };
}

function startOf(cycle: Cycle | null): string {
  return cycle?.startedAt ?? "";
}

function newestOf(monitors: readonly Monitor[]): Monitor | undefined {
  return [...monitors].sort((a, b) => (b.newest?.closedAt ?? "").localeCompare(a.newest?.closedAt ?? ""))[0];
}
