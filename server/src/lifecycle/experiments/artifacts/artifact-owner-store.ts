import type { Run } from "@causeway/contract";
import type { Ask, Statement } from "../../../platform/database/index.ts";
import type { TreeOwner } from "../tracking.ts";

/** The step that opened the run of an owner; null where a client did. */
export type StoredOwner = { readonly step: Run["step"] };

const FIND: Record<Exclude<TreeOwner["kind"], "project">, Statement> = {
  run: {
    name: "artifacts-owner-run",
    text: "select step from experiments_runs where id = $1 and project = $2",
  },
  model: {
    name: "artifacts-owner-model",
    text: `select run.step from experiments_models as model
      join experiments_experiments as experiment on experiment.key = model.experiment_key
      left join experiments_runs as run on run.id = model.source_run
      where model.id = $1 and experiment.project = $2`,
  },
  trace: {
    name: "artifacts-owner-trace",
    text: "select null as step from experiments_traces where id = $1 and project = $2",
  },
};

/** Makes the statement that finds an owner where it is of the project; every file that is written asks it. */
export function artifactOwnerStore(ask: Ask) {
  return async (
    { kind, id }: Exclude<TreeOwner, { kind: "project" }>,
    project: string,
  ): Promise<StoredOwner | undefined> => {
    const [found] = await ask<StoredOwner>(FIND[kind], [id, project]);
    return found;
  };
}
