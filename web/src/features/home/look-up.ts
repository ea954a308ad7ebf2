import { CausewayError } from "@causeway/contract";
import type { Client } from "@causeway/sdk/client";
import { places } from "../../lib/places.ts";
import type { Scope } from "../../lib/scope.ts";

/** Predictions, gates, approvals and alerts have a UUID; a prediction's may end with the number of a row. */
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}(\.\d+)?$/i;
const HEX = /^[0-9a-f]{6,64}$/i;

/** The page of what an id names: a prediction, gate, approval, alert, run, dataset or model version; null where nothing fits. */
export async function lookUp(
  client: Client,
  scope: Scope,
  { id, as = "" }: { id: string; as?: string },
): Promise<string | null> {
  // A link that knows what it names spares the search, and the refusals on its way.
  if (as === "gates" || as === "approvals") return decision(client, scope, { id, as });
  if (UUID.test(id)) {
    const rows = await orNull(client.deployments.getPrediction({ prediction: id }));
    const row = rows?.rows[0];
    return row === undefined
      ? decision(client, scope, { id, as })
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

/** The page of a gate, a request for approval or an alert. */
async function decision(
  client: Client,
  scope: Scope,
  { id, as }: { id: string; as: string },
): Promise<string | null> {
  const gate = as === "approvals" ? null : await orNull(client.registry.getGate({ gate: id }));
  if (gate !== null) return places.modelVersion(inScope(scope, gate), gate, { gate: gate.id });
  const approval = await orNull(client.registry.getApproval({ approval: id }));
  if (approval !== null) return places.approval(inScope(scope, approval), approval);
  const alert = await orNull(client.monitoring.getAlert({ alert: id }));
  return alert === null ? null : places.alert(inScope(scope, alert), alert);
}

function inScope({ project }: Scope, { environment }: Pick<Scope, "environment">): Scope {
  return { project, environment };
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
