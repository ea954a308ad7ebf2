import type { ApiKey } from "@causeway/contract";
import type { Selectable } from "kysely";
import type { Db, Schema, Tx } from "../../platform/database/index.ts";
import type { DeploymentKey } from "./deployments-store.ts";

/** The digest of a key's text with the deployment that it opens. */
export type KeyDigest = DeploymentKey & { readonly sha256: string };

/** Statements on API keys; their texts are not among what is kept. */
export function keysStore(db: Db | Tx) {
  return {
    async insert(
      of: DeploymentKey,
      key: Omit<ApiKey, "deployment" | "revokedAt"> & { sha256: string },
    ): Promise<void> {
      await db
        .insertInto("deployments_keys")
        .values({
          id: key.id,
          project: of.project,
          environment: of.environment,
          deployment: of.name,
          name: key.name,
          sha256: key.sha256,
          created_at: key.createdAt,
          created_by: JSON.stringify(key.createdBy),
        })
        .execute();
    },

    /** Newest first; `after` is the id of the last key of the page before. */
    async list(of: DeploymentKey, page: { after: string | undefined; limit: number }): Promise<ApiKey[]> {
      const rows = await ofDeployment(db, of)
        .$if(page.after !== undefined, (query) => query.where("id", "<", page.after ?? ""))
        .orderBy("id", "desc")
        .limit(page.limit)
        .execute();
      return rows.map(keyOf);
    },

    async lock(of: DeploymentKey, id: string): Promise<ApiKey | undefined> {
      const row = await ofDeployment(db, of).where("id", "=", id).forUpdate().executeTakeFirst();
      return row === undefined ? undefined : keyOf(row);
    },

    async revoke(id: string, at: Date): Promise<void> {
      await db.updateTable("deployments_keys").set({ revoked_at: at }).where("id", "=", id).execute();
    },

    async revokeAll(of: DeploymentKey, at: Date): Promise<void> {
      await db
        .updateTable("deployments_keys")
        .set({ revoked_at: at })
        .where("project", "=", of.project)
        .where("environment", "=", of.environment)
        .where("deployment", "=", of.name)
        .where("revoked_at", "is", null)
        .execute();
    },

    /** Every key that opens something now. */
    async listDigests(): Promise<KeyDigest[]> {
      return db
        .selectFrom("deployments_keys")
        .select(["project", "environment", "deployment as name", "sha256"])
        .where("revoked_at", "is", null)
        .orderBy("id")
        .execute();
    },
  };
}

function ofDeployment(db: Db | Tx, of: DeploymentKey) {
  return db
    .selectFrom("deployments_keys")
    .selectAll()
    .where("project", "=", of.project)
    .where("environment", "=", of.environment)
    .where("deployment", "=", of.name);
}

function keyOf(row: Selectable<Schema["deployments_keys"]>): ApiKey {
  return {
    id: row.id,
    deployment: row.deployment,
    name: row.name,
    createdAt: row.created_at.toISOString(),
    createdBy: row.created_by,
    revokedAt: row.revoked_at?.toISOString() ?? null,
  };
}
