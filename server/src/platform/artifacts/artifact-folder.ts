import { createHash, randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import {
  access,
  chmod,
  type FileHandle,
  link,
  mkdir,
  open,
  readdir,
  rename,
  rm,
  stat,
} from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { type CausewayError, fail } from "@causeway/contract";
import { BLOCK_BYTES, createContentHash, isBlock } from "./artifact-blocks.ts";
import { writeStream } from "./write-stream.ts";

/** Bytes that are whole and hashed, in a file without their name; on the disk once they are placed. */
export type Incoming = {
  readonly file: string;
  readonly handle: FileHandle;
  readonly digest: string;
  readonly bytes: number;
  readonly blocks: Buffer | null;
  /** True: the file has another name beside this one. */
  readonly linked?: boolean;
};

const READ_ONLY = 0o444;
const PRIVATE = 0o700;
const READ_BYTES = 512 * 1024;

/**
 * Makes the operations on the files of the artifact store: `sha256/ab/abcd…`, each read-only and named by its content.
 * A file is complete once the database knows its digest; until then a killed writer may have left less under the name,
 * which the next writer of the same bytes replaces. The folder is created with the first write.
 */
export function createArtifactFolder(root: string) {
  const incoming = join(root, "incoming");
  const known = new Set<string>();

  /** Where the bytes of a digest are, if they are here. */
  const path = (digest: string): string => join(folderOf(digest), digest);
  const folderOf = (digest: string): string => join(root, "sha256", digest.slice(0, 2));

  /** Makes a folder on first sight, durably. */
  async function ensureFolder(folder: string): Promise<void> {
    if (known.has(folder)) return;
    const made = await mkdir(folder, { recursive: true, mode: PRIVATE });
    if (made !== undefined) {
      for (let child = folder; child.startsWith(root) && child !== root; child = join(child, ".."))
        await sync(join(child, ".."));
    }
    known.add(folder);
  }

  /** Takes a stream to a file without a name. Whatever ends it early, nothing stays. */
  async function receive(source: Readable, signal?: AbortSignal): Promise<Incoming> {
    const file = join(incoming, randomUUID());
    let handle: FileHandle | undefined;
    try {
      handle = await openNew(file);
      return { file, handle, ...(await writeStream(source, handle, signal)) };
    } catch (error) {
      source.destroy();
      await handle?.close();
      await rm(file, { force: true });
      throw explained(error, root);
    }
  }

  /** The folder may have been removed since it was made. */
  async function openNew(file: string): Promise<FileHandle> {
    await ensureFolder(incoming);
    try {
      return await open(file, "wx", READ_ONLY);
    } catch (error) {
      if (!hasCode(error, "ENOENT")) throw error;
      known.clear();
      await ensureFolder(incoming);
      return open(file, "wx", READ_ONLY);
    }
  }

  /** Takes a file over by a hard link; nobody may write to it any more. */
  async function adopt(source: string): Promise<Incoming> {
    const file = join(incoming, randomUUID());
    try {
      await ensureFolder(incoming);
      await link(source, file);
    } catch (error) {
      // Another file system, or one without hard links: the bytes are copied.
      if (hasCode(error, "EXDEV", "EPERM", "ENOTSUP")) return receive(createReadStream(source));
      throw explained(error, root);
    }
    let handle: FileHandle | undefined;
    try {
      await chmod(file, READ_ONLY);
      handle = await open(file, "r");
      return { file, handle, linked: true, ...(await hashFile(file)) };
    } catch (error) {
      await handle?.close();
      await rm(file, { force: true });
      throw explained(error, root);
    }
  }

  /** Gives received bytes their name, durably: file and folder are synced at once, so that one write of the disk does both. */
  async function place(received: Incoming): Promise<void> {
    const folder = folderOf(received.digest);
    try {
      await ensureFolder(folder);
      await rename(received.file, path(received.digest));
      await Promise.all([received.handle.sync(), sync(folder)]);
      await received.handle.close();
      // Two links of one file are not renamed over each other.
      if (received.linked) await rm(received.file, { force: true });
    } catch (error) {
      throw explained(error, root);
    }
  }

  async function discard(received: Incoming): Promise<void> {
    await received.handle.close().catch(() => undefined);
    await rm(received.file, { force: true });
  }

  const remove = (digest: string): Promise<void> => rm(path(digest), { force: true });

  /** The bytes of a digest. The last of them is held back until all are verified, so that no reader gets a wrong whole. */
  const read = (digest: string): Readable =>
    Readable.from(verifiedChunks(path(digest), digest), { objectMode: false });

  /** A range of a digest's bytes (`end` inclusive); every block that it touches is verified before a byte of it is given. */
  const readRange = (of: Blocked, range: { start: number; end: number }): Readable =>
    Readable.from(verifiedBlocks(path(of.digest), of, range), { objectMode: false });

  const has = (digest: string): Promise<boolean> => exists(path(digest));

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

  return { path, has, receive, adopt, place, discard, remove, read, readRange, verify, sweepIncoming };
}

/** An artifact whose blocks are known: a file of one block is its own. */
type Blocked = { readonly digest: string; readonly bytes: number; readonly blocks: Buffer };

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

async function* verifiedBlocks(
  file: string,
  { digest, bytes, blocks }: Blocked,
  { start, end }: { start: number; end: number },
): AsyncGenerator<Buffer, void> {
  const handle = await open(file, "r").catch((error: unknown) => {
    throw missing(error, digest);
  });
  try {
    for (let index = Math.floor(start / BLOCK_BYTES); index * BLOCK_BYTES <= end; index += 1) {
      const from = index * BLOCK_BYTES;
      const block = Buffer.allocUnsafeSlow(Math.min(BLOCK_BYTES, bytes - from));
      const { bytesRead } = await handle.read(block, 0, block.length, from);
      if (bytesRead !== block.length || !isBlock(blocks, index, block)) throw corrupt(digest);
      yield block.subarray(Math.max(0, start - from), Math.min(block.length, end - from + 1));
    }
  } finally {
    await handle.close();
  }
}

async function hashFile(file: string): Promise<{ digest: string; bytes: number; blocks: Buffer | null }> {
  const hash = createContentHash();
  for await (const chunk of createReadStream(file, { highWaterMark: READ_BYTES })) hash.update(chunk);
  return hash.end();
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
