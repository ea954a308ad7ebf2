import { sql } from "kysely";
import type { Db, Tx } from "../database/index.ts";

/** What is known of a request that carried a key. `answer` is sealed. */
export type KeptRequest = {
  readonly requestSha256: string;
  readonly requestId: string;
  readonly answer: Buffer | null;
  readonly createdAt: Date;
  readonly isOld: boolean;
};

/** Statements on kept answers. */
export function idempotencyStore(db: Db | Tx) {
  return {
    /** Claims a key; false when somebody has it. */
    async claim(key: string, request: { requestSha256: string; requestId: string }): Promise<boolean> {
      const row = await db
        .insertInto("platform_idempotency_keys")
        .values({ key_sha256: key, request_sha256: request.requestSha256, request_id: request.requestId })
        .onConflict((conflict) => conflict.doNothing())
        .returning("key_sha256")
        .executeTakeFirst();
      return row !== undefined;
    },

    async find(key: string): Promise<KeptRequest | undefined> {
      const row = await db
        .selectFrom("platform_idempotency_keys")
        .selectAll()
        .select(sql<boolean>`created_at < clock_timestamp() - interval '24 hours'`.as("old"))
        .where("key_sha256", "=", key)
        .executeTakeFirst();
      if (row === undefined) return undefined;
      return {
        requestSha256: row.request_sha256,
        requestId: row.request_id,
        answer: row.answer,
        createdAt: row.created_at,
        isOld: row.old,
      };
    },

    async keepAnswer(key: string, requestId: string, answer: Buffer): Promise<void> {
      await db
        .updateTable("platform_idempotency_keys")
        .set({ answer, answered_at: sql<Date>`clock_timestamp()` })
        .where("key_sha256", "=", key)
        .where("request_id", "=", requestId)
        .execute();
    },

    /** Frees a key that this request holds. */
    async free(key: string, requestId: string): Promise<void> {
      await db
        .deleteFrom("platform_idempotency_keys")
        .where("key_sha256", "=", key)
        .where("request_id", "=", requestId)
        .execute();
    },

    async deleteOld(): Promise<void> {
      await db
        .deleteFrom("platform_idempotency_keys")
        .where("created_at", "<", sql<Date>`clock_timestamp() - interval '24 hours'`)
        .execute();
    },
  };
}
