import type { ImportSource } from "@causeway/contract";
import { sql } from "kysely";
import type { Db, Tx } from "../../../platform/database/index.ts";

/** What something elsewhere is here. */
export type StoredImport = { sourceId: string; target: string; complete: boolean };

/** Statements on what was taken over from other trackers. */
export function importsStore(db: Db | Tx) {
  return {
    /** The id that something has here: the one that was given to it before, else the wanted one while nobody has it, else the other. */
    async name(thing: {
      project: string;
      source: ImportSource;
      sourceId: string;
      wanted: string;
      otherwise: string;
    }): Promise<StoredImport> {
      const { project, source, sourceId, wanted, otherwise } = thing;
      const { rows } = await sql<StoredImport>`
        insert into experiments_imports (project, source, source_id, target)
        select ${project}, ${source}, ${sourceId}, case when
            exists (select from experiments_runs where id = ${wanted})
            or exists (select from experiments_models where id = ${wanted})
            or exists (select from experiments_imports where target = ${wanted})
          then ${otherwise} else ${wanted} end
        on conflict (project, source, source_id) do update set source = excluded.source
        returning source_id as "sourceId", target, complete_at is not null as "complete"`.execute(db);
      const [row] = rows;
      if (row === undefined) throw new Error("an insert that updates on conflict answers a row");
      return row;
    },

    find(project: string, source: ImportSource, sourceIds: readonly string[]): Promise<StoredImport[]> {
      if (sourceIds.length === 0) return Promise.resolve([]);
      return db
        .selectFrom("experiments_imports")
        .select(["source_id as sourceId", "target", sql<boolean>`complete_at is not null`.as("complete")])
        .where("project", "=", project)
        .where("source", "=", source)
        .where("source_id", "in", sourceIds)
        .execute();
    },

    findByTarget(project: string, target: string): Promise<StoredImport | undefined> {
      return db
        .selectFrom("experiments_imports")
        .select(["source_id as sourceId", "target", sql<boolean>`complete_at is not null`.as("complete")])
        .where("project", "=", project)
        .where("target", "=", target)
        .executeTakeFirst();
    },

    async complete(target: string, at: Date): Promise<void> {
      await db
        .updateTable("experiments_imports")
        .set({ complete_at: at })
        .where("target", "=", target)
        .execute();
    },

    /** Puts what other trackers know of a run in its place: when it ended, and whether it is deleted. */
    async endRun(key: number, endedAt: Date | null, deletedAt: Date | null): Promise<void> {
      await db
        .updateTable("experiments_runs")
        .set({ ended_at: endedAt, deleted_at: deletedAt })
        .where("key", "=", key)
        .execute();
    },
  };
}
