import { setTimeout as pause } from "node:timers/promises";
import type { Db } from "../database/index.ts";
import type { createArtifactFolder } from "./artifact-folder.ts";
import { artifactJournalStore } from "./artifact-journal-store.ts";

/** How long small files are gathered before the disk is asked to keep them. */
const GATHER_MS = 3_000;
/** How often it is looked for what another program, which has ended, left to do. */
const LOOK_MS = 60_000;
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

  /** Settles now, and then whenever small files have come, until the signal ends it. */
  async function follow(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const woken = new Promise<void>((resolve) => {
        wake = resolve;
      });
      await settle(signal);
      await Promise.race([woken, pause(LOOK_MS, undefined, { signal, ref: false })]).catch(ended);
      await pause(GATHER_MS, undefined, { signal }).catch(ended);
    }
  }

  return {
    settle,
    follow,
    /** Says that there is something to settle soon. */
    expect: () => wake(),
  };
}

/** The wait ends early with the program. */
function ended(): void {}
