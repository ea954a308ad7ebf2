import type { Environment } from "@causeway/contract";
import { basePath, type Scope } from "./scope.ts";

/** The state of a view that its address carries. Empty values are left out. */
export type View = Record<string, string | number | undefined>;

/** Writes the address of a page: segments are escaped, the view becomes the query. */
export function address(scope: Scope, segments: readonly (string | number)[], view: View = {}): string {
  const path = [scope.environment, ...segments].map((segment) => encodeURIComponent(segment)).join("/");
  return `${prefix(scope)}/${path}${query(view)}`;
}

/** The addresses of all pages: `/<project>/<environment>/<stage>/<name>/<version or run>`. */
export const places = {
  home: (scope: Scope) => address(scope, []),
  stage: (scope: Scope, stage: string) => address(scope, [stage]),
  dataset: (scope: Scope, name: string) => address(scope, ["data", name]),
  datasetVersion: (scope: Scope, version: { dataset: string; id: string }, view?: View) =>
    address(scope, ["data", version.dataset, version.id.slice(0, 12)], view),
  experiment: (scope: Scope, experiment: { id: string; name: string }, view?: View) =>
    address(scope, ["experiments", experimentSegment(experiment)], view),
  run: (scope: Scope, run: { id: string; experiment: { id: string; name: string } }, view?: View) =>
    address(scope, ["experiments", experimentSegment(run.experiment), run.id], view),
  compare: (scope: Scope, runs: readonly string[], view?: View) =>
    address(scope, ["experiments", "compare"], {
      runs: runs.map((run) => run.slice(0, 12)).join(","),
      ...view,
    }),
  pipeline: (scope: Scope, name: string) => address(scope, ["pipelines", name]),
  pipelineRun: (scope: Scope, run: { pipeline: string; number: number }, view?: View) =>
    address(scope, ["pipelines", run.pipeline, run.number], view),
  model: (scope: Scope, name: string) => address(scope, ["registry", name]),
  modelVersion: (scope: Scope, version: { model: string; version: number }, view?: View) =>
    address(scope, ["registry", version.model, version.version], view),
  deployment: (scope: Scope, name: string, view?: View) => address(scope, ["deployments", name], view),
  predictions: (scope: Scope, name: string, view?: View) =>
    address(scope, ["deployments", name, "predictions"], view),
  prediction: (scope: Scope, name: string, id: string) =>
    address(scope, ["deployments", name, "predictions", id]),
  monitor: (scope: Scope, name: string, view?: View) => address(scope, ["monitoring", name], view),
  alert: (scope: Scope, alert: { id: string; monitor: string }) =>
    address(scope, ["monitoring", alert.monitor], { alert: alert.id }),
  policy: (scope: Scope, name: string, view?: View) => address(scope, ["retraining", name], view),
  cycle: (scope: Scope, cycle: { policy: string; number: number }) =>
    address(scope, ["retraining", cycle.policy, cycle.number]),
  approval: (scope: Scope, approval: { id: string; model: string; version: number }) =>
    address(scope, ["registry", approval.model, approval.version], { approval: approval.id }),
  settings: (scope: Scope, section: string) => `${prefix(scope)}/settings/${section}`,
  go: (scope: Scope, id: string) => `${prefix(scope)}/go/${encodeURIComponent(id)}`,
};

/** The page of a thing that lineage, audit or an event names by its REST path; undefined where there is none. */
export function placeOfSubject(scope: Scope, subject: string): string | undefined {
  const parts = subject
    .replace(/^\/?api\//, "")
    .split("/")
    .filter((part) => part !== "")
    .map((part) => decodeURIComponent(part));
  const [stage, nouns, name, child, id, part, step] = parts;
  if (name === undefined) return undefined;
  switch (`${stage}/${nouns}`) {
    case "data/datasets":
      return child === "versions" && id !== undefined
        ? places.datasetVersion(scope, { dataset: name, id })
        : places.dataset(scope, name);
    case "experiments/runs":
      return places.go(scope, name);
    case "experiments/experiments":
      return address(scope, ["experiments", name]);
    case "pipelines/pipelines":
      return child === "runs" && id !== undefined
        ? address(scope, ["pipelines", name, id], part === "steps" ? { step } : {})
        : places.pipeline(scope, name);
    case "registry/models":
      return child === "versions" && id !== undefined
        ? address(scope, ["registry", name, id])
        : places.model(scope, name);
    case "registry/gates":
    case "registry/approvals":
      // Only the thing itself knows which version's page shows it.
      return `${places.go(scope, name)}?as=${nouns}`;
    case "deployments/predictions":
      return places.go(scope, name);
    case "deployments/deployments":
      return places.deployment(scope, name);
    case "monitoring/monitors":
      return places.monitor(scope, name, child === "windows" ? { window: id } : {});
    case "monitoring/alerts":
      return address(scope, ["monitoring", "alerts", name]);
    case "retraining/policies":
      return child === "cycles" && id !== undefined
        ? address(scope, ["retraining", name, id])
        : places.policy(scope, name);
    default:
      return undefined;
  }
}

const BOUND_STAGES = ["deployments", "monitoring", "retraining"] as const;

/** The same page in another environment: things that belong to no environment keep their place. */
export function inEnvironment(scope: Scope, path: string, environment: Environment): string {
  const inside = path.slice(prefix(scope).length);
  const segments = inside.split("/").slice(2);
  const next = { ...scope, environment };
  // What lives in one environment may be missing in the other; its list is what that one has for sure.
  const isBound = BOUND_STAGES.some((stage) => stage === segments[0]);
  const kept = isBound ? segments.slice(0, 1) : segments;
  return address(
    next,
    kept.filter((segment) => segment !== "").map((segment) => decodeURIComponent(segment)),
  );
}

/** What stands before the first slash of a scope's addresses. */
function prefix(scope: Scope): string {
  return basePath(scope.project).replace(/\/$/, "");
}

/** Experiments are said by name; one that is named like a page of its own goes by its number. */
function experimentSegment(experiment: { id: string; name: string }): string {
  return experiment.name === "compare" || experiment.name.includes("/") ? experiment.id : experiment.name;
}

function query(view: View): string {
  const pairs = Object.entries(view).filter(([, value]) => value !== undefined && value !== "");
  if (pairs.length === 0) return "";
  const text = pairs
    .map(
      ([key, value]) =>
        `${encodeURIComponent(key)}=${encodeURIComponent(String(value)).replaceAll("%2C", ",").replaceAll("%2F", "/")}`,
    )
    .join("&");
  return `?${text}`;
}

/** What a person calls the thing at a REST path: `churn 3` for a pipeline run, `churn v2` for a model version. */
export function titleOfSubject(subject: string): string {
  const parts = subject
    .replace(/^\/?api\//, "")
    .split("/")
    .filter((part) => part !== "")
    .map((part) => decodeURIComponent(part));
  const [stage, , name, child, id] = parts;
  if (name === undefined) return subject;
  if (id === undefined || child === undefined) return short(name);
  if (child === "runs" || child === "cycles") return `${name} ${id}`;
  if (child === "aliases") return `${name}@${id}`;
  if (child === "versions") return stage === "registry" ? `${name} v${id}` : `${name} ${short(id)}`;
  return name;
}

function short(text: string): string {
  if (/^[0-9a-f]{8}-[0-9a-f-]{27}$/.test(text)) return `…${text.slice(-6)}`;
  return /^[0-9a-f]{16,64}$/.test(text) ? text.slice(0, 6) : text;
}
