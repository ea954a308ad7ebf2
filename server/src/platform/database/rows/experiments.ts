import type { Actor, Run, RunRecord, RunState } from "@causeway/contract";
import type {
  Generated,
  GeneratedTimestamp,
  Json,
  NullableJson,
  NullableTimestamp,
  Timestamp,
} from "../columns.ts";

/** Row types of the tables `experiments_*`, one member per table, keyed by table name. */
export interface ExperimentsTables {
  experiments_experiments: {
    project: string;
    number: number;
    name: string;
    created_at: GeneratedTimestamp;
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
  };
  experiments_params: {
    run: string;
    name: string;
    value: string;
  };
  experiments_tags: {
    run: string;
    name: string;
    value: string;
  };
  experiments_metrics: {
    run: string;
    name: string;
    last_value: number;
    last_step: number;
    last_at: Timestamp;
    min: number | null;
    max: number | null;
    points: number;
  };
  experiments_points: {
    run: string;
    name: string;
    step: number;
    occurred_at: Timestamp;
    position: Generated<number>;
    value: number;
  };
  experiments_artifacts: {
    run: string;
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
}
