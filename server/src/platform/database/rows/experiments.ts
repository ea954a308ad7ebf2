import type { Actor, ImportSource, Run, RunRecord, RunState, RunView } from "@causeway/contract";
import type { ColumnType } from "kysely";
import type {
  Generated,
  GeneratedTimestamp,
  Json,
  NullableJson,
  NullableTimestamp,
  Timestamp,
} from "../columns.ts";

/** A number that the database gives out; never written. */
type Identity = ColumnType<number, never, never>;

/** Row types of the tables `experiments_*`, one member per table, keyed by table name. */
export interface ExperimentsTables {
  experiments_experiments: {
    project: string;
    number: number;
    name: string;
    created_at: GeneratedTimestamp;
    key: Identity;
    artifact_location: string | null;
    updated_at: GeneratedTimestamp;
    deleted_at: NullableTimestamp;
  };
  experiments_numbers: {
    project: string;
    last: number;
  };
  experiments_experiment_tags: {
    experiment_key: number;
    name: string;
    value: string;
  };
  experiments_imports: {
    project: string;
    source: ImportSource;
    source_id: string;
    target: string;
    complete_at: NullableTimestamp;
  };
  experiments_runs: {
    id: string;
    project: string;
    experiment: number;
    name: string;
    state: RunState;
    record: Json<RunRecord>;
    step: NullableJson<NonNullable<Run["step"]>>;
    started_at: Timestamp;
    ended_at: NullableTimestamp;
    created_by: Json<Actor>;
    key: Identity;
    experiment_key: number;
    user_name: Generated<string>;
    artifact_uri: string | null;
    deleted_at: NullableTimestamp;
    deleted_with_experiment: Generated<boolean>;
  };
  experiments_params: {
    run_key: number;
    experiment_key: number;
    name: string;
    value: string;
  };
  experiments_tags: {
    run_key: number;
    experiment_key: number;
    name: string;
    value: string;
  };
  experiments_metrics: {
    id: Identity;
    run_key: number;
    experiment_key: number;
    name: string;
    last_value: number;
    last_step: number;
    last_at_ms: number;
    min: number | null;
    max: number | null;
    points: number;
  };
  experiments_points: {
    series: number;
    step: number;
    at_ms: number;
    value: number;
  };
  experiments_doomed_series: {
    series: number;
  };
  experiments_artifacts: {
    owner: string;
    path: string;
    digest: string;
    bytes: number;
    created_at: GeneratedTimestamp;
  };
  experiments_usage: {
    run: string;
    attempt: number;
    cpu_seconds: number;
    peak_memory_bytes: number;
    read_bytes: number;
    written_bytes: number;
  };
  experiments_datasets: {
    id: Identity;
    experiment_key: number;
    name: string;
    digest: string;
    source_type: string;
    source: string;
    schema: string | null;
    profile: string | null;
  };
  experiments_run_datasets: {
    run_key: number;
    dataset: number;
    position: Identity;
    tags: Json<Record<string, string>>;
  };
  experiments_models: {
    id: string;
    experiment_key: number;
    name: string;
    model_type: string | null;
    status: "pending" | "ready" | "upload-failed";
    status_message: string | null;
    source_run: string | null;
    artifact_uri: string;
    created_at: Timestamp;
    updated_at: Timestamp;
    deleted_at: NullableTimestamp;
    created_by: Json<Actor>;
  };
  experiments_model_params: {
    model: string;
    name: string;
    value: string;
  };
  experiments_model_tags: {
    model: string;
    name: string;
    value: string;
  };
  experiments_model_metrics: {
    model: string;
    name: string;
    dataset_name: Generated<string>;
    dataset_digest: Generated<string>;
    run: string;
    step: number;
    at_ms: number;
    value: number;
  };
  experiments_run_models: {
    run_key: number;
    model: string;
    direction: "input" | "output";
    step: Generated<number>;
    position: Identity;
  };
  experiments_views: {
    id: string;
    project: string;
    experiment_key: number | null;
    name: string;
    view: Json<RunView>;
    created_at: Timestamp;
    created_by: Json<Actor>;
  };
}
