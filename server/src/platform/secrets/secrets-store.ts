import type { Environment } from "@causeway/contract";
import type { Db, Tx } from "../database/index.ts";

/** What names a secret; environment null is shared by the environments of the project. */
export type SecretKey = {
  readonly project: string;
  readonly environment: Environment | null;
  readonly name: string;
};

/** Statements on sealed secrets. */
export function secretsStore(db: Db | Tx) {
  return {
    async put(key: SecretKey, content: { keyId: string; sealed: Buffer }): Promise<void> {
      const { keyId: key_id, sealed } = content;
      await db
        .insertInto("platform_secrets")
        .values({ ...key, key_id, sealed })
        .onConflict((conflict) =>
          conflict.columns(["project", "environment", "name"]).doUpdateSet({ key_id, sealed }),
        )
        .execute();
    },

    async find(key: SecretKey): Promise<{ keyId: string; sealed: Buffer } | undefined> {
      const row = await db
        .selectFrom("platform_secrets")
        .select(["key_id", "sealed"])
        .where("project", "=", key.project)
        .where("environment", "is not distinct from", key.environment)
        .where("name", "=", key.name)
        .executeTakeFirst();
      return row === undefined ? undefined : { keyId: row.key_id, sealed: row.sealed };
    },

    async remove(key: SecretKey): Promise<void> {
      await db
        .deleteFrom("platform_secrets")
        .where("project", "=", key.project)
        .where("environment", "is not distinct from", key.environment)
        .where("name", "=", key.name)
        .execute();
    },
  };
}
