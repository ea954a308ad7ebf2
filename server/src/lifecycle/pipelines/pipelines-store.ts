import type { Actor, PipelineDefinition, Scope } from "@causeway/contract";
import type { Db, Tx } from "../../platform/database/index.ts";

/** A version as it is kept. */
export type VersionRow = {
  readonly id: string;
  readonly digest: string;
  readonly definition: PipelineDefinition;
  readonly createdAt: Date;
  readonly createdBy: Actor;
};

const VERSION_COLUMNS = [
  "pipelines_versions.id as id",
  "digest",
  "definition",
  "pipelines_versions.created_at as createdAt",
  "created_by as createdBy",
] as const;

/** Statements on pipelines and their versions. */
export function pipelinesStore(db: Db | Tx) {
  return {
    /** Makes the pipeline unless there is one of the name; either way its row is locked. */
    async lockOrInsert(pipeline: { id: string; scope: Scope; name: string }): Promise<{ id: string }> {
      return db
        .insertInto("pipelines_pipelines")
        .values({ id: pipeline.id, project: pipeline.scope.project, name: pipeline.name })
        .onConflict((conflict) => conflict.columns(["project", "name"]).doUpdateSet({ name: pipeline.name }))
        .returning("id")
        .executeTakeFirstOrThrow();
    },

    async find(
      scope: Scope,
      name: string,
    ): Promise<{ id: string; name: string; createdAt: Date } | undefined> {
      return db
        .selectFrom("pipelines_pipelines")
        .select(["id", "name", "created_at as createdAt"])
        .where("project", "=", scope.project)
        .where("name", "=", name)
        .executeTakeFirst();
    },

    async list(
      scope: Scope,
      { limit, after }: { limit: number; after: string | undefined },
    ): Promise<{ id: string; name: string; createdAt: Date }[]> {
      let query = db
        .selectFrom("pipelines_pipelines")
        .select(["id", "name", "created_at as createdAt"])
        .where("project", "=", scope.project)
        .orderBy("name")
        .limit(limit + 1);
      if (after !== undefined) query = query.where("name", ">", after);
      return query.execute();
    },

    /** Gives the pipeline's next run number; the row stays locked, so that numbers have no gaps. */
    async takeRunNumber(pipeline: string): Promise<number> {
      const row = await db
        .updateTable("pipelines_pipelines")
        .set((column) => ({ last_run: column("last_run", "+", 1) }))
        .where("id", "=", pipeline)
        .returning("last_run")
        .executeTakeFirstOrThrow();
      return row.last_run;
    },

    async insertVersion(version: VersionRow & { pipeline: string }): Promise<void> {
      await db
        .insertInto("pipelines_versions")
        .values({
          id: version.id,
          pipeline: version.pipeline,
          digest: version.digest,
          definition: JSON.stringify(version.definition),
          created_at: version.createdAt,
          created_by: JSON.stringify(version.createdBy),
        })
        .execute();
    },

    /** Versions whose digest starts with the prefix, newest first; at most two, which is enough to see that it is not one. */
    async findVersions(pipeline: string, prefix: string): Promise<VersionRow[]> {
      return db
        .selectFrom("pipelines_versions")
        .select(VERSION_COLUMNS)
        .where("pipeline", "=", pipeline)
        .where("digest", "like", `${prefix}%`)
        .orderBy("id", "desc")
        .limit(2)
        .execute();
    },

    async findLatestVersion(pipeline: string): Promise<VersionRow | undefined> {
      return db
        .selectFrom("pipelines_versions")
        .select(VERSION_COLUMNS)
        .where("pipeline", "=", pipeline)
        .orderBy("id", "desc")
        .limit(1)
        .executeTakeFirst();
    },

    async listVersions(
      pipeline: string,
      { limit, after }: { limit: number; after: string | undefined },
    ): Promise<VersionRow[]> {
      let query = db
        .selectFrom("pipelines_versions")
        .select(VERSION_COLUMNS)
        .where("pipeline", "=", pipeline)
        .orderBy("id", "desc")
        .limit(limit + 1);
      if (after !== undefined) query = query.where("id", "<", after);
      return query.execute();
    },
  };
}
