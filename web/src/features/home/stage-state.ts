import {
  type Alert,
  type Approval,
  type Cycle,
  type Dataset,
  type Deployment,
  type Environment,
  type Experiment,
  type Model,
  type Monitor,
  type PipelineRun,
  type Policy,
  type Run,
  STAGES,
  type Stage,
} from "@causeway/contract";
import type { Status } from "../../components/status-mark.tsx";

/** What the home page and the menu are judged from. Lists are the newest first where they have an order. */
export type Overview = {
  datasets: readonly Dataset[];
  experiments: readonly Experiment[];
  runs: readonly Run[];
  pipelineRuns: readonly PipelineRun[];
  models: readonly Model[];
  deployments: readonly Deployment[];
  monitors: readonly Monitor[];
  /** Open alerts: nobody looks after them yet. */
  alerts: readonly Alert[];
  policies: readonly Policy[];
  /** Pending ones. */
  approvals: readonly Approval[];
};

/** One thing that waits for a person, the worst first. */
export type Need =
  | { kind: "approval"; status: "waiting"; approval: Approval }
  | { kind: "alert"; status: "crit" | "warn"; alert: Alert }
  | { kind: "deployment-failed"; status: "crit"; deployment: Deployment; problem: string | null }
  | { kind: "pipeline-failed"; status: "crit"; run: PipelineRun; step: string | null }
  | { kind: "no-champion"; status: "waiting"; model: Model; version: number }
  | { kind: "newer-version"; status: "waiting"; model: Model; version: number; champion: number }
  | { kind: "monitor-problem"; status: "warn"; monitor: Monitor; problem: string }
  | { kind: "cycle-ended"; status: "warn"; cycle: Cycle }
  | { kind: "quarantine"; status: "warn"; dataset: Dataset; rows: number };

/** A decision that answers an alert stands before it; after it what is wrong, then what may be looked at. */
const NEED_ORDER: readonly Need["kind"][] = [
  "approval",
  "alert",
  "deployment-failed",
  "pipeline-failed",
  "no-champion",
  "newer-version",
  "cycle-ended",
  "monitor-problem",
  "quarantine",
];
/** How a cycle can end so that a person should know: the old version serves on. */
const ENDED_BADLY: readonly Cycle["state"][] = ["failed", "expired", "rolled-back"];

/** Everything in one environment that a person should decide or look at. */
export function needs(overview: Overview, environment: Environment): Need[] {
  const found = [
    ...overview.approvals.map((approval): Need => ({ kind: "approval", status: "waiting", approval })),
    ...overview.alerts.map(
      (alert): Need => ({ kind: "alert", status: alert.severity === "critical" ? "crit" : "warn", alert }),
    ),
    ...overview.deployments
      .filter(({ state }) => state === "failed")
      .map(
        (deployment): Need => ({
          kind: "deployment-failed",
          status: "crit",
          deployment,
          problem: deployment.gateways.find(({ problem }) => problem !== null)?.problem ?? null,
        }),
      ),
    ...lastRuns(overview.pipelineRuns)
      .filter(({ state }) => state === "failed")
      .map(
        (run): Need => ({
          kind: "pipeline-failed",
          status: "crit",
          run,
          step: run.steps.find(({ state }) => state === "failed")?.name ?? null,
        }),
      ),
    ...overview.models
      .filter(({ name }) => !isDecidedElsewhere(name, overview))
      .flatMap((model) => decisionOf(model, environment)),
    ...overview.policies.flatMap(({ newest }): Need[] =>
      newest !== null && ENDED_BADLY.includes(newest.state)
        ? [{ kind: "cycle-ended", status: "warn", cycle: newest }]
        : [],
    ),
    ...overview.monitors.flatMap((monitor): Need[] =>
      monitor.problem === null
        ? []
        : [{ kind: "monitor-problem", status: "warn", monitor, problem: monitor.problem }],
    ),
    ...overview.datasets.flatMap((dataset): Need[] =>
      dataset.latest?.quarantine
        ? [{ kind: "quarantine", status: "warn", dataset, rows: dataset.latest.quarantine.rows }]
        : [],
    ),
  ];
  return found.sort((a, b) => rank(a) - rank(b));
}

/** A warning among the alerts is no more urgent than any other warning. */
function rank({ kind, status }: Need): number {
  return kind === "alert" && status === "warn" ? NEED_ORDER.indexOf("cycle-ended") : NEED_ORDER.indexOf(kind);
}

/** A policy that retrains a model decides by its gate which version is next; a pending approval asks already. */
function isDecidedElsewhere(model: string, { policies, deployments, approvals }: Overview): boolean {
  const governed = policies.some(
    ({ deployment, paused }) =>
      !paused && deployments.some(({ name, revision }) => name === deployment && revision.model === model),
  );
  return governed || approvals.some((approval) => approval.model === model);
}

