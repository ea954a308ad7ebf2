import { hash } from "node:crypto";
import { createReadStream } from "node:fs";
import type { Readable } from "node:stream";
import { fail } from "@causeway/contract";
import { type Ask, askDriver, askWithin, type Database, type Tx } from "../database/index.ts";
import { BLOCK_BYTES } from "./artifact-blocks.ts";
import { createArtifactFolder, type Incoming } from "./artifact-folder.ts";
import { createArtifactJournal } from "./artifact-journal.ts";
import { type ArtifactOwner, artifactsStore } from "./artifacts-store.ts";
import { type Naming, namingValues } from "./naming.ts";
import { readHead } from "./read-head.ts";

/** Content in the store. Until somebody retains it, it has a day. */
export type Artifact = { readonly digest: string; readonly bytes: number };

const SWEEP_BATCH = 500;
/** Largest file whose bytes a commit keeps until the disk has them, in bytes. */
const SMALL_BYTES = 64 * 1024;

/** Whose an artifact becomes, and how it is named in the same commit. */
export type Keeper = {
  readonly owner: ArtifactOwner;
  readonly naming: Naming;
  /** The naming's own values. */
  readonly values: readonly unknown[];
};

/** The content-addressed store. */
export type Artifacts = ReturnType<typeof createArtifacts>;

