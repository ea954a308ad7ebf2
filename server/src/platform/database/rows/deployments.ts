import type { Actor, DeploymentState, Environment, GatewayReport } from "@causeway/contract";
import type { Generated, GeneratedTimestamp, Json, NullableTimestamp, Timestamp } from "../columns.ts";

/** Row types of the tables `deployments_*`, one member per table, keyed by table name. */
export interface DeploymentsTables {
  deployments_deployments: {
    project: string;
    environment: Environment;
    name: string;
    serve: string;
    state: DeploymentState;
    revision: number;
    serving: number | null;
    given_up: Generated<boolean>;
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
  };
}
