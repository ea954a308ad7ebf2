import { createHash, randomUUID } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { access, chmod, link, mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { type CausewayError, fail } from "@causeway/contract";

/** Bytes that are whole, hashed and on the disk, but not yet under their name. */
export type Incoming = { readonly file: string; readonly digest: string; readonly bytes: number };

const READ_ONLY = 0o444;
const PRIVATE = 0o700;
const READ_BYTES = 256 * 1024;

/**
 * Makes the operations on the files of the artifact store: `sha256/ab/abcd…`, each complete, read-only, named by its
 * content. The folder is created with the first write.
 */
export function createArtifactFolder(root: string) {
  const incoming = join(root, "incoming");

  /** Where the bytes of a digest are, if they are here. */
  const path = (digest: string): string => join(root, "sha256", digest.slice(0, 2), digest);

  /** Takes a stream to the disk. Whatever ends it early, nothing stays. */
  async function receive(source: Readable, signal?: AbortSignal): Promise<Incoming> {
    const file = join(incoming, randomUUID());
    const hash = createHash("sha256");
    let bytes = 0;
    const count = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        hash.update(chunk);
        bytes += chunk.length;
        done(null, chunk);
      },
    });
    try {
      await mkdir(incoming, { recursive: true, mode: PRIVATE });
      const sink = createWriteStream(file, { flags: "wx", mode: READ_ONLY, flush: true });
      await pipeline(source, count, sink, ...(signal === undefined ? [] : [{ signal }]));
      return { file, digest: hash.digest("hex"), bytes };
    } catch (error) {
      await rm(file, { force: true });
      throw explained(error, root);
    }
  }

  /** Takes a file over by a hard link; nobody may write to it any more. */
  async function adopt(source: string): Promise<Incoming> {
    const file = join(incoming, randomUUID());
    try {
      await mkdir(incoming, { recursive: true, mode: PRIVATE });
      await link(source, file);
    } catch (error) {
      // Another file system, or one without hard links: the bytes are copied.
      if (hasCode(error, "EXDEV", "EPERM", "ENOTSUP")) return receive(createReadStream(source));
      throw explained(error, root);
    }
    try {
      await chmod(file, READ_ONLY);
      await sync(file);
      const { digest, bytes } = await hashFile(file);
      return { file, digest, bytes };
    } catch (error) {
      await rm(file, { force: true });
      throw explained(error, root);
    }
  }

  /** Gives received bytes their name, durably; a file that is there already stays. */
  async function place(received: Incoming): Promise<void> {
    const target = path(received.digest);
    try {
      if (await exists(target)) {
        await rm(received.file, { force: true });
        return;
      }
      await mkdir(dirname(target), { recursive: true, mode: PRIVATE });
      await rename(received.file, target);
      await sync(dirname(target));
      await sync(dirname(dirname(target)));
    } catch (error) {
      throw explained(error, root);
    }
  }

  const discard = (received: Incoming): Promise<void> => rm(received.file, { force: true });

  const remove = (digest: string): Promise<void> => rm(path(digest), { force: true });

  /** The bytes of a digest. The last of them is held back until all are verified, so that no reader gets a wrong whole. */
  const read = (digest: string): Readable =>
    Readable.from(verifiedChunks(path(digest), digest), { objectMode: false });

  /** Reads a file through and compares; throws CORRUPT_ARTIFACT. */
  async function verify(digest: string): Promise<void> {
    const found = await hashFile(path(digest)).catch((error: unknown) => {
      throw missing(error, digest);
    });
    if (found.digest !== digest) throw corrupt(digest);
  }

  /** Removes what writers that were killed left behind. */
  async function sweepIncoming(olderThan: Date): Promise<number> {
    const names = await readdir(incoming).catch(() => []);
    let removed = 0;
    for (const name of names) {
      const file = join(incoming, name);
      const found = await stat(file).catch(() => undefined);
      if (found === undefined || found.ctime >= olderThan) continue;
      await rm(file, { force: true });
      removed += 1;
    }
    return removed;
  }

  return { path, receive, adopt, place, discard, remove, read, verify, sweepIncoming };
}

async function* verifiedChunks(file: string, digest: string): AsyncGenerator<Buffer, void> {
  const hash = createHash("sha256");
  let held: Buffer | undefined;
  try {
    for await (const chunk of createReadStream(file, { highWaterMark: READ_BYTES })) {
      hash.update(chunk);
      if (held !== undefined) yield held;
      held = chunk;
    }
  } catch (error) {
    throw missing(error, digest);
  }
  if (hash.digest("hex") !== digest) throw corrupt(digest);
  if (held !== undefined) yield held;
}

async function hashFile(file: string): Promise<{ digest: string; bytes: number }> {
  const hash = createHash("sha256");
  let bytes = 0;
  for await (const chunk of createReadStream(file, { highWaterMark: READ_BYTES })) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  return { digest: hash.digest("hex"), bytes };
}

async function sync(path: string): Promise<void> {
  const handle = await open(path, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

function corrupt(digest: string): CausewayError {
  return fail("CORRUPT_ARTIFACT", {
    message: `The stored bytes of ${digest} do not match their digest`,
    value: digest,
    help: "The disk changed them. Restore the file from a backup, or make the thing again.",
  });
}

function missing(error: unknown, digest: string): unknown {
  if (!hasCode(error, "ENOENT")) return error;
  return fail("CORRUPT_ARTIFACT", {
    message: `The stored bytes of ${digest} are gone`,
    value: digest,
    help: "Restore the file from a backup, or make the thing again.",
    cause: error,
  });
}

function explained(error: unknown, root: string): unknown {
  if (hasCode(error, "ENOSPC", "EDQUOT")) {
    return fail("DISK_FULL", {
      message: `The disk under ${root} is full`,
      value: root,
      help: "Free some space and try again; nothing of this was kept.",
      cause: error,
    });
  }
  return error;
}

function hasCode(error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && "code" in error && codes.includes(String(error.code));
}
