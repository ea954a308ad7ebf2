import type { Tx } from "../database/index.ts";

/** Statements on small artifacts that the disk may not have yet. */
export function artifactJournalStore(tx: Tx) {
  return {
    /** Some of them, locked against whoever settles or sweeps at the same time. */
    take(limit: number): Promise<{ digest: string; content: Buffer }[]> {
      return tx
        .selectFrom("platform_artifact_journal")
        .select(["digest", "content"])
        .orderBy("digest")
        .limit(limit)
        .forUpdate()
        .skipLocked()
        .execute();
    },

    async delete(digests: readonly string[]): Promise<void> {
      await tx.deleteFrom("platform_artifact_journal").where("digest", "in", digests).execute();
    },
  };
}
