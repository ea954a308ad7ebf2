import type { FileHandle } from "node:fs/promises";
import type { Readable } from "node:stream";
import { createContentHash } from "./artifact-blocks.ts";

/** How much is gathered before it is written, in bytes. */
const WRITE_BYTES = 1024 * 1024;

/** Writes a stream to a new file and digests it; the next piece is taken while the one before is on its way to the file. */
export async function writeStream(
  source: Readable,
  handle: FileHandle,
  signal?: AbortSignal,
): Promise<{ digest: string; bytes: number; blocks: Buffer | null }> {
  const hash = createContentHash();
  let gathered: Buffer[] = [];
  let size = 0;
  let writing: Promise<unknown> = Promise.resolve();

  async function flush(): Promise<void> {
    const pieces = gathered;
    gathered = [];
    size = 0;
    await writing;
    writing = writeAll(handle, pieces);
    // Whoever waits for it hears of a failure; until then it must not end the process.
    writing.catch(() => undefined);
  }

  try {
    for await (const chunk of source) {
      signal?.throwIfAborted();
      // What a caller streams may be text.
      const piece = typeof chunk === "string" ? Buffer.from(chunk) : (chunk as Buffer);
      hash.update(piece);
      gathered.push(piece);
      size += piece.length;
      if (size >= WRITE_BYTES) await flush();
    }
    signal?.throwIfAborted();
    if (size > 0) await flush();
  } finally {
    await writing;
  }
  return hash.end();
}

/** The system may take less than it is given. */
async function writeAll(handle: FileHandle, pieces: Buffer[]): Promise<void> {
  const [only] = pieces;
  if (only !== undefined && pieces.length === 1) return handle.writeFile(only);
  const total = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const { bytesWritten } = await handle.writev(pieces);
  if (bytesWritten < total) await handle.writeFile(Buffer.concat(pieces).subarray(bytesWritten));
}
