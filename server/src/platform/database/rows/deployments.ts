import type {
  Actor,
  DeploymentState,
  Environment,
  GatewayReport,
  TruthColumns,
  TruthImport,
  TruthReceipt,
  TruthSource,
  TruthValue,
} from "@causeway/contract";
import type {
  ColumnType,
  Generated,
  GeneratedTimestamp,
  Json,
  NullableJson,
  NullableTimestamp,
  Timestamp,
} from "../columns.ts";

/** Row types of the tables `deployments_*`, one member per table, keyed by table name. */
export interface DeploymentsTables {
  deployments_deployments: {
    id: ColumnType<number, never, never>;
    project: string;
    environment: Environment;
    name: string;
    serve: string;
    state: DeploymentState;
    revision: number;
    serving: number | null;
    given_up: Generated<boolean>;
    key: string | null;
    retention_days: number | null;
    created_at: Timestamp;
    created_by: Json<Actor>;
    deleted_at: NullableTimestamp;
  };
  deployments_revisions: {
    project: string;
    environment: Environment;
    deployment: string;
    number: number;
    model: string;
    version: number;
    digest: string;
    created_at: Timestamp;
    created_by: Json<Actor>;
  };
  deployments_gateways: {
    name: string;
    seen_at: Timestamp;
  };
  deployments_reports: {
    project: string;
    environment: Environment;
    deployment: string;
    revision: number;
    gateway: string;
    state: GatewayReport["state"];
    golden_equal: number | null;
    golden_rows: number | null;
    load_ms: number | null;
    problem: string | null;
    reported_at: Timestamp;
  };
  deployments_keys: {
    id: string;
    project: string;
    environment: Environment;
    deployment: string;
    name: string;
    sha256: string;
    created_at: Timestamp;
    created_by: Json<Actor>;
    revoked_at: NullableTimestamp;
  };
  deployments_segments: {
    gateway: string;
    segment: string;
    rows: number;
    compacted_at: GeneratedTimestamp;
  };
  deployments_prediction_files: {
    path: string;
    project: string;
    environment: Environment;
    deployment: string;
    rows: number;
    bytes: number;
    first_at: Timestamp;
    last_at: Timestamp;
    columns: ColumnType<string[] | null, string[] | null | undefined, string[] | null>;
    first_occurred_at: NullableTimestamp;
    last_occurred_at: NullableTimestamp;
  };
  deployments_watermarks: {
    deployment: number;
    last_occurred_at: NullableTimestamp;
    last_received_at: NullableTimestamp;
    position: Generated<number>;
  };
  deployments_changes: {
    deployment: number;
    position: number;
    what: "truth" | "predictions";
    first_at: Timestamp;
    last_at: Timestamp;
    recorded_at: Timestamp;
  };
  deployments_traffic: {
    deployment: number;
    minute: Timestamp;
    revision: number;
    requests: number;
    rows: number;
    errors: number;
    refused: number;
    latency: number[];
  };
  deployments_traffic_reports: {
    gateway: string;
    deployment: number;
    revision: number;
    counted_from: Timestamp;
  };
  deployments_truth_batches: {
    id: ColumnType<number, never, never>;
    deployment: number;
    recorded_at: Timestamp;
    recorded_by: Json<Actor>;
  };
  deployments_truths: {
    deployment: number;
    request: string;
    row: number;
    batch: number;
    value: NullableJson<TruthValue>;
    occurred_at: Timestamp;
    predicted_at: Timestamp;
    version: number;
  };
  deployments_truth_history: {
    deployment: number;
    request: string;
    row: number;
    batch: number;
    value: NullableJson<TruthValue>;
    occurred_at: Timestamp;
  };
  deployments_held_truths: {
    deployment: number;
    request: string;
    row: number | null;
    batch: number;
    value: NullableJson<TruthValue>;
    occurred_at: Timestamp;
  };
  deployments_truth_imports: {
    id: string;
    deployment: number;
    source: Json<TruthSource>;
    columns: Json<TruthColumns>;
    work: string;
    outcome: "succeeded" | "failed" | "cancelled" | null;
    receipt: NullableJson<TruthReceipt>;
    problem: NullableJson<NonNullable<TruthImport["problem"]>>;
    bad_lines: NullableJson<NonNullable<TruthImport["badLines"]>>;
    created_at: Timestamp;
    created_by: Json<Actor>;
    ended_at: NullableTimestamp;
  };
}
