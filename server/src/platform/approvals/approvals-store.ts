import type { Actor, ApprovalState, Json, Scope } from "@causeway/contract";
import { type Selectable, sql } from "kysely";
import type { Db, Schema, Tx } from "../database/index.ts";

/** A question to people as it is stored. */
export type StoredApproval = Scope & {
  readonly id: string;
  readonly subject: string;
  readonly parent: string;
  readonly digest: string;
  readonly summary: string;
  readonly details: Readonly<Record<string, Json>>;
  readonly state: ApprovalState;
  readonly fourEyes: boolean;
  readonly notBy: readonly Actor[];
  readonly requestedAt: Date;
  readonly requestedBy: Actor;
  readonly expiresAt: Date;
  readonly decidedAt: Date | null;
  readonly decidedBy: Actor | null;
  readonly reason: string | null;
};

/** A question before it is asked. */
export type NewApproval = Pick<
  StoredApproval,
  | "id"
  | "project"
  | "environment"
  | "subject"
  | "parent"
  | "digest"
  | "summary"
  | "details"
  | "fourEyes"
  | "notBy"
  | "requestedBy"
> & { readonly expiresAfterMs: number };

/** How a question ended. */
export type ApprovalEnding = {
  readonly state: Exclude<ApprovalState, "pending">;
  readonly decidedBy: Actor | null;
  readonly reason: string | null;
};

const NOW = sql<Date>`clock_timestamp()`;

/** Statements on questions to people; whether one has expired is asked of the database's clock. */
export function approvalsStore(db: Db | Tx) {
  return {
    async insert(approval: NewApproval): Promise<StoredApproval> {
      const row = await db
        .insertInto("platform_approvals")
        .values({
          id: approval.id,
          project: approval.project,
          environment: approval.environment,
          subject: approval.subject,
          parent: approval.parent,
          digest: approval.digest,
          summary: approval.summary,
          details: JSON.stringify(approval.details),
          four_eyes: approval.fourEyes,
          not_by: JSON.stringify(approval.notBy),
          requested_by: JSON.stringify(approval.requestedBy),
          expires_at: sql`clock_timestamp() + ${approval.expiresAfterMs} * interval '1 millisecond'`,
        })
        .returningAll()
        .executeTakeFirstOrThrow();
      return approvalOf(row);
    },

    async find(scope: Scope, id: string): Promise<StoredApproval | undefined> {
      const row = await db
        .selectFrom("platform_approvals")
        .selectAll()
        .where("project", "=", scope.project)
        .where("environment", "=", scope.environment)
        .where("id", "=", id)
        .executeTakeFirst();
      return row === undefined ? undefined : approvalOf(row);
    },

    /** Holds a question until the transaction ends. */
    async lock(scope: Scope, id: string): Promise<(StoredApproval & { hasExpired: boolean }) | undefined> {
      const row = await db
        .selectFrom("platform_approvals")
        .selectAll()
        .select(sql<boolean>`expires_at <= clock_timestamp()`.as("has_expired"))
        .where("project", "=", scope.project)
        .where("environment", "=", scope.environment)
        .where("id", "=", id)
        .forUpdate()
        .executeTakeFirst();
      return row === undefined ? undefined : { ...approvalOf(row), hasExpired: row.has_expired };
    },

    /** Pending questions of one requester about a subject. */
    async listPending(scope: Scope, of: { subject: string; by: Actor }): Promise<StoredApproval[]> {
      const rows = await db
        .selectFrom("platform_approvals")
        .selectAll()
        .where("project", "=", scope.project)
        .where("environment", "=", scope.environment)
        .where("subject", "=", of.subject)
        .where("state", "=", "pending")
        .where(sql<boolean>`requested_by->>'kind' = ${of.by.kind} and requested_by->>'id' = ${of.by.id}`)
        .orderBy("id")
        .execute();
      return rows.map(approvalOf);
    },

    /** Those about anything of a parent that wait, in every environment. */
    async listOpen(of: { project: string; parent: string }): Promise<StoredApproval[]> {
      const rows = await db
        .selectFrom("platform_approvals")
        .selectAll()
        .where("project", "=", of.project)
        .where("parent", "=", of.parent)
        .where("state", "=", "pending")
        .where("expires_at", ">", NOW)
        .orderBy("id")
        .execute();
      return rows.map(approvalOf);
    },

    async end(
      id: string,
      ending: ApprovalEnding,
      details: Readonly<Record<string, Json>>,
    ): Promise<StoredApproval> {
      const row = await db
        .updateTable("platform_approvals")
        .set({
          state: ending.state,
          decided_at: NOW,
          decided_by: ending.decidedBy === null ? null : JSON.stringify(ending.decidedBy),
          reason: ending.reason,
          details: JSON.stringify(details),
        })
        .where("id", "=", id)
        .returningAll()
        .executeTakeFirstOrThrow();
      return approvalOf(row);
    },

    /** Newest first; `after` is the id of the last of the page before. */
    async list(filter: {
      scope: Scope;
      state: ApprovalState | undefined;
      parent: string | undefined;
      after: string | undefined;
      limit: number;
    }): Promise<StoredApproval[]> {
      const rows = await db
        .selectFrom("platform_approvals")
        .selectAll()
        .where("project", "=", filter.scope.project)
        .where("environment", "=", filter.scope.environment)
        .$if(filter.state !== undefined, (query) => query.where("state", "=", filter.state ?? "pending"))
        .$if(filter.parent !== undefined, (query) => query.where("parent", "=", filter.parent ?? ""))
        .$if(filter.after !== undefined, (query) => query.where("id", "<", filter.after ?? ""))
        .orderBy("id", "desc")
        .limit(filter.limit)
        .execute();
      return rows.map(approvalOf);
    },
  };
}

function approvalOf(row: Selectable<Schema["platform_approvals"]>): StoredApproval {
  return {
    id: row.id,
    project: row.project,
    environment: row.environment,
    subject: row.subject,
    parent: row.parent,
    digest: row.digest,
    summary: row.summary,
    details: row.details,
    state: row.state,
    fourEyes: row.four_eyes,
    notBy: row.not_by,
    requestedAt: row.requested_at,
    requestedBy: row.requested_by,
    expiresAt: row.expires_at,
    decidedAt: row.decided_at,
    decidedBy: row.decided_by,
    reason: row.reason,
  };
}
