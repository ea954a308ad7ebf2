import type { SearchField } from "@causeway/contract";
import { type RawBuilder, sql } from "kysely";
import type { FieldSql, FieldTable } from "./filter-store.ts";

/** Where a run's text or number under a name lies. */
export const HANGING = {
  param: { table: sql`experiments_params`, value: sql`value`, type: "text" },
  tag: { table: sql`experiments_tags`, value: sql`value`, type: "text" },
  metric: { table: sql`experiments_metrics`, value: sql`last_value`, type: "number" },
} as const;

/** Values up to so many bytes lie in the index that searches go over; it could not hold much longer ones. */
export const INDEXED_BYTES = 500;

/** The pieces of a table that have an index each: of texts the short and the long ones. */
export function piecesOf(group: keyof typeof HANGING): RawBuilder<unknown>[] {
  if (group === "metric") return [sql`true`];
  const bytes = sql.lit(INDEXED_BYTES);
  return [sql`octet_length(value) <= ${bytes}`, sql`octet_length(value) > ${bytes}`];
}

/** Fields of the row `run` of experiments_runs. */
export function runAttribute(key: string): FieldSql | undefined {
  switch (key) {
    case "run_id":
      return { type: "text", sql: sql`run.id`, read: (text) => text.toLowerCase() };
    case "run_name":
      return { type: "text", sql: sql`run.name` };
    case "user_id":
      return { type: "text", sql: sql`run.user_name` };
    case "status":
      return { type: "text", sql: sql`upper(run.state)`, read: (text) => text.toUpperCase() };
    case "artifact_uri":
      return { type: "text", sql: ARTIFACT_URI };
    case "start_time":
      return { type: "time", sql: sql`run.started_at` };
    case "end_time":
      return { type: "time", sql: sql`run.ended_at` };
    default:
      return undefined;
  }
}

/** As `runArtifactUri` writes it. */
const ARTIFACT_URI = sql`coalesce(run.artifact_uri, (
  select case
      when e.artifact_location is null then 'mlflow-artifacts:/' || e.number || '/' || run.id || '/artifacts'
      else regexp_replace(split_part(e.artifact_location, '?', 1), '/+$', '') || '/' || run.id || '/artifacts'
        || coalesce(substring(e.artifact_location from '\\?.*$'), '')
    end
  from experiments_experiments as e where e.key = run.experiment_key))`;

/** Columns of experiments_runs that the fields below need. */
export const RUN_COLUMNS = sql`run.key, run.id, run.experiment_key, run.name, run.user_name, run.state, run.artifact_uri,
  run.started_at, run.ended_at`;

/**
 * Every field of a run, as conditions on the row `run`. Params, tags and metrics are looked up by subqueries of one value:
 * whatever the planner believes, each costs one look into the primary key.
 */
export const runFields: FieldTable = ({ group, key }: SearchField): FieldSql | undefined => {
  switch (group) {
    case "attribute":
      return runAttribute(key);
    case "param":
    case "tag":
    case "metric": {
      const { table, value, type } = HANGING[group];
      const exists = (condition: RawBuilder<unknown>) =>
        sql`(select ${condition} from ${table} where run_key = run.key and name = ${key})`;
      return { type, sql: value, exists };
    }
    case "dataset": {
      const exists = (condition: RawBuilder<unknown>) =>
        sql`exists (select 1 from experiments_run_datasets as used
          join experiments_datasets as dataset on dataset.id = used.dataset
          where used.run_key = run.key and ${condition})`;
      return { type: "text", sql: datasetColumn(key), exists };
    }
    default:
      return undefined;
  }
};

/** A dataset's column; `context` is a tag of its use. */
export function datasetColumn(key: string): RawBuilder<unknown> {
  if (key === "context") return sql`(used.tags ->> 'mlflow.data.context')`;
  return key === "digest" ? sql`dataset.digest` : sql`dataset.name`;
}
