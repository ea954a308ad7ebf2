import type { Actor, Webhook, WebhookDelivery, WebhookEvent, WebhookStatus } from "@causeway/contract";
import { type Selectable, sql } from "kysely";
import type { Db, Schema, Tx } from "../../platform/database/index.ts";

/** A webhook before it is made. */
export type NewWebhook = {
  readonly id: string;
  readonly project: string;
  readonly name: string;
  readonly url: string;
  readonly events: readonly WebhookEvent[];
  readonly description: string;
  readonly status: WebhookStatus;
  readonly signed: boolean;
  readonly createdAt: Date;
  readonly createdBy: Actor;
};

/** A message that a sender has taken. */
export type ClaimedDelivery = {
  readonly id: string;
  readonly project: string;
  readonly webhook: string;
  readonly event: WebhookEvent;
  readonly body: string;
  readonly attempts: number;
  readonly ageMs: number;
  readonly url: string;
  readonly name: string;
  readonly signed: boolean;
  /** Of the webhook, which may have been turned off since the message was written. */
  readonly active: boolean;
};

const inMs = (ms: number) => sql<Date>`clock_timestamp() + ${ms}::float8 * interval '1 millisecond'`;

/** Statements on webhooks and the messages to them. */
export function webhooksStore(db: Db | Tx) {
  return {
    async insert(webhook: NewWebhook): Promise<void> {
      await db
        .insertInto("registry_webhooks")
        .values({
          id: webhook.id,
          project: webhook.project,
          name: webhook.name,
          url: webhook.url,
          events: JSON.stringify(webhook.events),
          description: webhook.description,
          status: webhook.status,
          signed: webhook.signed,
          created_at: webhook.createdAt,
          updated_at: webhook.createdAt,
          created_by: JSON.stringify(webhook.createdBy),
        })
        .execute();
    },

    async update(
      key: { project: string; id: string },
      change: {
        name?: string | undefined;
        url?: string | undefined;
        events?: readonly WebhookEvent[] | undefined;
        description?: string | undefined;
        status?: WebhookStatus | undefined;
        signed?: boolean | undefined;
        updatedAt: Date;
      },
    ): Promise<void> {
      const { updatedAt, events, name, url, description, status, signed } = change;
      await db
        .updateTable("registry_webhooks")
        .set({
          updated_at: updatedAt,
          ...(events === undefined ? {} : { events: JSON.stringify(events) }),
          ...(name === undefined ? {} : { name }),
          ...(url === undefined ? {} : { url }),
          ...(description === undefined ? {} : { description }),
          ...(status === undefined ? {} : { status }),
          ...(signed === undefined ? {} : { signed }),
        })
        .where("project", "=", key.project)
        .where("id", "=", key.id)
        .execute();
    },

    async find({ project, id }: { project: string; id: string }): Promise<Webhook | undefined> {
      const row = await db
        .selectFrom("registry_webhooks")
        .selectAll()
        .where("project", "=", project)
        .where("id", "=", id)
        .executeTakeFirst();
      return row === undefined ? undefined : webhookOf(row);
    },

    /** Newest first; `after` is the id of the last webhook of the page before. */
    async list(page: { project: string; after: string | undefined; limit: number }): Promise<Webhook[]> {
      const rows = await db
        .selectFrom("registry_webhooks")
        .selectAll()
        .where("project", "=", page.project)
        .$if(page.after !== undefined, (query) => query.where("id", "<", page.after ?? ""))
        .orderBy("id", "desc")
        .limit(page.limit)
        .execute();
      return rows.map(webhookOf);
    },

    /** Whether any webhook of a project was there and active at a moment. */
    async isAnyListening({ project, at }: { project: string; at: Date }): Promise<boolean> {
      const row = await db
        .selectFrom("registry_webhooks")
        .select("id")
        .where("project", "=", project)
        .where("status", "=", "active")
        .where("created_at", "<=", at)
        .limit(1)
        .executeTakeFirst();
      return row !== undefined;
    },

    /** The webhooks that want to hear of an event of that moment. */
    async listListening(of: { project: string; event: WebhookEvent; at: Date }): Promise<string[]> {
      const rows = await db
        .selectFrom("registry_webhooks")
        .select("id")
        .where("project", "=", of.project)
        .where("status", "=", "active")
        .where("created_at", "<=", of.at)
        .where(sql<boolean>`events ? ${of.event}`)
        .orderBy("id")
        .execute();
      return rows.map(({ id }) => id);
    },

    async remove({ project, id }: { project: string; id: string }): Promise<boolean> {
      const { numDeletedRows } = await db
        .deleteFrom("registry_webhooks")
        .where("project", "=", project)
        .where("id", "=", id)
        .executeTakeFirst();
      return numDeletedRows === 1n;
    },

    async queue(message: {
      id: string;
      project: string;
      webhook: string;
      event: WebhookEvent;
      body: string;
    }): Promise<void> {
      await db
        .insertInto("registry_webhook_deliveries")
        .values({ ...message, status: null, problem: null })
        .execute();
    },

    /** Takes due messages for as long as the lease; who finds them due again sends them again. */
    async claimDue({ limit, leaseMs }: { limit: number; leaseMs: number }): Promise<ClaimedDelivery[]> {
      const due = sql<string>`select id from registry_webhook_deliveries
        where state = 'queued' and not_before <= clock_timestamp()
        order by not_before, id limit ${limit} for update skip locked`;
      return db
        .updateTable("registry_webhook_deliveries as delivery")
        .from("registry_webhooks as webhook")
        .set({ attempts: sql`attempts + 1`, not_before: inMs(leaseMs) })
        .where("delivery.id", "in", sql<string>`(${due})`)
        .whereRef("webhook.id", "=", "delivery.webhook")
        .returning([
          "delivery.id",
          "delivery.project",
          "delivery.webhook",
          "delivery.event",
          "delivery.body",
          "delivery.attempts",
          "webhook.url",
          "webhook.name",
          "webhook.signed",
          sql<boolean>`webhook.status = 'active'`.as("active"),
          sql<number>`(extract(epoch from clock_timestamp() - delivery.created_at) * 1000)::float8`.as(
            "ageMs",
          ),
        ])
        .execute();
    },

    /** False where it had ended before. */
    async end(
      id: string,
      ending: { state: "sent" | "failed"; status: number | null; problem: string | null },
    ): Promise<boolean> {
      const { numUpdatedRows } = await db
        .updateTable("registry_webhook_deliveries")
        .set({ ...ending, ended_at: sql<Date>`clock_timestamp()` })
        .where("id", "=", id)
        .where("state", "=", "queued")
        .executeTakeFirst();
      return numUpdatedRows === 1n;
    },

    async postpone(
      id: string,
      pause: { pauseMs: number; status: number | null; problem: string },
    ): Promise<void> {
      await db
        .updateTable("registry_webhook_deliveries")
        .set({ not_before: inMs(pause.pauseMs), status: pause.status, problem: pause.problem })
        .where("id", "=", id)
        .where("state", "=", "queued")
        .execute();
    },

    /** Forgets messages that ended before a time. */
    async forget(before: Date): Promise<void> {
      await db.deleteFrom("registry_webhook_deliveries").where("ended_at", "<", before).execute();
    },

    /** Milliseconds until the next message is due; null where none waits. */
    async nextDueMs(): Promise<number | null> {
      const ms = sql<number | null>`(extract(epoch from min(not_before) - clock_timestamp()) * 1000)::float8`;
      const row = await db
        .selectFrom("registry_webhook_deliveries")
        .select(ms.as("ms"))
        .where("state", "=", "queued")
        .executeTakeFirst();
      return row?.ms ?? null;
    },

    /** Newest first; `after` is the id of the last delivery of the page before. */
    async listDeliveries(page: {
      webhook: string;
      after: string | undefined;
      limit: number;
    }): Promise<WebhookDelivery[]> {
      const rows = await db
        .selectFrom("registry_webhook_deliveries")
        .select(["id", "event", "state", "attempts", "status", "problem", "created_at", "ended_at"])
        .where("webhook", "=", page.webhook)
        .$if(page.after !== undefined, (query) => query.where("id", "<", page.after ?? ""))
        .orderBy("id", "desc")
        .limit(page.limit)
        .execute();
      return rows.map(({ created_at, ended_at, ...row }) => ({
        ...row,
        createdAt: created_at.toISOString(),
        endedAt: ended_at?.toISOString() ?? null,
      }));
    },
  };
}

function webhookOf(row: Selectable<Schema["registry_webhooks"]>): Webhook {
  return {
    id: row.id,
    name: row.name,
    url: row.url,
    events: row.events,
    description: row.description,
    status: row.status,
    signed: row.signed,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
    createdBy: row.created_by,
  };
}
