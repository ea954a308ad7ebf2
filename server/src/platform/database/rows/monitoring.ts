import type {
  Actor,
  Alert,
  AlertKind,
  AlertState,
  Environment,
  Json as JsonValue,
  MonitorSettings,
  MonitorWindow,
  MonitorWindowDetail,
} from "@causeway/contract";
import type { Generated, Json, NullableJson, NullableTimestamp, Timestamp } from "../columns.ts";

/** Row types of the tables `monitoring_*`, one member per table, keyed by table name. */
export interface MonitoringTables {
  monitoring_monitors: {
    project: string;
    environment: Environment;
    name: string;
    deployment: string;
    settings: Json<MonitorSettings>;
    paused: Generated<boolean>;
    watermark_at: NullableTimestamp;
    open_start_at: NullableTimestamp;
    open_end_at: NullableTimestamp;
    open_title: string | null;
    log_position: NullableJson<JsonValue>;
    restated_at: NullableTimestamp;
    problem: string | null;
    work_id: string | null;
    wanted: Generated<boolean>;
    created_at: Timestamp;
    created_by: Json<Actor>;
  };
  monitoring_windows: {
    project: string;
    environment: Environment;
    monitor: string;
    start_at: Timestamp;
    end_at: Timestamp;
    summary: Json<Omit<MonitorWindow, "monitor">>;
    detail: Json<Pick<MonitorWindowDetail, "columns" | "predictionDrift" | "reference">>;
    profile: Json<JsonValue>;
  };
  monitoring_alerts: {
    id: string;
    project: string;
    environment: Environment;
    monitor: string;
    deployment: string;
    kind: AlertKind;
    severity: Alert["severity"];
    state: AlertState;
    title: string;
    evidence: Json<string[]>;
    data: Json<Alert["data"]>;
    model: string;
    version: number;
    since_at: Timestamp;
    until_at: Timestamp;
    windows: number;
    raised_at: Timestamp;
    acknowledged_at: NullableTimestamp;
    acknowledged_by: NullableJson<Actor>;
    resolved_at: NullableTimestamp;
    resolved_by: NullableJson<Actor>;
    note: string | null;
  };
}
