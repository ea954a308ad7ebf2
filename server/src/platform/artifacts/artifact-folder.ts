import { randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import {
  access,
  chmod,
  type FileHandle,
  link,
  mkdir,
  open,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  writeFile,
} from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { Readable } from "node:stream";
import { explained, hasCode } from "./disk-errors.ts";
import {
  type Blocked,
  corrupt,
  hashFile,
  missing,
  verifiedBlocks,
  verifiedChunks,
} from "./verified-stream.ts";
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
/** The disk joins what it is asked to keep at one moment. */
const SYNCS_AT_ONCE = 4;

/**
 * Makes the operations on the files of the artifact store: `sha256/ab/abcd…`, each read-only and named by its content.
 * A file is complete once the database knows its digest; until then a killed writer may have left less under the name,
 * which the next writer of the same bytes replaces. The folder is created with the first write.
 */
export function createArtifactFolder(root: string) {
  const incoming = join(root, "incoming");
  const known = new Set<string>();
  const made = new Set<string>();

  /** Where the bytes of a digest are, if they are here. */
  const path = (digest: string): string => join(folderOf(digest), digest);
  const folderOf = (digest: string): string => join(root, "sha256", digest.slice(0, 2));

  /** Makes a folder on first sight, durably: another program may have made it, and left it to the disk. */
  async function ensureFolder(folder: string): Promise<void> {
    if (known.has(folder)) return;
    await makeFolder(folder);
    for (const parent of parentsOf(folder)) await sync(parent);
    known.add(folder);
  }

  /** Makes a folder that the disk keeps when it likes. */
  async function makeFolder(folder: string): Promise<void> {
    if (made.has(folder)) return;
    await mkdir(folder, { recursive: true, mode: PRIVATE });
    made.add(folder);
  }

  /** The folders from the root down to the one that a folder is in. */
  function parentsOf(folder: string): string[] {
    const steps = relative(root, folder).split(sep);
    return steps.map((_, index) => join(root, ...steps.slice(0, index)));
  }

  /** Takes a stream to a file without a name, behind what was read of it already. Whatever ends it early, nothing stays. */
  async function receive(
    source: Readable,
    options: { head?: readonly Buffer[]; signal?: AbortSignal | undefined } = {},
  ): Promise<Incoming> {
    const file = join(incoming, randomUUID());
    let handle: FileHandle | undefined;
    try {
      handle = await openNew(file);
      return { file, handle, ...(await writeStream(source, handle, options)) };
    } catch (error) {
      source.destroy();
      await handle?.close();
      await rm(file, { force: true });
      throw explained(error, root);
    }
  }

  const openNew = (file: string): Promise<FileHandle> =>
    inFolder(incoming, ensureFolder, () => open(file, "wx", READ_ONLY));

  /** Does something in a folder, which may have been removed since it was made. */
  async function inFolder<Result>(
    folder: string,
    ensure: (folder: string) => Promise<void>,
    work: () => Promise<Result>,
  ): Promise<Result> {
    await ensure(folder);
    try {
      return await work();
    } catch (error) {
      if (!hasCode(error, "ENOENT")) throw error;
      known.clear();
      made.clear();
      await ensure(folder);
      return work();
    }
  }

  /** Gives small content its file, which the disk keeps when it likes: somebody else must keep the bytes until `settle`. */
  async function putSmall(digest: string, content: Buffer): Promise<void> {
    try {
      await inFolder(folderOf(digest), makeFolder, () =>
        writeFile(path(digest), content, { flag: "wx", mode: READ_ONLY }),
      );
    } catch (error) {
      if (!hasCode(error, "EEXIST")) throw explained(error, root);
      await mend(digest, content);
    }
  }

  /** Makes a file what it must be, where it is not: whole under its name at every moment. */
  async function mend(digest: string, content: Buffer): Promise<void> {
    const found = await readFile(path(digest)).catch(() => undefined);
    if (found?.equals(content) === true) return;
    const file = join(incoming, randomUUID());
    try {
      await inFolder(incoming, makeFolder, () => writeFile(file, content, { flag: "wx", mode: READ_ONLY }));
      await inFolder(folderOf(digest), makeFolder, () => rename(file, path(digest)));
    } catch (error) {
      await rm(file, { force: true });
      throw explained(error, root);
    }
  }

  /** Has the disk keep small files, which are made again where they are not what they must be. */
  async function settle(files: readonly { digest: string; content: Buffer }[]): Promise<void> {
    await forEachOf(files, SYNCS_AT_ONCE, async ({ digest, content }) => {
      if (await syncIfWhole(path(digest), content)) return;
      await mend(digest, content);
      await sync(path(digest));
    });
    const folders = [...new Set(files.map(({ digest }) => folderOf(digest)))];
    await forEachOf(folders, SYNCS_AT_ONCE, async (folder) => {
      await ensureFolder(folder);
      await sync(folder);
    });
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

  return {
    path,
    has,
    receive,
    adopt,
    putSmall,
    settle,
    place,
    discard,
    remove,
    read,
    readRange,
    verify,
    sweepIncoming,
  };
}

/** Does something for each of a list, some at once; the first failure ends it. */
async function forEachOf<Item>(
  items: readonly Item[],
  lanes: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const left = items.values();
  const run = async () => {
    for (const item of left) await work(item);
  };
  await Promise.all(Array.from({ length: lanes }, run));
}

/** Has the disk keep a file that holds what it must; false where it does not. */
async function syncIfWhole(file: string, content: Buffer): Promise<boolean> {
  const handle = await open(file, "r").catch(() => undefined);
  if (handle === undefined) return false;
  try {
    // One byte more, to see where the file is longer.
    const found = Buffer.allocUnsafe(content.length + 1);
    const { bytesRead } = await handle.read(found, 0, found.length, 0);
    if (!found.subarray(0, bytesRead).equals(content)) return false;
    await handle.sync();
    return true;
  } finally {
    await handle.close();
  }
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
