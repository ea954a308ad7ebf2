import type { Ask, Statement } from "../../platform/database/index.ts";
import { runArtifactUri } from "./artifact-uri.ts";
import type { RunKeys } from "./run-log-store.ts";
import type { Texts, TrackedRun, TrackedState } from "./tracking.ts";

/** What never changes of a run: where it belongs, and the tables' names of it. */
export type RunFacts = RunKeys & {
  readonly id: string;
  readonly project: string;
  /** The pipeline run whose step opened it, as its actor's id, or null. */
  readonly opener: string | null;
};

/** A run as clients track it, with what the server knows it by. */
export type KeyedRun = { readonly facts: RunFacts; readonly run: TrackedRun };

type Row = {
  id: string;
  key: number;
  experimentKey: number;
  project: string;
  opener: string | null;
  experiment: number;
  name: string;
  user: string;
  state: TrackedState;
  startedAt: Date;
  endedAt: Date | null;
  deletedAt: Date | null;
  artifactUri: string | null;
  location: string | null;
  params: Texts | null;
  tags: Texts | null;
  metrics: [name: string, value: number | string, step: number, atMs: number][] | null;
  datasets: [string, string, string, string, string | null, string | null, Texts][] | null;
  models: [id: string, direction: "input" | "output", step: number][] | null;
};

/** The pipeline run that opened a run: by a step's attempt, or by what the step itself opens below its own. */
const OPENER = `coalesce(run.step ->> 'pipeline' || '/' || (run.step ->> 'run'),
    case when run.created_by ->> 'kind' = 'pipeline-run' then run.created_by ->> 'id' end)`;

/**
 * Runs with all that hangs on them as JSON: one row and one parse a run. Three quarters of the cost of rows of their own is in
 * carrying them.
 */
const SELECT_RUNS = `select run.id, run.key, run.experiment_key as "experimentKey", run.project, ${OPENER} as "opener",
    run.experiment, run.name, run.user_name as "user", run.state, run.started_at as "startedAt", run.ended_at as "endedAt",
    run.deleted_at as "deletedAt", run.artifact_uri as "artifactUri", experiment.artifact_location as "location",
    (select json_object_agg(name, value) from experiments_params where run_key = run.key) as params,
    (select json_object_agg(name, value) from experiments_tags where run_key = run.key) as tags,
    (select json_agg(json_build_array(name, last_value, last_step, last_at_ms) order by name)
      from experiments_metrics where run_key = run.key) as metrics,
    (select json_agg(json_build_array(dataset.name, dataset.digest, dataset.source_type, dataset.source, dataset.schema,
        dataset.profile, used.tags) order by used.position)
      from experiments_run_datasets as used join experiments_datasets as dataset on dataset.id = used.dataset
      where used.run_key = run.key) as datasets,
    (select json_agg(json_build_array(model, direction, step) order by position)
      from experiments_run_models where run_key = run.key) as models
  from experiments_runs as run join experiments_experiments as experiment on experiment.key = run.experiment_key`;

const BY_ID: Statement = {
  name: "experiments-runs-by-id",
  text: `${SELECT_RUNS} where run.id = any($1::text[])`,
};
const BY_KEY: Statement = {
  name: "experiments-runs-by-key",
  text: `${SELECT_RUNS} where run.key = any($1::bigint[])`,
};
const FACTS: Statement = {
  name: "experiments-run-facts",
  text: `select id, key, experiment_key as "experimentKey", project, ${OPENER} as "opener"
    from experiments_runs as run where id = any($1::text[])`,
};

/** Reads whole runs and what is fixed about them, of any project: the caller compares the project. */
export function trackedRunsStore(ask: Ask) {
  return {
    async findRuns(ids: readonly string[]): Promise<KeyedRun[]> {
      return (await ask<Row>(BY_ID, [ids])).map(toKeyedRun);
    },

    /** Runs in the order of the keys. */
    async listRuns(keys: readonly number[]): Promise<TrackedRun[]> {
      if (keys.length === 0) return [];
      const rows = await ask<Row>(BY_KEY, [keys]);
      const byKey = new Map(rows.map((row) => [row.key, row]));
      return keys.flatMap((key) => {
        const row = byKey.get(key);
        return row === undefined ? [] : [toKeyedRun(row).run];
      });
    },

    findFacts(ids: readonly string[]): Promise<RunFacts[]> {
      return ask<RunFacts>(FACTS, [ids]);
    },
  };
}

function toKeyedRun(row: Row): KeyedRun {
  const { id, key, experimentKey, project, opener, experiment } = row;
  const models = row.models ?? [];
  return {
    facts: { id, key, experimentKey, project, opener },
    run: {
      id,
      experiment: String(experiment),
      name: row.name,
      user: row.user,
      state: row.state,
      startedAt: row.startedAt,
      endedAt: row.endedAt,
      deletedAt: row.deletedAt,
      artifactUri: row.artifactUri ?? runArtifactUri({ number: experiment, location: row.location }, id),
      params: row.params ?? {},
      tags: row.tags ?? {},
      // JSON holds NaN and the infinities as text.
      metrics: (row.metrics ?? []).map(([name, value, step, atMs]) => ({
        name,
        value: Number(value),
        step,
        atMs,
      })),
      datasets: (row.datasets ?? []).map(([name, digest, sourceType, source, schema, profile, tags]) => ({
        dataset: { name, digest, sourceType, source, schema, profile },
        tags,
      })),
      modelInputs: models.filter(([, direction]) => direction === "input").map(([model]) => model),
      modelOutputs: models
        .filter(([, direction]) => direction === "output")
        .map(([model, , step]) => ({ model, step })),
    },
  };
}
