import type {
  Actor,
  Attempt,
  Environment,
  Json,
  LogLine,
  PipelineDefinition,
  PipelineRun,
  PipelineRunState,
  RunRecord,
  StepOutput,
  StepState,
} from "@causeway/contract";
import type {
  Generated,
  GeneratedJson,
  GeneratedTimestamp,
  Json as JsonColumn,
  NullableJson,
  NullableTimestamp,
  Timestamp,
} from "../columns.ts";

/** Row types of the tables `pipelines_*`, one member per table, keyed by table name. */
export interface PipelinesTables {
  pipelines_pipelines: {
    id: string;
    project: string;
    name: string;
    last_run: Generated<number>;
    created_at: GeneratedTimestamp;
  };

  pipelines_versions: {
    id: string;
    pipeline: string;
    digest: string;
    definition: JsonColumn<PipelineDefinition>;
    created_at: Timestamp;
    created_by: JsonColumn<Actor>;
  };

  pipelines_runs: {
    id: string;
    pipeline: string;
    number: number;
    project: string;
    environment: Environment;
    version: string;
    state: PipelineRunState;
    params: JsonColumn<PipelineRun["params"]>;
    datasets: JsonColumn<PipelineRun["datasets"]>;
    record: JsonColumn<Partial<RunRecord>>;
    fresh: boolean;
    problem: string | null;
    log_position: Generated<number>;
    created_at: Timestamp;
    created_by: JsonColumn<Actor>;
    started_at: NullableTimestamp;
    ended_at: NullableTimestamp;
  };

  pipelines_steps: {
    run: string;
    name: string;
    position: number;
    state: StepState;
    params: JsonColumn<Record<string, Json>>;
    why: string | null;
    cached_from: number | null;
    summary: string | null;
    work: string | null;
    cache_key: string | null;
    ingredients: NullableJson<Json>;
    outputs: GeneratedJson<Record<string, StepOutput>>;
    problem: string | null;
    failures: Generated<number>;
    kills: Generated<number>;
    started_at: NullableTimestamp;
    ended_at: NullableTimestamp;
  };

  pipelines_attempts: {
    run: string;
    step: string;
    number: number;
    state: Attempt["state"];
    worker: string;
    mark: string;
    experiment_run: string | null;
    started_at: Timestamp;
    ended_at: NullableTimestamp;
    exit_code: number | null;
    problem: string | null;
    usage: NullableJson<NonNullable<Attempt["usage"]>>;
  };

  pipelines_results: {
    pipeline: string;
    cache_key: string;
    run: string;
    number: number;
    step: string;
    outputs: JsonColumn<Record<string, StepOutput>>;
    summary: string | null;
    created_at: Timestamp;
  };

  pipelines_logs: {
    run: string;
    position: number;
    step: string;
    attempt: number;
    stream: LogLine["stream"];
    at: Timestamp;
    text: string;
  };
}
