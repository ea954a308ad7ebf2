import type { Actor, Project } from "@causeway/contract";
import type { Selectable } from "kysely";
import type { Db, Schema, Tx } from "../database/index.ts";

/** Statements on projects. */
export function projectsStore(db: Db | Tx) {
  return {
    /** Makes a project; undefined where there is one of that name. */
    async insert(name: string, createdBy: Actor): Promise<Project | undefined> {
      const row = await db
        .insertInto("platform_projects")
        .values({ name, created_by: JSON.stringify(createdBy) })
        .onConflict((conflict) => conflict.doNothing())
        .returningAll()
        .executeTakeFirst();
      return row === undefined ? undefined : fromRow(row);
    },

    async exists(name: string): Promise<boolean> {
      const row = await db
        .selectFrom("platform_projects")
        .select("name")
        .where("name", "=", name)
        .executeTakeFirst();
      return row !== undefined;
    },

    /** By name; `after` is the last name of the page before. */
    async list(after: string | undefined, limit: number): Promise<Project[]> {
      const rows = await db
        .selectFrom("platform_projects")
        .selectAll()
        .$if(after !== undefined, (query) => query.where("name", ">", after ?? ""))
        .orderBy("name")
        .limit(limit)
        .execute();
      return rows.map(fromRow);
    },
  };
}

function fromRow(row: Selectable<Schema["platform_projects"]>): Project {
  return { name: row.name, createdAt: row.created_at.toISOString(), createdBy: row.created_by };
}
