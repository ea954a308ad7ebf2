import type { Actor, RegistryStage, RegistryTags } from "@causeway/contract";
import { sql } from "kysely";
import type { Db, Tx } from "../../platform/database/index.ts";
import { type StoredAlias, type StoredVersion, versionOf } from "./registry-store.ts";

type ModelKey = { readonly project: string; readonly model: string };
type VersionKey = ModelKey & { readonly version: number };

/** What is said anew of a model or version; what is absent stays as it is. */
export type Said = {
  readonly description?: string | undefined;
  readonly tags?: RegistryTags | undefined;
  readonly removeTags?: readonly string[] | undefined;
};

/** Statements that change, rename and remove models and versions. */
export function registryChangesStore(db: Db | Tx) {
  return {
    /** False where the name is taken. */
    async insertModel(model: {
      project: string;
      name: string;
      description: string;
      tags: RegistryTags;
      createdAt: Date;
      createdBy: Actor;
    }): Promise<boolean> {
      const { numInsertedOrUpdatedRows } = await db
        .insertInto("registry_models")
        .values({
          project: model.project,
          name: model.name,
          description: model.description,
          tags: JSON.stringify(model.tags),
          versions: 0,
          created_at: model.createdAt,
          created_by: JSON.stringify(model.createdBy),
          updated_at: model.createdAt,
        })
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirst();
      return numInsertedOrUpdatedRows === 1n;
    },

    async updateModel({ project, model }: ModelKey, said: Said, at: Date): Promise<void> {
      await db
        .updateTable("registry_models")
        .set({
          updated_at: at,
          tags: changedTags(said),
          ...(said.description === undefined ? {} : { description: said.description }),
        })
        .where("project", "=", project)
        .where("name", "=", model)
        .execute();
    },

    async updateVersion(key: VersionKey, said: Said, at: Date): Promise<void> {
      await db
        .updateTable("registry_versions")
        .set({
          updated_at: at,
          tags: changedTags(said),
          ...(said.description === undefined ? {} : { description: said.description }),
        })
        .where("project", "=", key.project)
        .where("model", "=", key.model)
        .where("version", "=", key.version)
        .execute();
    },

    async setStage(key: VersionKey, stage: RegistryStage, at: Date): Promise<void> {
      await db
        .updateTable("registry_versions")
        .set({ stage, updated_at: at })
        .where("project", "=", key.project)
        .where("model", "=", key.model)
        .where("version", "=", key.version)
        .execute();
    },

    /** Archives the other versions of a stage; answers their numbers. */
    async archiveOthers(key: VersionKey, stage: RegistryStage, at: Date): Promise<number[]> {
      const rows = await db
        .updateTable("registry_versions")
        .set({ stage: "archived", updated_at: at })
        .where("project", "=", key.project)
        .where("model", "=", key.model)
        .where("version", "<>", key.version)
        .where("stage", "=", stage)
        .where("deleted_at", "is", null)
        .returning("version")
        .execute();
      return rows.map(({ version }) => version);
    },

    /** Which judged version a version repeats, said after it was made. */
    async setRefitOf(key: {
      project: string;
      model: string;
      version: number;
      refitOf: number;
    }): Promise<void> {
      await db
        .updateTable("registry_versions")
        .set({ refit_of: key.refitOf })
        .where("project", "=", key.project)
        .where("model", "=", key.model)
        .where("version", "=", key.version)
        .execute();
    },

    /** Every version of a model that is not deleted. */
    async listAll({ project, model }: ModelKey): Promise<StoredVersion[]> {
      const rows = await db
        .selectFrom("registry_versions")
        .selectAll()
        .where("project", "=", project)
        .where("model", "=", model)
        .where("deleted_at", "is", null)
        .orderBy("version")
        .execute();
      return rows.map(versionOf);
    },

    /** The aliases of a model, or of one version of it, that only a person moves. */
    async listProtected(
      key: ModelKey & { version?: number },
    ): Promise<Pick<StoredAlias, "alias" | "environment">[]> {
      return db
        .selectFrom("registry_aliases as alias")
        .innerJoin("registry_alias_rules as rule", (join) =>
          join
            .onRef("rule.project", "=", "alias.project")
            .onRef("rule.environment", "=", "alias.environment")
            .onRef("rule.model", "=", "alias.model")
            .onRef("rule.alias", "=", "alias.alias"),
        )
        .select(["alias.alias", "alias.environment"])
        .where("alias.project", "=", key.project)
        .where("alias.model", "=", key.model)
        .$if(key.version !== undefined, (query) => query.where("alias.version", "=", key.version ?? 0))
        .where(sql<string>`rule.rule ->> 'approval'`, "=", "person")
        .execute();
    },

    /** What is left of a deleted version is its number and what judged it. */
    async markDeleted(key: VersionKey, at: Date): Promise<void> {
      await db
        .updateTable("registry_versions")
        .set({ deleted_at: at, updated_at: at, tags: "{}", source: null, logged_model: null, run_link: null })
        .where("project", "=", key.project)
        .where("model", "=", key.model)
        .where("version", "=", key.version)
        .execute();
    },

    /** False where the new name is taken. Versions, aliases and gates follow by their references. */
    async rename({ project, model }: ModelKey, to: string, at: Date): Promise<boolean> {
      const taken = await db
        .selectFrom("registry_models")
        .select("name")
        .where("project", "=", project)
        .where("name", "=", to)
        .executeTakeFirst();
      if (taken !== undefined) return false;
      await db
        .updateTable("registry_models")
        .set({ name: to, updated_at: at })
        .where("project", "=", project)
        .where("name", "=", model)
        .execute();
      for (const table of ["registry_alias_rules", "registry_alias_changes"] as const) {
        await db
          .updateTable(table)
          .set({ model: to })
          .where("project", "=", project)
          .where("model", "=", model)
          .execute();
      }
      return true;
    },

    async deleteModel({ project, model }: ModelKey): Promise<void> {
      for (const table of [
        "registry_gates",
        "registry_alias_rules",
        "registry_alias_changes",
        "registry_aliases",
        "registry_versions",
      ] as const) {
        await db.deleteFrom(table).where("project", "=", project).where("model", "=", model).execute();
      }
      await db
        .deleteFrom("registry_models")
        .where("project", "=", project)
        .where("name", "=", model)
        .execute();
    },
  };
}

/** Sets and removes tags of a row in one expression, so that two who change different tags keep both. */
function changedTags({ tags = {}, removeTags = [] }: Said) {
  return sql<string>`(tags || ${JSON.stringify(tags)}::jsonb) - ${[...removeTags]}::text[]`;
}
