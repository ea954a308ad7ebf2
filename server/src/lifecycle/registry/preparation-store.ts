import { type GoldenRow, Preparation, READY, type Signature } from "@causeway/contract";
import type { Db, Tx } from "../../platform/database/index.ts";

/** A version, by its project, model and number. */
export type VersionKey = { readonly project: string; readonly model: string; readonly version: number };

/** Statements on how far versions are on their way to being served. */
export function preparationStore(db: Db | Tx) {
  return {
    /** The version's preparation, held until the transaction ends; undefined where there is no such version. */
    async lock(key: VersionKey): Promise<Preparation | undefined> {
      const row = await db
        .selectFrom("registry_versions")
        .select("preparation")
        .where("project", "=", key.project)
        .where("model", "=", key.model)
        .where("version", "=", key.version)
        .where("deleted_at", "is", null)
        .forUpdate()
        .executeTakeFirst();
      return row === undefined ? undefined : Preparation.parse(row.preparation ?? READY);
    },

    /** What preparation found. Golden rows, task and classes come with it: only a loaded model can tell them. */
    async put(
      key: VersionKey,
      preparation: Preparation,
      found: { readonly signature: Signature; readonly golden: readonly GoldenRow[] } | null = null,
    ): Promise<void> {
      await db
        .updateTable("registry_versions")
        .set({
          preparation: JSON.stringify(preparation),
          ...(found === null
            ? {}
            : { signature: JSON.stringify(found.signature), golden: JSON.stringify(found.golden) }),
        })
        .where("project", "=", key.project)
        .where("model", "=", key.model)
        .where("version", "=", key.version)
        .execute();
    },
  };
}
