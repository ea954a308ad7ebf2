import type { RegistryStage } from "@causeway/contract";
import type { LoggedModel } from "../../lifecycle/experiments/index.ts";
import { type LabelledModel, type LabelledVersion, sourceAddress } from "../../lifecycle/registry/index.ts";
import { mlflowError } from "./errors.ts";
import { orLeftOut, toWireEntries, toWireNumber } from "./wire.ts";

/** What registry stages are called on the wire. */
export const STAGE_NAMES = {
  none: "None",
  staging: "Staging",
  production: "Production",
  archived: "Archived",
} as const satisfies Record<RegistryStage, string>;

/** The stage that a client means, in any case of letters. */
export function readStage(given: string): RegistryStage {
  const lower = given.toLowerCase();
  // Object.keys forgets the key type.
  const stage = (Object.keys(STAGE_NAMES) as RegistryStage[]).find((name) => name === lower);
  if (stage !== undefined) return stage;
  throw mlflowError(
    "INVALID_PARAMETER_VALUE",
    `Invalid Model Version stage: ${given}. Value must be one of ${Object.values(STAGE_NAMES).join(", ")}.`,
  );
}

/** A registered model as it is answered. */
export function viewModel(model: LabelledModel) {
  return {
    name: model.name,
    creation_timestamp: timeOf(model.createdAt),
    last_updated_timestamp: timeOf(model.updatedAt ?? model.createdAt),
    user_id: model.createdBy.name,
    description: orNothing(model.description),
    latest_versions: orLeftOut(model.newest.map((version) => viewVersion(version))),
    tags: toWireEntries(model.tags),
    aliases: orLeftOut(model.aliases.map(({ alias, version }) => ({ alias, version: String(version) }))),
  };
}

/** A version as it is answered; with the logged model that it was made from, also what that says of itself. */
export function viewVersion(version: LabelledVersion, logged?: LoggedModel) {
  return {
    name: version.model,
    version: String(version.version),
    creation_timestamp: timeOf(version.createdAt),
    last_updated_timestamp: timeOf(version.updatedAt ?? version.createdAt),
    user_id: version.createdBy.name,
    current_stage: STAGE_NAMES[version.registryStage],
    // Clients take what is left out for None, and expect a text.
    description: version.description,
    source: sourceAddress(version),
    run_id: version.run ?? "",
    // Registered it is; clients that wait for more would wait for packages to be built.
    status: "READY",
    status_message: version.preparation.problem ?? undefined,
    tags: toWireEntries(version.tags),
    run_link: version.runLink ?? "",
    aliases: orLeftOut(version.labels),
    model_id: version.loggedModel ?? undefined,
    ...(logged === undefined ? {} : viewLogged(logged)),
  };
}

function viewLogged({ id, params, metrics }: LoggedModel) {
  return {
    model_params: orLeftOut(Object.entries(params).map(([name, value]) => ({ name, value }))),
    model_metrics: orLeftOut(
      metrics.map(({ name, value, step, atMs, run, dataset }) => ({
        key: name,
        value: toWireNumber(value),
        timestamp: atMs,
        step,
        dataset_name: dataset?.name,
        dataset_digest: dataset?.digest,
        model_id: id,
        run_id: run,
      })),
    ),
  };
}

const timeOf = (at: string): number => new Date(at).getTime();
const orNothing = (text: string): string | undefined => (text === "" ? undefined : text);
