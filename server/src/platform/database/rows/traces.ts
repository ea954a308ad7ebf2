import type { Actor } from "@causeway/contract";
import type { GeneratedJson, GeneratedTimestamp, Json } from "../columns.ts";

/** Row types of the tables `experiments_*` of uploads in parts and of traces, one member per table, keyed by table name. */
export interface TracesTables {
  experiments_uploads: {
    id: string;
    project: string;
    path: string;
    parts: number;
    created_by: Json<Actor>;
    created_at: GeneratedTimestamp;
  };
  experiments_upload_parts: {
    upload: string;
    number: number;
    digest: string;
    bytes: number;
  };
  experiments_traces: {
    project: string;
    id: string;
    experiment_key: number;
    client_request_id: string | null;
    state: "unspecified" | "ok" | "error" | "in-progress";
    request_at_ms: number;
    duration_ms: number | null;
    request_preview: string | null;
    response_preview: string | null;
    artifact_uri: string;
    created_at: GeneratedTimestamp;
  };
  experiments_trace_texts: {
    project: string;
    trace: string;
    kind: "tag" | "metadata";
    name: string;
    value: string;
  };
  experiments_spans: {
    project: string;
    trace: string;
    id: string;
    parent: string | null;
    name: string;
    type: string | null;
    status: string;
    /** Nanoseconds since 1970, as text: more than a number holds exactly. */
    start_ns: string;
    end_ns: string | null;
    content: Json<Record<string, unknown>>;
    attributes: GeneratedJson<Record<string, string>>;
  };
  experiments_assessments: {
    project: string;
    id: string;
    trace: string;
    name: string;
    valid: boolean;
    content: Json<Record<string, unknown>>;
    created_at: GeneratedTimestamp;
  };
  experiments_trace_runs: {
    project: string;
    trace: string;
    run: string;
  };
}
