import type { Actor, ApprovalState, Environment, Json as JsonValue } from "@causeway/contract";
import type {
  Generated,
  GeneratedTimestamp,
  Json,
  NullableJson,
  NullableTimestamp,
  Timestamp,
} from "../columns.ts";

/** Row type of the questions to people. */
export interface ApprovalsTables {
  platform_approvals: {
    id: string;
    project: string;
    environment: Environment;
    subject: string;
    parent: string;
    digest: string;
    summary: string;
    details: Json<Readonly<Record<string, JsonValue>>>;
    state: Generated<ApprovalState>;
    four_eyes: boolean;
    not_by: Json<Actor[]>;
    requested_at: GeneratedTimestamp;
    requested_by: Json<Actor>;
    expires_at: Timestamp;
    decided_at: NullableTimestamp;
    decided_by: NullableJson<Actor>;
    reason: string | null;
  };
}
