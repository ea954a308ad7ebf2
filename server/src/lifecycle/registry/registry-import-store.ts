import type { RegistryStage } from "@causeway/contract";
import { sql } from "kysely";
import type { Db, Tx } from "../../platform/database/index.ts";

type VersionKey = { project: string; model: string; version: number };

/** Statements that give imported versions the numbers, times and stages that they have elsewhere. */
export function registryImportStore(db: Db | Tx) {
  return {
    /** Makes the next number of a model at least this one. */
    async raiseTo({ project, model, version }: VersionKey): Promise<void> {
      await db
        .updateTable("registry_models")
        .set({ versions: sql<number>`greatest(versions, ${version - 1})` })
        .where("project", "=", project)
        .where("name", "=", model)
        .execute();
    },

    async setPast(key: VersionKey, past: { createdAt: Date; registryStage: RegistryStage }): Promise<void> {
      await db
        .updateTable("registry_versions")
        .set({ created_at: past.createdAt, stage: past.registryStage })
        .where("project", "=", key.project)
        .where("model", "=", key.model)
        .where("version", "=", key.version)
        .execute();
    },
  };
}
