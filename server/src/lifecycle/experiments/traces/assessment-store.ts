import type { Db, Tx } from "../../../platform/database/index.ts";
import type { Assessment } from "./trace.ts";

/** Statements on assessments. */
export function assessmentStore(db: Db | Tx) {
  return {
    async insert(project: string, { content, ...assessment }: Assessment): Promise<void> {
      await db
        .insertInto("experiments_assessments")
        .values({ project, ...assessment, content: JSON.stringify(content) })
        .execute();
    },

    /** Writes an assessment again that a client sends twice with its trace. */
    async upsert(project: string, { content, ...assessment }: Assessment): Promise<void> {
      const row = { ...assessment, content: JSON.stringify(content) };
      await db
        .insertInto("experiments_assessments")
        .values({ project, ...row })
        .onConflict((conflict) =>
          conflict
            .columns(["project", "id"])
            .doUpdateSet({ name: row.name, valid: row.valid, content: row.content }),
        )
        .execute();
    },

    find(project: string, trace: string, id: string): Promise<Assessment | undefined> {
      return db
        .selectFrom("experiments_assessments")
        .select(["id", "trace", "name", "valid", "content"])
        .where("project", "=", project)
        .where("trace", "=", trace)
        .where("id", "=", id)
        .executeTakeFirst();
    },

    /** The assessment, locked until the transaction's end. */
    lock(project: string, trace: string, id: string): Promise<Assessment | undefined> {
      return db
        .selectFrom("experiments_assessments")
        .select(["id", "trace", "name", "valid", "content"])
        .where("project", "=", project)
        .where("trace", "=", trace)
        .where("id", "=", id)
        .forUpdate()
        .executeTakeFirst();
    },

    async update(project: string, { id, name, content }: Assessment): Promise<void> {
      await db
        .updateTable("experiments_assessments")
        .set({ name, content: JSON.stringify(content) })
        .where("project", "=", project)
        .where("id", "=", id)
        .execute();
    },

    /** Says whether an assessment of the trace still counts; false where there is none. */
    async setValid(key: { project: string; trace: string; id: string }, valid: boolean): Promise<boolean> {
      const { numUpdatedRows } = await db
        .updateTable("experiments_assessments")
        .set({ valid })
        .where("project", "=", key.project)
        .where("trace", "=", key.trace)
        .where("id", "=", key.id)
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },

    async delete(project: string, trace: string, id: string): Promise<void> {
      await db
        .deleteFrom("experiments_assessments")
        .where("project", "=", project)
        .where("trace", "=", trace)
        .where("id", "=", id)
        .execute();
    },
  };
}
