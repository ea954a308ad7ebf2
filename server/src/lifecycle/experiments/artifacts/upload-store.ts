import type { Actor } from "@causeway/contract";
import type { Db, Tx } from "../../../platform/database/index.ts";

/** An upload that is under way. */
export type StoredUpload = {
  readonly id: string;
  readonly project: string;
  readonly path: string;
  readonly parts: number;
};

/** A part that has come. */
export type StoredPart = { readonly number: number; readonly digest: string; readonly bytes: number };

/** Statements on uploads that come in parts. */
export function uploadStore(db: Db | Tx) {
  return {
    async insert(upload: StoredUpload & { createdBy: Actor }): Promise<void> {
      const { createdBy, ...rest } = upload;
      await db
        .insertInto("experiments_uploads")
        .values({ ...rest, created_by: JSON.stringify(createdBy) })
        .execute();
    },

    find(project: string, id: string): Promise<StoredUpload | undefined> {
      return db
        .selectFrom("experiments_uploads")
        .select(["id", "project", "path", "parts"])
        .where("id", "=", id)
        .where("project", "=", project)
        .executeTakeFirst();
    },

    async upsertPart(upload: string, part: StoredPart): Promise<void> {
      await db
        .insertInto("experiments_upload_parts")
        .values({ upload, ...part })
        .onConflict((conflict) =>
          conflict.columns(["upload", "number"]).doUpdateSet({ digest: part.digest, bytes: part.bytes }),
        )
        .execute();
    },

    listParts(upload: string): Promise<StoredPart[]> {
      return db
        .selectFrom("experiments_upload_parts")
        .select(["number", "digest", "bytes"])
        .where("upload", "=", upload)
        .orderBy("number")
        .execute();
    },

    async delete(id: string): Promise<void> {
      await db.deleteFrom("experiments_uploads").where("id", "=", id).execute();
    },

    listOlder(than: Date, limit: number): Promise<Pick<StoredUpload, "id" | "project" | "parts">[]> {
      return db
        .selectFrom("experiments_uploads")
        .select(["id", "project", "parts"])
        .where("created_at", "<", than)
        .orderBy("created_at")
        .limit(limit)
        .execute();
    },
  };
}