/** Makes the store over a folder of the data folder. Every file is complete, on the disk and read-only before it is named. */
export function createArtifacts({
  root,
  database: { db, keyed },
}: {
  root: string;
  database: Pick<Database, "db" | "keyed">;
}) {
  const folder = createArtifactFolder(root);
  const journal = createArtifactJournal({ db, folder });

  /** Stores a stream. When it ends early or the signal aborts, nothing stays behind. */
  async function write(source: Readable, options: { signal?: AbortSignal } = {}): Promise<Artifact> {
    return keep(await folder.receive(source, options));
  }

  /**
   * Stores a file's bytes. With `take`, the file itself becomes the artifact by a hard link where the file system can:
   * faster, for files that nobody writes to any more.
   */
  async function writeFile(file: string, options: { take?: boolean } = {}): Promise<Artifact> {
    return keep(
      options.take === true ? await folder.adopt(file) : await folder.receive(createReadStream(file)),
    );
  }

  async function keep(received: Incoming): Promise<Artifact> {
    await settle(received, (tx) => artifactsStore(tx).upsert(received));
    return { digest: received.digest, bytes: received.bytes };
  }

  /**
   * Places received bytes, then tells the database of them, so that no row ever names bytes that are not on the disk. `tell`
   * upserts their row, wherever else it names them.
   */
  async function settle<Result>(received: Incoming, tell: (tx: Tx) => Promise<Result>): Promise<Result> {
    let placed = false;
    try {
      await folder.place(received);
      placed = true;
      return await db.transaction().execute(async (tx) => {
        const told = await tell(tx);
        // The row is locked by now: a sweep that was about to remove the same bytes has ended, or waits and finds them needed.
        if (!(await folder.has(received.digest))) throw swept(received.digest);
        return told;
      });
    } catch (error) {
      // What has its name is told of, so that the sweep finds it.
      if (placed)
        await artifactsStore(db)
          .upsert(received)
          .catch(() => undefined);
      await folder.discard(received);
      throw error;
    }
  }

  /**
   * Stores a stream for an owner, in place of what the owner needed before, in one commit with its name. Until then nobody can
   * find the bytes. `named` is false where the naming had no place for it; then nothing has changed.
   */
  async function writeFor(
    source: Readable,
    { signal, allowed }: { signal?: AbortSignal; allowed?: Promise<unknown> },
    keeper: Keeper,
  ): Promise<Artifact & { named: boolean }> {
    const [taken, permitted] = await Promise.allSettled([take(source, signal), allowed]);
    if (taken.status === "rejected") {
      source.destroy();
      throw permitted.status === "rejected" ? permitted.reason : taken.reason;
    }
    if (permitted.status === "rejected") {
      if (!Buffer.isBuffer(taken.value)) await folder.discard(taken.value);
      throw permitted.reason;
    }
    return Buffer.isBuffer(taken.value) ? keepSmall(taken.value, keeper) : keepFile(taken.value, keeper);
  }

  /** Small content as it is, more in a file. */
  async function take(source: Readable, signal: AbortSignal | undefined): Promise<Buffer | Incoming> {
    const { pieces, ended } = await readHead(source, SMALL_BYTES, signal);
    return ended ? Buffer.concat(pieces) : folder.receive(source, { head: pieces, signal });
  }

  /** The commit keeps the bytes themselves: the file is there at once, and synced with others soon after. */
  async function keepSmall(content: Buffer, keeper: Keeper): Promise<Artifact & { named: boolean }> {
    const artifact = { digest: hash("sha256", content, "hex"), bytes: content.length };
    await folder.putSmall(artifact.digest, content);
    const named = await name(askDriver(keyed), keeper, { ...artifact, blocks: null, content });
    journal.expect();
    return { ...artifact, named };
  }

  async function keepFile(received: Incoming, keeper: Keeper): Promise<Artifact & { named: boolean }> {
    const { digest, bytes, blocks } = received;
    const named = await settle(received, (tx) =>
      name(askWithin(tx), keeper, { digest, bytes, blocks, content: null }),
    );
    return { digest, bytes, named };
  }

  /** Names bytes that are stored already, in the caller's transaction; throws NOT_FOUND, and answers false where there is no place. */
  async function nameStored(tx: Tx, artifact: Artifact, keeper: Keeper): Promise<boolean> {
    const [known] = await artifactsStore(tx).lockKnown([artifact.digest]);
    if (known === undefined) throw notFound(artifact.digest);
    return name(askWithin(tx), keeper, { ...artifact, blocks: null, content: null });
  }

  async function name(
    ask: Ask,
    { owner, naming, values }: Keeper,
    artifact: Artifact & { blocks: Buffer | null; content: Buffer | null },
  ): Promise<boolean> {
    const given = namingValues(values, { ...owner, ...artifact });
    const [row] = await ask<{ named: boolean }>(naming.statement, given);
    return row?.named === true;
  }

  /** A range of an artifact (`end` inclusive), each block verified before it is given. */
  async function readRange(digest: string, range: { start: number; end: number }): Promise<Readable> {
    const known = await artifactsStore(db).findBlocks(digest);
    if (known === undefined) throw notFound(digest);
    const { bytes, blocks } = known;
    if (blocks !== null || bytes <= BLOCK_BYTES) return folder.readRange({ digest, bytes, blocks }, range);
    // It came before its blocks were checked by themselves.
    await folder.verify(digest);
    return createReadStream(folder.path(digest), range);
  }

  /** How large an artifact is; throws NOT_FOUND. */
  async function stat(digest: string): Promise<Artifact> {
    const bytes = await artifactsStore(db).findBytes(digest);
    if (bytes === undefined) throw notFound(digest);
    return { digest, bytes };
  }

  /** Says in the caller's transaction that the owner needs the artifacts; they stay until `release`. */
  async function retain(tx: Tx, owner: ArtifactOwner, digests: readonly string[]): Promise<void> {
    const wanted = [...new Set(digests)];
    const known = new Set(await artifactsStore(tx).lockKnown(wanted));
    const absent = wanted.find((digest) => !known.has(digest));
    if (absent !== undefined) throw notFound(absent);
    await artifactsStore(tx).insertOwner(owner, wanted);
  }

  /** Ends an owner's need; what nobody else needs is removed a day later. */
  async function release(tx: Tx, owner: ArtifactOwner): Promise<void> {
    await artifactsStore(tx).deleteOwner(owner);
  }

  /** Ends the needs of many owners of a project. */
  async function releaseAll(tx: Tx, project: string, subjects: readonly string[]): Promise<void> {
    if (subjects.length > 0) await artifactsStore(tx).deleteOwners(project, subjects);
  }

  /** How many owners each of some digests has. */
  async function countOwners(digests: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const rows = await artifactsStore(db).countOwners(digests);
    return new Map(rows.map(({ digest, owners }) => [digest, owners]));
  }

  /** Removes what nobody has needed since a time, and what killed writers left. */
  async function sweep(olderThan: Date, signal?: AbortSignal): Promise<{ removed: number }> {
    let removed = await folder.sweepIncoming(olderThan);
    for (;;) {
      const stale = await artifactsStore(db).listUnowned(olderThan, SWEEP_BATCH);
      let taken = 0;
      for (const digest of stale) {
        signal?.throwIfAborted();
        if (await remove(digest, olderThan)) taken += 1;
      }
      removed += taken;
      if (taken === 0) return { removed };
    }
  }

  function remove(digest: string, olderThan: Date): Promise<boolean> {
    return db.transaction().execute(async (tx) => {
      const store = artifactsStore(tx);
      if (!(await store.lockStale(digest, olderThan))) return false;
      if (!(await store.deleteUnowned(digest))) return false;
      // Inside the transaction: whoever writes the same bytes now waits for its end, and finds the file gone.
      await folder.remove(digest);
      return true;
    });
  }

  return {
    write,
    writeFile,
    stat,
    retain,
    release,
    releaseAll,
    countOwners,
    sweep,
    /** The bytes, verified on the way; a mismatch ends the stream with CORRUPT_ARTIFACT before its last piece. */
    read: folder.read,
    readRange,
    writeFor,
    nameStored,
    /** Has the disk keep the small files that commits keep for now, again and again until the signal ends it. */
    followJournal: journal.follow,
    /** The file, for programs that need a path. Read-only; verify it where the bytes have not been read since they came. */
    path: folder.path,
    /** Reads a file through and throws CORRUPT_ARTIFACT where the bytes are not those of the digest. */
    verify: folder.verify,
  };
}

function swept(digest: string) {
  return fail("UNAVAILABLE", {
    message: `The bytes of ${digest} were swept away while they were written again`,
    value: digest,
    help: "Send them once more.",
  });
}

function notFound(digest: string) {
  return fail("NOT_FOUND", {
    message: `There is no artifact ${digest}`,
    field: "digest",
    value: digest,
    help: "Uploads that nothing uses are dropped after a day: upload the file again.",
  });
}
