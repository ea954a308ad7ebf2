import type { FileHandle } from "node:fs/promises";
import { type Readable, Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createContentHash } from "./artifact-blocks.ts";

/** How much is gathered while the piece before is on its way to the file, in bytes. */
const WRITE_BYTES = 1024 * 1024;

/** Writes a stream to a new file and digests it; what comes while a piece is written goes with the next one. */
export async function writeStream(
  source: Readable,
  handle: FileHandle,
  signal?: AbortSignal,
): Promise<{ digest: string; bytes: number; blocks: Buffer | null }> {
  const hash = createContentHash();
  function take(pieces: Buffer[], done: (error?: Error) => void): void {
    for (const piece of pieces) hash.update(piece);
    writeAll(handle, pieces).then(() => done(), done);
  }
  const sink = new Writable({
    highWaterMark: WRITE_BYTES,
    write: (piece: Buffer, _encoding, done) => take([piece], done),
    writev: (gathered: { chunk: Buffer }[], done) =>
      take(
        gathered.map(({ chunk }) => chunk),
        done,
      ),
  });
  await pipeline(source, sink, ...(signal === undefined ? [] : [{ signal }]));
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
