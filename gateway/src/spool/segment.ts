import { type FileHandle, open, rename } from "node:fs/promises";
import { join } from "node:path";

const OPEN_END = ".jsonl";
export const CLOSED_END = ".closed.jsonl";

/** One file of the spool while it grows. */
export type Segment = {
  readonly openedAt: number;
  bytes(): number;
  /** Hands the lines to the kernel, whole or not at all: a torn write is cut off again before it throws. */
  append(lines: Buffer): Promise<void>;
  /** Puts what was appended on the disk; does nothing where nothing is new. */
  sync(): Promise<void>;
  /** Syncs, closes and renames the file, which tells readers that no line will follow. */
  close(): Promise<void>;
};

/** Starts a file named for its first id; only the owner may read it, because records are in it. */
export async function openSegment(folder: string, firstId: string, now: number): Promise<Segment> {
  const path = join(folder, `${firstId}${OPEN_END}`);
  const file = await open(path, "ax", 0o600);
  let bytes = 0;
  let synced = 0;
  let syncing: Promise<void> | undefined;

  async function sync(): Promise<void> {
    while (syncing) await syncing;
    if (synced === bytes) return;
    const upTo = bytes;
    syncing = file.datasync().finally(() => {
      syncing = undefined;
    });
    await syncing;
    synced = upTo;
  }

  return {
    openedAt: now,
    bytes: () => bytes,
    async append(lines) {
      try {
        await writeAll(file, lines);
      } catch (error) {
        await file.truncate(bytes);
        throw error;
      }
      bytes += lines.length;
    },
    sync,
    async close() {
      try {
        await sync();
      } finally {
        await file.close();
      }
      await rename(path, join(folder, `${firstId}${CLOSED_END}`));
    },
  };
}

async function writeAll(file: FileHandle, lines: Buffer): Promise<void> {
  let written = 0;
  while (written < lines.length) {
    const { bytesWritten } = await file.write(lines, written, lines.length - written, null);
    written += bytesWritten;
  }
}
