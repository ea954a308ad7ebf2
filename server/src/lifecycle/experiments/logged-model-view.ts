import type { LoggedModel } from "@causeway/contract";
import type { LoggedModel as TrackedModel } from "./tracking.ts";

/** The tag in which clients of MLflow note what a model was registered as: JSON, `[{"name": "churn", "version": 3}]`. */
const VERSIONS_TAG = "mlflow.modelVersions";

/** A logged model as the contract has it. */
export function viewLoggedModel({
  model,
  experimentName,
}: {
  model: TrackedModel;
  experimentName: string;
}): LoggedModel {
  const { [VERSIONS_TAG]: noted, ...tags } = model.tags;
  return {
    id: model.id,
    name: model.name,
    experiment: { id: model.experiment, name: experimentName },
    modelType: model.modelType,
    state: model.state,
    run: model.sourceRun,
    params: model.params,
    tags,
    versions: readVersions(noted),
    createdAt: model.createdAt.toISOString(),
  };
}

/** What the tag says; the server notes a version as a number and the client as text, so that each stands there twice. */
export function readVersions(noted: string | undefined): LoggedModel["versions"] {
  const versions = new Map<string, { model: string; version: number }>();
  for (const entry of parseList(noted)) {
    if (typeof entry !== "object" || entry === null || !("name" in entry) || !("version" in entry)) continue;
    const { name, version } = entry;
    if (typeof name !== "string" || !/^\d{1,9}$/.test(String(version))) continue;
    versions.set(`${name}@${version}`, { model: name, version: Number(version) });
  }
  return [...versions.values()];
}

function parseList(text: string | undefined): unknown[] {
  try {
    const parsed: unknown = JSON.parse(text ?? "[]");
    return Array.isArray(parsed) ? parsed : [];
  } catch {
    // Whatever a person wrote into the tag: it names no versions.
    return [];
  }
}
