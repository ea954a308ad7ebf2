import { sql } from "kysely";
import type { Db, Tx } from "../database/index.ts";

/** Whose need keeps an artifact: a REST path within its project. */
export type ArtifactOwner = { readonly project: string; readonly subject: string };

/** Statements on what the artifact folder holds and who needs it. */
export function artifactsStore(db: Db | Tx) {
  return {
    /** Locks the row until the transaction's end, so that a sweep cannot take the file meanwhile. */
    async upsert({
      digest,
      bytes,
      blocks,
    }: {
      digest: string;
      bytes: number;
      blocks: Buffer | null;
    }): Promise<void> {
      await db
        .insertInto("platform_artifacts")
        .values({ digest, bytes, blocks })
        .onConflict((conflict) =>
          conflict.column("digest").doUpdateSet((set) => ({
            touched_at: sql<Date>`clock_timestamp()`,
            blocks: set.ref("excluded.blocks"),
          })),
        )
        .execute();
    },

    findBlocks(digest: string): Promise<{ bytes: number; blocks: Buffer | null } | undefined> {
      return db
        .selectFrom("platform_artifacts")
        .select(["bytes", "blocks"])
        .where("digest", "=", digest)
        .executeTakeFirst();
    },

    async findBytes(digest: string): Promise<number | undefined> {
      const row = await db
        .selectFrom("platform_artifacts")
        .select("bytes")
        .where("digest", "=", digest)
        .executeTakeFirst();
      return row?.bytes;
    },

    /** Those of the digests that are here. */
    async listKnown(digests: readonly string[]): Promise<string[]> {
      if (digests.length === 0) return [];
      const rows = await db
        .selectFrom("platform_artifacts")
        .select("digest")
        .where("digest", "in", digests)
        .execute();
      return rows.map(({ digest }) => digest);
    },

    /** Locks the rows against a sweep until the transaction's end, and tells which are here. */
    async lockKnown(digests: readonly string[]): Promise<string[]> {
      if (digests.length === 0) return [];
      const rows = await db
        .selectFrom("platform_artifacts")
        .select("digest")
        .where("digest", "in", digests)
        .orderBy("digest")
        .forKeyShare()
        .execute();
      return rows.map(({ digest }) => digest);
    },

    async insertOwner(owner: ArtifactOwner, digests: readonly string[]): Promise<void> {
      if (digests.length === 0) return;
      await db
        .insertInto("platform_artifact_owners")
        .values(digests.map((digest) => ({ project: owner.project, owner: owner.subject, digest })))
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    },

    /** Ends an owner's need. What nobody needs any more keeps its day from now on. */
    async deleteOwner(owner: ArtifactOwner): Promise<void> {
      await sql`with released as (
          delete from platform_artifact_owners where project = ${owner.project} and owner = ${owner.subject}
          returning digest
        ) update platform_artifacts set touched_at = clock_timestamp()
          where digest in (select digest from released)`.execute(db);
    },

    /** Ends the needs of many owners of one project at once. */
    async deleteOwners(project: string, subjects: readonly string[]): Promise<void> {
      await sql`with released as (
          delete from platform_artifact_owners where project = ${project} and owner = any(${[...subjects]}::text[])
          returning digest
        ) update platform_artifacts set touched_at = clock_timestamp()
          where digest in (select digest from released)`.execute(db);
    },

    /** How many owners each of the digests has. */
    async countOwners(digests: readonly string[]): Promise<{ digest: string; owners: number }[]> {
      if (digests.length === 0) return [];
      return db
        .selectFrom("platform_artifact_owners")
        .select((select) => ["digest", select.fn.countAll<number>().as("owners")])
        .where("digest", "in", digests)
        .groupBy("digest")
        .execute();
    },

    async listUnowned(olderThan: Date, limit: number): Promise<string[]> {
      const rows = await db
        .selectFrom("platform_artifacts as artifact")
        .select("digest")
        .where("touched_at", "<", olderThan)
        .where((where) =>
          where.not(
            where.exists(
              where
                .selectFrom("platform_artifact_owners as owner")
                .select("owner.digest")
                .whereRef("owner.digest", "=", "artifact.digest"),
            ),
          ),
        )
        .orderBy("digest")
        .limit(limit)
        .execute();
      return rows.map(({ digest }) => digest);
    },

    /** Locks an artifact that a sweep may take; false when it was touched again or another transaction is at it. */
    async lockStale(digest: string, olderThan: Date): Promise<boolean> {
      const row = await db
        .selectFrom("platform_artifacts")
        .select("digest")
        .where("digest", "=", digest)
        .where("touched_at", "<", olderThan)
        .forUpdate()
        .skipLocked()
        .executeTakeFirst();
      return row !== undefined;
    },

    /** Removes the row unless somebody needs it by now. */
    async deleteUnowned(digest: string): Promise<boolean> {
      const { rows } = await sql<{ digest: string }>`delete from platform_artifacts as artifact
        where digest = ${digest}
          and not exists (select from platform_artifact_owners as owner where owner.digest = artifact.digest)
        returning digest`.execute(db);
      return rows.length > 0;
    },
  };
}
