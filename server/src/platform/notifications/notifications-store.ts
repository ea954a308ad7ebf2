import type { Actor, Channel, ChannelKind, Environment, Notification, Scope } from "@causeway/contract";
import { type Selectable, sql } from "kysely";
import type { Db, Schema, Tx } from "../database/index.ts";
import type { StoredMessage } from "../database/rows/notifications.ts";

/** A message that is being sent. */
export type ClaimedNotification = {
  readonly id: string;
  readonly project: string;
  readonly environment: Environment;
  readonly channel: string;
  readonly subject: string;
  readonly message: StoredMessage;
  /** This one included. */
  readonly attempts: number;
  readonly createdAt: Date;
  /** By the database's clock. */
  readonly ageMs: number;
};

/** A message before it is queued. */
export type NewNotification = Scope & {
  readonly id: string;
  readonly channel: string;
  readonly subject: string;
  readonly key: string | null;
  readonly message: StoredMessage;
  /** Given where it is not to be sent at all. */
  readonly problem?: string;
};

const NOW = sql<Date>`clock_timestamp()`;
const inMs = (ms: number) => sql<Date>`clock_timestamp() + ${ms} * interval '1 millisecond'`;

/** Statements on channels and the messages to them. Times are the database's own. */
export function notificationsStore(db: Db | Tx) {
  return {
    /** False where the name is taken. */
    async insertChannel(channel: {
      project: string;
      name: string;
      kind: ChannelKind;
      host: string;
      createdBy: Actor;
    }): Promise<boolean> {
      const { createdBy, ...values } = channel;
      const row = await db
        .insertInto("platform_channels")
        .values({ ...values, created_by: JSON.stringify(createdBy) })
        .onConflict((conflict) => conflict.doNothing())
        .returning("name")
        .executeTakeFirst();
      return row !== undefined;
    },

    async findChannel(project: string, name: string): Promise<Channel | undefined> {
      const row = await channelQuery(db, project).where("channel.name", "=", name).executeTakeFirst();
      return row === undefined ? undefined : channelOf(row);
    },

    async listChannels(page: {
      project: string;
      after: string | undefined;
      limit: number;
    }): Promise<Channel[]> {
      const rows = await channelQuery(db, page.project)
        .$if(page.after !== undefined, (query) => query.where("channel.name", ">", page.after ?? ""))
        .orderBy("channel.name")
        .limit(page.limit)
        .execute();
      return rows.map(channelOf);
    },

    async listKinds(project: string, names: readonly string[]): Promise<Map<string, ChannelKind>> {
      if (names.length === 0) return new Map();
      const rows = await db
        .selectFrom("platform_channels")
        .select(["name", "kind"])
        .where("project", "=", project)
        .where("name", "in", names)
        .execute();
      return new Map(rows.map(({ name, kind }) => [name, kind]));
    },

    async deleteChannel(project: string, name: string): Promise<boolean> {
      const row = await db
        .deleteFrom("platform_channels")
        .where("project", "=", project)
        .where("name", "=", name)
        .returning("name")
        .executeTakeFirst();
      return row !== undefined;
    },

    /** Ends what waits for a channel that is no more. */
    async failWaiting(project: string, channel: string, problem: string): Promise<void> {
      await db
        .updateTable("platform_notifications")
        .set({ state: "failed", problem, ended_at: NOW })
        .where("project", "=", project)
        .where("channel", "=", channel)
        .where("state", "=", "queued")
        .execute();
    },

    /** Queues a message; undefined where one of the same channel, subject and key is there already. */
    async insert(message: NewNotification): Promise<Notification | undefined> {
      const row = await db
        .insertInto("platform_notifications")
        .values({
          id: message.id,
          project: message.project,
          environment: message.environment,
          channel: message.channel,
          subject: message.subject,
          key: message.key,
          message: JSON.stringify(message.message),
          ...(message.problem === undefined
            ? {}
            : { state: "failed", problem: message.problem, ended_at: NOW }),
        })
        .onConflict((conflict) => conflict.doNothing())
        .returningAll()
        .executeTakeFirst();
      return row === undefined ? undefined : notificationOf(row);
    },

    /** Takes due messages for as long as the lease; who finds them due again sends them again. */
    async claimDue({ limit, leaseMs }: { limit: number; leaseMs: number }): Promise<ClaimedNotification[]> {
      const due = sql<string>`select id from platform_notifications
        where state = 'queued' and not_before <= clock_timestamp()
        order by not_before, id limit ${limit} for update skip locked`;
      const rows = await db
        .updateTable("platform_notifications")
        .set({ attempts: sql`attempts + 1`, not_before: inMs(leaseMs) })
        .where("id", "in", sql<string>`(${due})`)
        .returningAll()
        .returning(sql<number>`(extract(epoch from clock_timestamp() - created_at) * 1000)::float8`.as("age"))
        .execute();
      return rows.map(claimedOf);
    },

    /** Takes one message now, due or not. */
    async claim(id: string, leaseMs: number): Promise<ClaimedNotification | undefined> {
      const row = await db
        .updateTable("platform_notifications")
        .set({ attempts: sql`attempts + 1`, not_before: inMs(leaseMs) })
        .where("id", "=", id)
        .returningAll()
        .returning(sql<number>`(extract(epoch from clock_timestamp() - created_at) * 1000)::float8`.as("age"))
        .executeTakeFirst();
      return row === undefined ? undefined : claimedOf(row);
    },

    async markSent(id: string): Promise<Notification | undefined> {
      return end(db, id, { state: "sent", problem: null });
    },

    /** Undefined where it had ended before. */
    async markFailed(id: string, problem: string): Promise<Notification | undefined> {
      return end(db, id, { state: "failed", problem });
    },

    async postpone(id: string, { pauseMs, problem }: { pauseMs: number; problem: string }): Promise<void> {
      await db
        .updateTable("platform_notifications")
        .set({ not_before: inMs(pauseMs), problem })
        .where("id", "=", id)
        .where("state", "=", "queued")
        .execute();
    },

    /** Milliseconds until the next message is due; null where none waits. */
    async nextDueMs(): Promise<number | null> {
      const row = await db
        .selectFrom("platform_notifications")
        .select(
          sql<number | null>`(extract(epoch from min(not_before) - clock_timestamp()) * 1000)::float8`.as(
            "ms",
          ),
        )
        .where("state", "=", "queued")
        .executeTakeFirst();
      return row?.ms ?? null;
    },

    /** Newest first; `after` is the id of the last of the page before. */
    async list(filter: {
      scope: Scope;
      channel: string | undefined;
      subject: string | undefined;
      after: string | undefined;
      limit: number;
    }): Promise<Notification[]> {
      const rows = await db
        .selectFrom("platform_notifications")
        .selectAll()
        .where("project", "=", filter.scope.project)
        .where("environment", "=", filter.scope.environment)
        .$if(filter.channel !== undefined, (query) => query.where("channel", "=", filter.channel ?? ""))
        .$if(filter.subject !== undefined, (query) => query.where("subject", "=", filter.subject ?? ""))
        .$if(filter.after !== undefined, (query) => query.where("id", "<", filter.after ?? ""))
        .orderBy("id", "desc")
        .limit(filter.limit)
        .execute();
      return rows.map(notificationOf);
    },
  };
}

