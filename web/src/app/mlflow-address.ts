import type { Environment } from "@causeway/contract";
import { basePath } from "../lib/scope.ts";

const EXPERIMENT = /^\/experiments\/(\d+)(?:\/runs\/([\w-]+))?/;
const MODEL = /^\/models\/([^/]+)(?:\/versions\/(\d+))?/;

/**
 * The page of ours that an address of MLflow's pages means: its client prints `<server>/#/experiments/2/runs/<id>` when a run
 * ends. Undefined for what is no such address.
 */
export function pageOfMlflowAddress(hash: string, environment: Environment): string | undefined {
  const [path = "", query = ""] = hash.replace(/^#/, "").split("?");
  const experiment = EXPERIMENT.exec(path);
  const model = MODEL.exec(path);
  const parts =
    experiment === null
      ? model === null
        ? undefined
        : ["registry", ...model.slice(1)]
      : ["experiments", ...experiment.slice(1)];
  if (parts === undefined) return undefined;
  const project = new URLSearchParams(query).get("workspace") ?? "default";
  const base = basePath(project).replace(/\/$/, "");
  return [base, environment, ...parts.filter((part) => part !== undefined)].join("/");
}
