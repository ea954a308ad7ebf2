import type { Actor, ChannelKind, Environment, Notification } from "@causeway/contract";
import type { Generated, GeneratedTimestamp, Json, NullableTimestamp } from "../columns.ts";

/** Row types of secrets, channels and their messages, keyed by table name. */
export interface NotificationsTables {
  platform_secrets: {
    project: string;
    environment: Environment | null;
    name: string;
    key_id: string;
    sealed: Buffer;
    created_at: GeneratedTimestamp;
  };
  platform_channels: {
    project: string;
    name: string;
    kind: ChannelKind;
    host: string;
    created_at: GeneratedTimestamp;
    created_by: Json<Actor>;
  };
  platform_notifications: {
    id: string;
    project: string;
    environment: Environment;
    channel: string;
    subject: string;
    key: string | null;
    message: Json<StoredMessage>;
    state: Generated<Notification["state"]>;
    attempts: Generated<number>;
    problem: string | null;
    not_before: GeneratedTimestamp;
    created_at: GeneratedTimestamp;
    ended_at: NullableTimestamp;
  };
}

/** What a message says, apart from where it goes. */
export type StoredMessage = {
  readonly title: string;
  readonly text: string;
  readonly facts: readonly { readonly name: string; readonly value: string }[];
  /** Page or address with more; a path is one of control's pages. */
  readonly url: string | null;
  readonly status: "firing" | "resolved";
};