/** Channels, each with how its newest message ended. */
function channelQuery(db: Db | Tx, project: string) {
  return db
    .selectFrom("platform_channels as channel")
    .leftJoinLateral(
      (from) =>
        from
          .selectFrom("platform_notifications as message")
          .select(["message.state", "message.problem", "message.ended_at"])
          .whereRef("message.project", "=", "channel.project")
          .whereRef("message.channel", "=", "channel.name")
          .where("message.ended_at", "is not", null)
          .orderBy("message.ended_at", "desc")
          .limit(1)
          .as("last"),
      (join) => join.onTrue(),
    )
    .selectAll("channel")
    .select(["last.state as last_state", "last.problem as last_problem", "last.ended_at as last_at"])
    .where("channel.project", "=", project);
}

type ChannelRow = Awaited<ReturnType<ReturnType<typeof channelQuery>["execute"]>>[number];

function channelOf(row: ChannelRow): Channel {
  return {
    name: row.name,
    kind: row.kind,
    host: row.host,
    createdAt: row.created_at.toISOString(),
    createdBy: row.created_by,
    last:
      row.last_at === null
        ? null
        : {
            at: row.last_at.toISOString(),
            state: row.last_state === "failed" ? "failed" : "sent",
            problem: row.last_problem,
          },
  };
}

async function end(
  db: Db | Tx,
  id: string,
  ending: { state: "sent" | "failed"; problem: string | null },
): Promise<Notification | undefined> {
  const row = await db
    .updateTable("platform_notifications")
    .set({ ...ending, ended_at: NOW })
    .where("id", "=", id)
    .where("state", "=", "queued")
    .returningAll()
    .executeTakeFirst();
  return row === undefined ? undefined : notificationOf(row);
}

function notificationOf(row: Selectable<Schema["platform_notifications"]>): Notification {
  return {
    id: row.id,
    channel: row.channel,
    subject: row.subject,
    title: row.message.title,
    text: row.message.text,
    state: row.state,
    attempts: row.attempts,
    problem: row.problem,
    createdAt: row.created_at.toISOString(),
    sentAt: row.state === "sent" ? (row.ended_at?.toISOString() ?? null) : null,
  };
}

function claimedOf(row: Selectable<Schema["platform_notifications"]> & { age: number }): ClaimedNotification {
  return {
    id: row.id,
    project: row.project,
    environment: row.environment,
    channel: row.channel,
    subject: row.subject,
    message: row.message,
    attempts: row.attempts,
    createdAt: row.created_at,
    ageMs: row.age,
  };
}
