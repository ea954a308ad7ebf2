import { CausewayError } from "@causeway/contract";
import type { Client } from "@causeway/sdk/client";
import { places } from "../../lib/places.ts";
import type { Scope } from "../../lib/scope.ts";

/** A prediction's id is a UUID, with or without the number of a row. */
const PREDICTION = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}(\.\d+)?$/i;
const HEX = /^[0-9a-f]{6,64}$/i;

/** The page of what an id names: a prediction, a run, a dataset version or a model version; null where nothing fits. */
export async function lookUp(client: Client, scope: Scope, id: string): Promise<string | null> {
  if (PREDICTION.test(id)) {
    const rows = await orNull(client.deployments.getPrediction({ prediction: id }));
    const row = rows?.rows[0];
    return row === undefined
      ? null
      : places.prediction({ project: row.project, environment: row.environment }, row.deployment, id);
  }
  if (!HEX.test(id)) return null;
  const wanted = id.toLowerCase();
  if (wanted.length <= 32) {
    const run = await orNull(client.experiments.getRun({ run: wanted }));
    if (run !== null) return places.run(scope, run);
  }
  return (await datasetVersion(client, scope, wanted)) ?? (await modelVersion(client, scope, wanted));
}

async function datasetVersion(client: Client, scope: Scope, id: string): Promise<string | null> {
  const { items } = await client.data.listDatasets({ limit: 1000 });
  for (const { name } of items) {
    const version = await orNull(client.data.getVersion({ dataset: name, version: id }));
    if (version !== null) return places.datasetVersion(scope, version);
  }
  return null;
}

async function modelVersion(client: Client, scope: Scope, id: string): Promise<string | null> {
  const { items } = await client.registry.listModels({ limit: 1000 });
  for (const { name } of items) {
    const versions = await client.registry.listVersions({ model: name, limit: 1000 });
    const found = versions.items.find(
      ({ digest, files }) => digest.startsWith(id) || files.some((file) => file.digest.startsWith(id)),
    );
    if (found !== undefined) return places.modelVersion(scope, found);
  }
  return null;
}

/** The answer, or null where the server says that there is no such thing. */
async function orNull<Value>(answer: Promise<Value>): Promise<Value | null> {
  try {
    return await answer;
  } catch (error) {
    const isMissing =
      error instanceof CausewayError &&
      ["NOT_FOUND", "INVALID_FIELD", "AMBIGUOUS_PREFIX"].includes(error.code);
    if (isMissing) return null;
    throw error;
  }
}
