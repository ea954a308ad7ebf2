import type { Actor, Environment, Json, Problem, Progress, WorkState } from "@causeway/contract";
import type {
  Generated,
  GeneratedTimestamp,
  Json as JsonColumn,
  NullableJson,
  NullableTimestamp,
} from "../columns.ts";

/** The queue of long work. */
export interface WorkTables {
  platform_work: {
    id: string;
    project: string;
    environment: Environment;
    kind: string;
    subject: string;
    payload: JsonColumn<Json>;
    state: Generated<WorkState>;
    attempt: Generated<number>;
    max_attempts: number;
    priority: Generated<number>;
    not_before: GeneratedTimestamp;
    fencing: Generated<number>;
    leased_by: string | null;
    lease_expires_at: NullableTimestamp;
    cancel_requested: Generated<boolean>;
    progress: NullableJson<Progress>;
    result: NullableJson<Json>;
    problem: NullableJson<Problem>;
    actor: JsonColumn<Actor>;
    request_id: string;
    created_at: GeneratedTimestamp;
    started_at: NullableTimestamp;
    ended_at: NullableTimestamp;
  };
}
