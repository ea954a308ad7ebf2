import type {
  Dataset,
  Deployment,
  Environment,
  Experiment,
  Model,
  PipelineRun,
  Run,
  Stage,
} from "@causeway/contract";
import type { Status } from "../../components/status-mark.tsx";

/** The stages that this version has; the rest of the loop is drawn as its unfinished span. */
export const BUILT_STAGES = ["data", "experiments", "pipelines", "registry", "deployments"] as const;
export type BuiltStage = (typeof BUILT_STAGES)[number];

/** What the home page and the menu are judged from. Lists are the newest first where they have an order. */
export type Overview = {
  datasets: readonly Dataset[];
  experiments: readonly Experiment[];
  runs: readonly Run[];
  pipelineRuns: readonly PipelineRun[];
  models: readonly Model[];
  deployments: readonly Deployment[];
};

/** One thing that waits for a person, the worst first. */
export type Need =
  | { kind: "deployment-failed"; status: "crit"; deployment: Deployment; problem: string | null }
  | { kind: "pipeline-failed"; status: "crit"; run: PipelineRun; step: string | null }
  | { kind: "no-champion"; status: "waiting"; model: Model; version: number }
  | { kind: "newer-version"; status: "waiting"; model: Model; version: number; champion: number }
  | { kind: "quarantine"; status: "warn"; dataset: Dataset; rows: number };

/** Everything in one environment that a person should decide or look at. */
export function needs(overview: Overview, environment: Environment): Need[] {
  return [
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
    ...overview.models.flatMap((model) => decisionOf(model, environment)),
    ...overview.datasets.flatMap((dataset): Need[] =>
      dataset.latest?.quarantine
        ? [{ kind: "quarantine", status: "warn", dataset, rows: dataset.latest.quarantine.rows }]
        : [],
    ),
  ];
}

/** What the menu counts beside a stage: only what runs, waits or is wrong; the most urgent kind wins. */
export type StageCount = { status: Status; count: number };

/** The counts of the menu. */
export function stageCounts(
  overview: Overview,
  environment: Environment,
): Partial<Record<BuiltStage, StageCount>> {
  const open = needs(overview, environment);
  const count = (status: Status, ...kinds: Need["kind"][]): StageCount | undefined =>
    positive(status, open.filter(({ kind }) => kinds.includes(kind)).length);
  const running = (amount: number) => positive("running", amount);
  return {
    ...entry("data", count("warn", "quarantine")),
    ...entry("experiments", running(overview.runs.filter(({ state }) => state === "running").length)),
    ...entry(
      "pipelines",
      count("crit", "pipeline-failed") ?? running(overview.pipelineRuns.filter(isActive).length),
    ),
    ...entry("registry", count("waiting", "no-champion", "newer-version")),
    ...entry(
      "deployments",
      count("crit", "deployment-failed") ??
        running(overview.deployments.filter(({ state }) => state === "pending").length),
    ),
  };
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
  const built = BUILT_STAGES.find((known) => known === stage);
  if (built === undefined) return { status: "blocked", span: "open" };
  const reached = isReached(built, overview);
  const next = BUILT_STAGES[BUILT_STAGES.indexOf(built) + 1];
  const nextReached = next !== undefined && isReached(next, overview);
  const status = stageCounts(overview, environment)[built]?.status ?? (reached ? "ok" : "idle");
  if (!reached || !nextReached) return { status, span: "open" };
  if (status === "running") return { status, span: "moving" };
  if (status === "waiting") return { status, span: "held" };
  return { status, span: "solid" };
}

/** Whether anything of a stage exists yet. */
export function isReached(stage: BuiltStage, overview: Overview): boolean {
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

function entry(stage: BuiltStage, count: StageCount | undefined): Partial<Record<BuiltStage, StageCount>> {
  return count === undefined ? {} : { [stage]: count };
}
