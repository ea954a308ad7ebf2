import type {
  Actor,
  Environment,
  EventType,
  Json as JsonValue,
  LineageNode,
  Permission,
} from "@causeway/contract";
import type { GeneratedTimestamp, Json, NullableJson, NullableTimestamp, Timestamp } from "../columns.ts";

/** Row types of the tables `platform_*`, one member per table, keyed by table name. */
export interface PlatformTables {
  platform_projects: {
    name: string;
    created_at: GeneratedTimestamp;
    created_by: Json<Actor>;
  };
  platform_tokens: {
    id: string;
    kind: "named" | "step";
    name: string;
    secret_sha256: string;
    permissions: Json<Permission[]>;
    project: string | null;
    environment: Environment | null;
    actor: NullableJson<Actor>;
    attempt: string | null;
    created_at: GeneratedTimestamp;
    created_by: Json<Actor>;
    expires_at: NullableTimestamp;
    last_used_at: NullableTimestamp;
    revoked_at: NullableTimestamp;
  };
  platform_sign_in_codes: {
    code_sha256: string;
    actor: Json<Actor>;
    permissions: Json<Permission[]>;
    project: string | null;
    environment: Environment | null;
    created_at: GeneratedTimestamp;
    expires_at: Timestamp;
    used_at: NullableTimestamp;
  };
  platform_sessions: {
    id: string;
    secret_sha256: string;
    actor: Json<Actor>;
    permissions: Json<Permission[]>;
    project: string | null;
    environment: Environment | null;
    created_at: GeneratedTimestamp;
    expires_at: Timestamp;
  };
  platform_audit: {
    id: string;
    recorded_at: GeneratedTimestamp;
    actor: Json<Actor>;
    action: string;
    subject: string;
    project: string;
    environment: Environment | null;
    request_id: string | null;
    data: Json<Record<string, JsonValue>>;
  };
  platform_events: {
    id: string;
    /** Null until the committed event has its place in the stream. */
    position: number | null;
    type: EventType;
    occurred_at: Timestamp;
    recorded_at: GeneratedTimestamp;
    project: string;
    environment: Environment | null;
    actor: Json<Actor>;
    subject: string;
    data: Json<Record<string, JsonValue>>;
  };
  platform_event_cursors: {
    consumer: string;
    position: number;
  };
  platform_artifacts: {
    digest: string;
    bytes: number;
    blocks: Buffer | null;
    created_at: GeneratedTimestamp;
    touched_at: GeneratedTimestamp;
  };
  platform_artifact_journal: {
    digest: string;
    content: Buffer;
  };
  platform_artifact_owners: {
    project: string;
    owner: string;
    digest: string;
  };
  platform_lineage_nodes: {
    project: string;
    subject: string;
    kind: LineageNode["kind"];
    title: string;
  };
  platform_lineage_edges: {
    project: string;
    effect: string;
    cause: string;
    relation: string;
    created_at: GeneratedTimestamp;
  };
  platform_idempotency_keys: {
    key_sha256: string;
    request_sha256: string;
    request_id: string;
    answer: Buffer | null;
    created_at: GeneratedTimestamp;
    answered_at: NullableTimestamp;
  };
}
