import type { Actor } from "@causeway/contract";
import { createNaming } from "../../../platform/artifacts/index.ts";
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

/** Names bytes as a part of an upload: its id and the part's number. */
export const PART_NAMING = createNaming({
  name: "part",
  values: 2,
  text: `insert into experiments_upload_parts (upload, number, digest, bytes)
    select $1::text, $2::integer, kept.digest, kept.bytes from kept
    on conflict (upload, number) do update set digest = excluded.digest, bytes = excluded.bytes
    returning number`,
});

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
