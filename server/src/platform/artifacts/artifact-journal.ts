import { setTimeout as pause } from "node:timers/promises";
import type { Db } from "../database/index.ts";
import type { createArtifactFolder } from "./artifact-folder.ts";
import { artifactJournalStore } from "./artifact-journal-store.ts";

/** How long small files are gathered before the disk is asked to keep them: by then the system has written most of them by itself. */
const GATHER_MS = 45_000;
/** So many files are not gathered any longer. */
const MOST_GATHERED = 5_000;
/** Most files of one commit. */
const BATCH = 200;

/**
 * Makes what turns small artifacts, whose bytes a commit keeps, into files that the disk keeps. After a loss of power the files
 * that the disk did not keep are made again.
 */
export function createArtifactJournal({
  db,
  folder,
}: {
  db: Db;
  folder: Pick<ReturnType<typeof createArtifactFolder>, "settle">;
}) {
  let gathered = 0;
  let wake: () => void = () => undefined;

  /** Settles everything that is there; answers how many files it were. */
  async function settle(signal?: AbortSignal): Promise<number> {
    for (let settled = 0; ; ) {
      signal?.throwIfAborted();
      const count = await settleBatch();
      settled += count;
      if (count < BATCH) return settled;
    }
  }

  function settleBatch(): Promise<number> {
    return db.transaction().execute(async (tx) => {
      const store = artifactJournalStore(tx);
      const files = await store.take(BATCH);
      if (files.length === 0) return 0;
      await folder.settle(files);
      await store.delete(files.map(({ digest }) => digest));
      return files.length;
    });
  }

  /** Settles now, and then again and again, until the signal ends it. */
  async function follow(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      gathered = 0;
      const full = new Promise<void>((resolve) => {
        wake = resolve;
      });
      await settle(signal);
      const done = new AbortController();
      const waited = pause(GATHER_MS, undefined, { signal: AbortSignal.any([signal, done.signal]) });
      await Promise.race([full, waited]).catch(() => undefined); // the signal ends the wait
      done.abort();
    }
  }

  /** Counts a small file that has come. */
  function expect(): void {
    gathered += 1;
    if (gathered >= MOST_GATHERED) wake();
  }

  return { settle, follow, expect };
}
