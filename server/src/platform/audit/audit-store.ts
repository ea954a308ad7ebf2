import type { Actor, AuditRecord, Json, Scope } from "@causeway/contract";
import type { Selectable } from "kysely";
import type { Db, Schema, Tx } from "../database/index.ts";

/** A line of the audit trail before it is written. */
export type NewAuditRecord = {
  readonly id: string;
  readonly actor: Actor;
  readonly action: string;
  readonly subject: string;
  readonly project: string;
  readonly environment: Scope["environment"] | null;
  readonly requestId: string | null;
  readonly data: Readonly<Record<string, Json>>;
};

/** Statements on the audit trail; lines are only ever added. */
export function auditStore(db: Db | Tx) {
  return {
    async insert(record: NewAuditRecord): Promise<void> {
      await db
        .insertInto("platform_audit")
        .values({
          id: record.id,
          actor: JSON.stringify(record.actor),
          action: record.action,
          subject: record.subject,
          project: record.project,
          environment: record.environment,
          request_id: record.requestId,
          data: JSON.stringify(record.data),
        })
        .execute();
    },

    /** Newest first; `after` is the id of the last line of the page before. */
    async list(filter: {
      scope: Scope;
      subject: string | undefined;
      after: string | undefined;
      limit: number;
    }): Promise<AuditRecord[]> {
      const rows = await db
        .selectFrom("platform_audit")
        .selectAll()
        .where("project", "=", filter.scope.project)
        .$if(filter.subject !== undefined, (query) => query.where("subject", "=", filter.subject ?? ""))
        .$if(filter.after !== undefined, (query) => query.where("id", "<", filter.after ?? ""))
        .orderBy("id", "desc")
        .limit(filter.limit)
        .execute();
      return rows.map(fromRow);
    },

    /** The changes that a request committed since a time, oldest first. */
    async listByRequest(requestId: string, since: Date): Promise<AuditRecord[]> {
      const rows = await db
        .selectFrom("platform_audit")
        .selectAll()
        .where("request_id", "=", requestId)
        .where("recorded_at", ">=", since)
        .orderBy("id")
        .limit(100)
        .execute();
      return rows.map(fromRow);
    },
  };
}

function fromRow(row: Selectable<Schema["platform_audit"]>): AuditRecord {
  return {
    id: row.id,
    recordedAt: row.recorded_at.toISOString(),
    actor: row.actor,
    action: row.action,
    subject: row.subject,
    project: row.project,
    environment: row.environment,
    requestId: row.request_id,
    data: row.data,
  };
}
