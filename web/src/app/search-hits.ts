import { STAGES } from "@causeway/contract";
import type { IconName } from "../components/icon.tsx";
import type { Overview } from "../features/home/stage-state.ts";
import { places } from "../lib/places.ts";
import type { Scope } from "../lib/scope.ts";
import type { Translate } from "../lib/words.tsx";

/** One line of the search: what it says, what it is, where it leads. */
export type Hit = { id: string; icon: IconName; label: string; hint: string; to: string };
export type Group = { group: string; hits: readonly Hit[] };

const MOST_HITS = 8;

/** All that can be found by name: what can be done, pages, things. */
export function catalog(overview: Overview | undefined, scope: Scope, t: Translate): Group[] {
  const act: Hit[] = [
    {
      id: "act:import",
      icon: "data",
      label: t("data.import"),
      hint: "",
      to: `${places.stage(scope, "data")}?import=1`,
    },
    {
      id: "act:deploy",
      icon: "deployments",
      label: t("deployments.deploy"),
      hint: scope.environment,
      to: `${places.stage(scope, "deployments")}?deploy=1`,
    },
    {
      id: "act:monitor",
      icon: "monitoring",
      label: t("monitoring.watch"),
      hint: scope.environment,
      to: `${places.stage(scope, "monitoring")}?watch=1`,
    },
    {
      id: "act:policy",
      icon: "retraining",
      label: t("retraining.newPolicy"),
      hint: scope.environment,
      to: `${places.stage(scope, "retraining")}?new=1`,
    },
    {
      id: "act:channel",
      icon: "settings",
      label: t("settings.newChannel"),
      hint: "",
      to: places.settings(scope, "channels"),
    },
    {
      id: "act:token",
      icon: "settings",
      label: t("settings.newToken"),
      hint: "",
      to: places.settings(scope, "tokens"),
    },
    ...(overview === undefined ? [] : pipelineNames(overview)).map(
      (name): Hit => ({
        id: `act:run:${name}`,
        icon: "pipelines",
        label: t("pipelines.runNamed", { pipeline: name }),
        hint: scope.environment,
        to: `${places.pipeline(scope, name)}?run=1`,
      }),
    ),
  ];
  const pages: Hit[] = [
    { id: "page:home", icon: "home", label: t("shell.home"), hint: "g h", to: places.home(scope) },
    ...STAGES.map(
      (stage): Hit => ({
        id: `page:${stage}`,
        icon: stage,
        label: t(`stages.${stage}`),
        hint: "",
        to: places.stage(scope, stage),
      }),
    ),
    {
      id: "page:settings",
      icon: "settings",
      label: t("shell.settings"),
      hint: "",
      to: places.settings(scope, "tokens"),
    },
  ];
  return [
    { group: t("shell.searchAct"), hits: act },
    {
      group: t("shell.searchGo"),
      hits: [...pages, ...(overview === undefined ? [] : things(overview, scope, t))],
    },
  ];
}

function things(overview: Overview, scope: Scope, t: Translate): Hit[] {
  return [
    ...overview.deployments.map(
      ({ name }): Hit => ({
        id: `deployment:${name}`,
        icon: "deployments",
        label: name,
        hint: `${t("kinds.deployment")}, ${scope.environment}`,
        to: places.deployment(scope, name),
      }),
    ),
    ...overview.monitors.map(
      ({ name }): Hit => ({
        id: `monitor:${name}`,
        icon: "monitoring",
        label: name,
        hint: `${t("kinds.monitor")}, ${scope.environment}`,
        to: places.monitor(scope, name),
      }),
    ),
    ...overview.policies.map(
      ({ name }): Hit => ({
        id: `policy:${name}`,
        icon: "retraining",
        label: name,
        hint: `${t("kinds.policy")}, ${scope.environment}`,
        to: places.policy(scope, name),
      }),
    ),
    ...overview.models.map(
      ({ name, versions }): Hit => ({
        id: `model:${name}`,
        icon: "registry",
        label: name,
        hint: t("kinds.modelWith", { count: versions }),
        to: places.model(scope, name),
      }),
    ),
    ...overview.datasets.map(
      ({ name, latest }): Hit => ({
        id: `dataset:${name}`,
        icon: "data",
        label: name,
        hint: latest === null ? t("kinds.dataset") : t("kinds.datasetAt", { version: latest.id.slice(0, 6) }),
        to: places.dataset(scope, name),
      }),
    ),
    ...overview.pipelineRuns.slice(0, 20).map(
      (run): Hit => ({
        id: `pipeline-run:${run.pipeline}/${run.number}`,
        icon: "pipelines",
        label: `${run.pipeline} ${run.number}`,
        hint: t("kinds.pipelineRun"),
        to: places.pipelineRun(scope, run),
      }),
    ),
    ...overview.runs.slice(0, 20).map(
      (run): Hit => ({
        id: `run:${run.id}`,
        icon: "experiments",
        label: run.name,
        hint: `${t("kinds.run")}, ${run.id.slice(0, 6)}`,
        to: places.run(scope, run),
      }),
    ),
  ];
}

/** The lines that fit a query, grouped; an id that nothing is named by can still be looked up on the server. */
export function find(
  query: string,
  groups: readonly Group[],
  { scope, t }: { scope: Scope; t: Translate },
): Group[] {
  const words = query.trim().toLowerCase().split(/\s+/);
  const found = groups
    .map(({ group, hits }) => ({
      group,
      hits: hits
        .filter(({ label, hint }) => words.every((word) => `${label} ${hint}`.toLowerCase().includes(word)))
        .slice(0, MOST_HITS),
    }))
    .filter(({ hits }) => hits.length > 0);
  const id = query.trim();
  if (!isId(id)) return found;
  const lookUp: Hit = {
    id: `find:${id}`,
    icon: "search",
    label: t("shell.searchFind", { id: id.length > 20 ? `${id.slice(0, 12)}…` : id }),
    hint: t("shell.searchFindHint"),
    to: places.go(scope, id),
  };
  return [...found, { group: t("shell.searchGo"), hits: [lookUp] }];
}

/** Whether a text can be an id: six or more hexadecimal digits, or a UUID with or without a row number. */
export function isId(text: string): boolean {
  return /^[0-9a-f]{6,64}$/i.test(text) || /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}(\.\d+)?$/i.test(text);
}

function pipelineNames(overview: Overview): string[] {
  return [...new Set(overview.pipelineRuns.map(({ pipeline }) => pipeline))];
}
