import type { Actor, TimelineEntry } from "@causeway/contract";
import type { Db, Tx } from "../../platform/database/index.ts";

/** A line of a policy's story as it is stored. */
export type EntryRow = Omit<TimelineEntry, "recordedAt" | "occurredAt" | "actor"> & {
  readonly policy: string;
  readonly actor: Actor;
  readonly recordedAt: Date;
  readonly occurredAt: Date | null;
};

/** Statements on the story of a policy. */
export function entriesStore(db: Db | Tx) {
  return {
    async insert(entry: EntryRow): Promise<void> {
      await db
        .insertInto("retraining_entries")
        .values({
          id: entry.id,
          policy: entry.policy,
          cycle: entry.cycle,
          kind: entry.kind,
          text: entry.text,
          fact: entry.fact === undefined ? null : JSON.stringify(entry.fact),
          actor: JSON.stringify(entry.actor),
          links: JSON.stringify(entry.links),
          recorded_at: entry.recordedAt,
          occurred_at: entry.occurredAt,
        })
        .execute();
    },

    /** Newest first; `before` is the id of the last line of the page before. */
    async list(page: {
      policy: string;
      cycle: number | undefined;
      before: string | undefined;
      limit: number;
    }): Promise<EntryRow[]> {
      const rows = await db
        .selectFrom("retraining_entries")
        .selectAll()
        .where("policy", "=", page.policy)
        .$if(page.cycle !== undefined, (query) => query.where("cycle", "=", page.cycle ?? 0))
        .$if(page.before !== undefined, (query) => query.where("id", "<", page.before ?? ""))
        .orderBy("id", "desc")
        .limit(page.limit)
        .execute();
      return rows.map(({ recorded_at: recordedAt, occurred_at: occurredAt, fact, ...row }) => ({
        ...row,
        ...(fact === null ? {} : { fact }),
        recordedAt,
        occurredAt,
      }));
    },
  };
}
