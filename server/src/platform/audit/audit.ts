import type { AuditRecord, Json } from "@causeway/contract";
import type { Call } from "../access/call.ts";
import type { Db, Tx } from "../database/index.ts";
import { keysetPage, uuidCursor } from "../paging/index.ts";
import { auditStore } from "./audit-store.ts";

/** A change that is worth a line of its own. Changes with an event have theirs from `events.record`. */
export type Change = {
  /** What was done: an event type, or `<stage>.<noun>-<past verb>` for a change without an event. */
  readonly action: string;
  /** REST path of the thing. */
  readonly subject: string;
  readonly data?: Readonly<Record<string, Json>>;
};

/** The audit trail. */
export type Audit = ReturnType<typeof createAudit>;

/** Makes the audit trail; `record` must be given the transaction of the change. */
export function createAudit({ db, newId }: { db: Db; newId: () => string }) {
  async function record(tx: Tx, call: Call, change: Change): Promise<void> {
    await auditStore(tx).insert({
      id: newId(),
      actor: call.actor,
      action: change.action,
      subject: change.subject,
      project: call.scope.project,
      environment: call.scope.environment,
      requestId: call.requestId,
      data: change.data ?? {},
    });
  }

  async function list(
    input: { limit: number; after?: string | undefined; subject?: string | undefined },
    call: Call,
  ): Promise<{ items: AuditRecord[]; next: string | null }> {
    const rows = await auditStore(db).list({
      scope: call.scope,
      subject: input.subject,
      after: uuidCursor(input.after),
      limit: input.limit + 1,
    });
    return keysetPage(rows, input.limit, ({ id }) => id);
  }

  /** The changes that a request committed since a time, oldest first. */
  const listByRequest = (requestId: string, since: Date): Promise<AuditRecord[]> =>
    auditStore(db).listByRequest(requestId, since);

  return { record, list, listByRequest };
}
