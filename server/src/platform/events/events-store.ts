import type { Actor, Environment, Event, EventType, Json, Scope } from "@causeway/contract";
import { type Selectable, sql } from "kysely";
import type { Db, Schema, Tx } from "../database/index.ts";

/** Names the advisory lock that gives positions out one transaction at a time; any constant would do. */
const PLACING_LOCK = 7_420_000_002;

/** An event before it is written. */
export type NewEvent = {
  readonly id: string;
  readonly type: EventType;
  readonly occurredAt: Date;
  readonly project: string;
  readonly environment: Environment | null;
  readonly actor: Actor;
  readonly subject: string;
  readonly data: Readonly<Record<string, Json>>;
};

/** An event with its place in the stream. */
export type PlacedEvent = { readonly position: number; readonly event: Event };

/** Statements on the outbox. */
export function eventsStore(db: Db | Tx) {
  return {
    /** Adds an event, and tells its type on a channel; the notice leaves with the commit. */
    async insert(event: NewEvent, channel: string): Promise<void> {
      const { id, type, occurredAt, project, environment, subject } = event;
      const [actor, data] = [JSON.stringify(event.actor), JSON.stringify(event.data)];
      await sql`with recorded as (
          insert into platform_events (id, type, occurred_at, project, environment, actor, subject, data)
          values (${id}, ${type}, ${occurredAt}, ${project}, ${environment}, ${actor}, ${subject}, ${data})
        ) select pg_notify(${channel}, ${type})`.execute(db);
    },

    /** Newest first; `after` is the id of the last event of the page before. */
    async list(filter: {
      scope: Scope;
      stage: string | undefined;
      subject: string | undefined;
      after: string | undefined;
      limit: number;
    }): Promise<Event[]> {
      const rows = await db
        .selectFrom("platform_events")
        .selectAll()
        .where("project", "=", filter.scope.project)
        .where((where) =>
          where.or([where("environment", "is", null), where("environment", "=", filter.scope.environment)]),
        )
        .$if(filter.stage !== undefined, (query) =>
          query.where(sql`split_part(type, '.', 1)`, "=", filter.stage ?? ""),
        )
        .$if(filter.subject !== undefined, (query) => query.where("subject", "=", filter.subject ?? ""))
        .$if(filter.after !== undefined, (query) => query.where("id", "<", filter.after ?? ""))
        .orderBy("id", "desc")
        .limit(filter.limit)
        .execute();
      return rows.map(fromRow);
    },

    /** Placed events after a position, in order. */
    async listPlaced(after: number, limit: number): Promise<PlacedEvent[]> {
      const rows = await db
        .selectFrom("platform_events")
        .selectAll()
        .where("position", ">", after)
        .orderBy("position")
        .limit(limit)
        .execute();
      return rows.map((row) => ({ position: row.position ?? 0, event: fromRow(row) }));
    },

    /** The first placed event of some types after a position. */
    async findNext(after: number, types: readonly EventType[]): Promise<PlacedEvent | undefined> {
      const row = await db
        .selectFrom("platform_events")
        .selectAll()
        .where("type", "in", types)
        .where("position", ">", after)
        .orderBy("position")
        .limit(1)
        .executeTakeFirst();
      return row === undefined ? undefined : { position: row.position ?? 0, event: fromRow(row) };
    },

    async hasUnplaced(): Promise<boolean> {
      const row = await db
        .selectFrom("platform_events")
        .select("id")
        .where("position", "is", null)
        .limit(1)
        .executeTakeFirst();
      return row !== undefined;
    },

    /** Held until the transaction's end, so that positions become visible in the order in which they were given. */
    async lockPlacing(): Promise<void> {
      await sql`select pg_advisory_xact_lock(${PLACING_LOCK})`.execute(db);
    },

    /** Gives committed events their positions. Call `lockPlacing` in the same transaction before. */
    async place(): Promise<void> {
      await sql`update platform_events as placed set position = ordered.position
        from (select id, nextval('platform_event_positions') as position
              from (select id from platform_events where position is null order by id) as unplaced) as ordered
        where placed.id = ordered.id`.execute(db);
    },

    /** The position of an event; null while it has none, undefined when there is no such event. */
    async findPosition(id: string): Promise<number | null | undefined> {
      const row = await db
        .selectFrom("platform_events")
        .select("position")
        .where("id", "=", id)
        .executeTakeFirst();
      return row === undefined ? undefined : row.position;
    },

    async lastPosition(): Promise<number> {
      const row = await db
        .selectFrom("platform_events")
        .select((select) => select.fn.max("position").as("position"))
        .executeTakeFirst();
      return row?.position ?? 0;
    },

    async findCursor(consumer: string): Promise<number | undefined> {
      const row = await db
        .selectFrom("platform_event_cursors")
        .select("position")
        .where("consumer", "=", consumer)
        .executeTakeFirst();
      return row?.position;
    },

    /** Locks a consumer's cursor, making it at `start` on first sight; undefined while another process holds it. */
    async lockCursor(consumer: string, start: number): Promise<number | undefined> {
      await db
        .insertInto("platform_event_cursors")
        .values({ consumer, position: start })
        .onConflict((conflict) => conflict.column("consumer").doNothing())
        .execute();
      const row = await db
        .selectFrom("platform_event_cursors")
        .select("position")
        .where("consumer", "=", consumer)
        .forUpdate()
        .skipLocked()
        .executeTakeFirst();
      return row?.position;
    },

    async moveCursor(consumer: string, position: number): Promise<void> {
      await db
        .updateTable("platform_event_cursors")
        .set({ position })
        .where("consumer", "=", consumer)
        .execute();
    },
  };
}

function fromRow(row: Selectable<Schema["platform_events"]>): Event {
  return {
    id: row.id,
    type: row.type,
    occurredAt: row.occurred_at.toISOString(),
    recordedAt: row.recorded_at.toISOString(),
    project: row.project,
    environment: row.environment,
    actor: row.actor,
    subject: row.subject,
    data: row.data,
  };
}
