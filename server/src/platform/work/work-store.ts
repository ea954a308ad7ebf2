import type { Actor, Json, Problem, Progress, Scope, WorkState } from "@causeway/contract";
import { type Selectable, sql } from "kysely";
import type { Db, Schema, Tx } from "../database/index.ts";
import type { Claim, Work } from "./work.ts";

/** A piece of work as it is put into the queue. */
export type NewWork = {
  readonly id: string;
  readonly scope: Scope;
  readonly kind: string;
  readonly subject: string;
  readonly payload: Json;
  readonly maxAttempts: number;
  readonly priority: number;
  readonly notBefore: Date | null;
  readonly actor: Actor;
  readonly requestId: string;
};

/** What a claim asks for. */
type ClaimRequest = { kinds: readonly string[]; worker: string; limit: number; leaseMs: number };

const NOW = sql<Date>`clock_timestamp()`;

/** Statements on the queue. Every time in them is the database's own. */
export function workStore(db: Db | Tx) {
  return {
    async insert(work: NewWork): Promise<void> {
      await db
        .insertInto("platform_work")
        .values({
          id: work.id,
          project: work.scope.project,
          environment: work.scope.environment,
          kind: work.kind,
          subject: work.subject,
          payload: JSON.stringify(work.payload),
          max_attempts: work.maxAttempts,
          priority: work.priority,
          ...(work.notBefore === null ? {} : { not_before: work.notBefore }),
          actor: JSON.stringify(work.actor),
          request_id: work.requestId,
        })
        .execute();
    },

    async find(id: string): Promise<Work | undefined> {
      const row = await db.selectFrom("platform_work").selectAll().where("id", "=", id).executeTakeFirst();
      return row === undefined ? undefined : fromRow(row);
    },

    /** Takes due work, and work whose lease ran out, past every row that another worker is taking. */
    async claim({ kinds, worker, limit, leaseMs }: ClaimRequest): Promise<Work[]> {
      const due = sql<string>`select id from platform_work
        where kind = any(${[...kinds]}::text[])
          and ((state = 'queued' and not_before <= clock_timestamp())
            or (state = 'running' and lease_expires_at < clock_timestamp()))
        order by priority desc, not_before, id
        limit ${limit} for update skip locked`;
      const rows = await db
        .updateTable("platform_work")
        .set({
          state: "running",
          attempt: sql`attempt + 1`,
          fencing: sql`fencing + 1`,
          leased_by: worker,
          lease_expires_at: leaseEnd(leaseMs),
          started_at: sql`coalesce(started_at, clock_timestamp())`,
        })
        .where("id", "in", sql<string>`(${due})`)
        .returningAll()
        .execute();
      return rows.map(fromRow);
    },

    /** Milliseconds until something of these kinds is due or loses its lease; null when there is nothing to wait for. */
    async nextDueMs(kinds: readonly string[]): Promise<number | null> {
      const { rows } = await sql<{ ms: number | null }>`select
        (extract(epoch from min(case when state = 'queued' then not_before else lease_expires_at end)
          - clock_timestamp()) * 1000)::float8 as ms
        from platform_work where state in ('queued', 'running') and kind = any(${[...kinds]}::text[])`.execute(
        db,
      );
      return rows[0]?.ms ?? null;
    },

    /** Lengthens the leases that still stand; the answer tells which, and which are to be cancelled. */
    async renew(
      claims: readonly Claim[],
      leaseMs: number,
    ): Promise<{ id: string; cancelRequested: boolean }[]> {
      const { rows } = await sql<{ id: string; cancelRequested: boolean }>`update platform_work w
        set lease_expires_at = clock_timestamp() + ${leaseMs} * interval '1 millisecond'
        from unnest(${claims.map((claim) => claim.id)}::uuid[], ${claims.map((claim) => claim.fencing)}::bigint[],
          ${claims.map((claim) => claim.worker)}::text[]) as held (id, fencing, worker)
        where w.id = held.id and w.fencing = held.fencing and w.leased_by = held.worker and w.state = 'running'
        returning w.id, w.cancel_requested as "cancelRequested"`.execute(db);
      return rows;
    },

    /** Locks the row for the rest of the transaction if the claim still stands. */
    async lockClaimed(claim: Claim): Promise<Work | undefined> {
      const row = await db
        .selectFrom("platform_work")
        .selectAll()
        .where("id", "=", claim.id)
        .where("fencing", "=", claim.fencing)
        .where("leased_by", "=", claim.worker)
        .where("state", "=", "running")
        .forUpdate()
        .executeTakeFirst();
      return row === undefined ? undefined : fromRow(row);
    },

    async lock(id: string): Promise<Work | undefined> {
      const row = await db
        .selectFrom("platform_work")
        .selectAll()
        .where("id", "=", id)
        .forUpdate()
        .executeTakeFirst();
      return row === undefined ? undefined : fromRow(row);
    },

    async end(id: string, end: { state: WorkState; result?: Json; problem?: Problem }): Promise<void> {
      await db
        .updateTable("platform_work")
        .set({
          state: end.state,
          ended_at: NOW,
          leased_by: null,
          lease_expires_at: null,
          ...(end.result === undefined ? {} : { result: JSON.stringify(end.result) }),
          ...(end.problem === undefined ? {} : { problem: JSON.stringify(end.problem) }),
        })
        .where("id", "=", id)
        .execute();
    },

    /** Puts claimed work back; it may be claimed again after the delay. What is given back does not count as an attempt. */
    async requeue(id: string, delayMs: number): Promise<void> {
      await db
        .updateTable("platform_work")
        .set({
          state: "queued",
          attempt: sql`attempt - 1`,
          leased_by: null,
          lease_expires_at: null,
          not_before: sql<Date>`clock_timestamp() + ${delayMs} * interval '1 millisecond'`,
        })
        .where("id", "=", id)
        .execute();
    },

    async requestCancel(id: string): Promise<void> {
      await db.updateTable("platform_work").set({ cancel_requested: true }).where("id", "=", id).execute();
    },

    async setProgress(claim: Claim, progress: Progress): Promise<void> {
      await db
        .updateTable("platform_work")
        .set({ progress: JSON.stringify(progress) })
        .where("id", "=", claim.id)
        .where("fencing", "=", claim.fencing)
        .where("state", "=", "running")
        .execute();
    },

    async countByState(): Promise<{ kind: string; state: WorkState; count: number }[]> {
      return db
        .selectFrom("platform_work")
        .select(["kind", "state", sql<number>`count(*)`.as("count")])
        .where("state", "in", ["queued", "running"])
        .groupBy(["kind", "state"])
        .execute();
    },
  };
}

function leaseEnd(leaseMs: number) {
  return sql<Date>`clock_timestamp() + ${leaseMs} * interval '1 millisecond'`;
}

function fromRow(row: Selectable<Schema["platform_work"]>): Work {
  return {
    id: row.id,
    scope: { project: row.project, environment: row.environment },
    kind: row.kind,
    subject: row.subject,
    payload: row.payload,
    state: row.state,
    attempt: row.attempt,
    maxAttempts: row.max_attempts,
    fencing: row.fencing,
    leasedBy: row.leased_by,
    cancelRequested: row.cancel_requested,
    progress: row.progress,
    result: row.result,
    problem: row.problem,
    actor: row.actor,
    requestId: row.request_id,
    createdAt: row.created_at,
    startedAt: row.started_at,
    endedAt: row.ended_at,
  };
}