/** What the menu counts beside a stage: only what runs, waits or is wrong; the most urgent kind wins. */
export type StageCount = { status: Status; count: number };

/** The counts of the menu. */
export function stageCounts(
  overview: Overview,
  environment: Environment,
): Partial<Record<Stage, StageCount>> {
  const open = needs(overview, environment);
  const count = (status: Status, ...kinds: Need["kind"][]): StageCount | undefined =>
    positive(status, open.filter((need) => need.status === status && kinds.includes(need.kind)).length);
  const running = (amount: number) => positive("running", amount);
  const cycles = openCycles(overview);
  return {
    ...entry("data", count("warn", "quarantine")),
    ...entry("experiments", running(overview.runs.filter(({ state }) => state === "running").length)),
    ...entry(
      "pipelines",
      count("crit", "pipeline-failed") ?? running(overview.pipelineRuns.filter(isActive).length),
    ),
    ...entry("registry", count("waiting", "approval", "no-champion", "newer-version")),
    ...entry(
      "deployments",
      count("crit", "deployment-failed") ??
        running(overview.deployments.filter(({ state }) => state === "pending").length),
    ),
    ...entry("monitoring", count("crit", "alert") ?? count("warn", "alert", "monitor-problem")),
    ...entry(
      "retraining",
      positive("waiting", cycles.filter(({ state }) => state === "waiting-for-approval").length) ??
        running(cycles.length) ??
        count("warn", "cycle-ended"),
    ),
  };
}

/** Cycles that go on, one per policy at most. */
export function openCycles({ policies }: Overview): Cycle[] {
  return policies.flatMap(({ newest }) =>
    newest !== null && ["running", "waiting-for-approval", "watching"].includes(newest.state) ? [newest] : [],
  );
}

/** How a stretch of the bridge is drawn: idle, moving now, held for a person, or not reached yet. */
export const SPANS = ["solid", "moving", "held", "open"] as const;
export type Span = (typeof SPANS)[number];

/** The state of a stage's mark and of the span that leads on from it. */
export function stationOf(
  stage: Stage,
  overview: Overview,
  environment: Environment,
): { status: Status; span: Span } {
  const reached = isReached(stage, overview);
  const next = STAGES[STAGES.indexOf(stage) + 1];
  const nextReached = next === undefined || isReached(next, overview);
  const status = stageCounts(overview, environment)[stage]?.status ?? (reached ? "ok" : "idle");
  if (!reached || !nextReached) return { status, span: "open" };
  if (status === "running") return { status, span: "moving" };
  if (status === "waiting") return { status, span: "held" };
  if (stage === "monitoring" && openCycles(overview).length > 0) return { status, span: "moving" };
  return { status, span: "solid" };
}

/** Whether anything of a stage exists yet. */
export function isReached(stage: Stage, overview: Overview): boolean {
  switch (stage) {
    case "data":
      return overview.datasets.length > 0;
    case "experiments":
      return overview.runs.length > 0;
    case "pipelines":
      return overview.pipelineRuns.length > 0;
    case "registry":
      return overview.models.length > 0;
    case "deployments":
      return overview.deployments.length > 0;
    case "monitoring":
      return overview.monitors.length > 0;
    case "retraining":
      return overview.policies.length > 0;
    default:
      return stage satisfies never;
  }
}

/** Whether a pipeline run still goes on. */
export function isActive(run: { state: PipelineRun["state"] }): boolean {
  return run.state === "queued" || run.state === "running" || run.state === "cancelling";
}

/** The newest run of each pipeline. */
export function lastRuns(runs: readonly PipelineRun[]): PipelineRun[] {
  const seen = new Map<string, PipelineRun>();
  for (const run of runs) {
    const known = seen.get(run.pipeline);
    if (known === undefined || known.number < run.number) seen.set(run.pipeline, run);
  }
  return [...seen.values()];
}

function decisionOf(model: Model, environment: Environment): Need[] {
  const version = model.latest?.version;
  if (version === undefined) return [];
  const champion = model.aliases.find(
    (alias) => alias.alias === "champion" && alias.environment === environment,
  )?.version;
  if (champion === undefined) return [{ kind: "no-champion", status: "waiting", model, version }];
  return champion < version ? [{ kind: "newer-version", status: "waiting", model, version, champion }] : [];
}

function positive(status: Status, count: number): StageCount | undefined {
  return count === 0 ? undefined : { status, count };
}

function entry(stage: Stage, count: StageCount | undefined): Partial<Record<Stage, StageCount>> {
  return count === undefined ? {} : { [stage]: count };
}
