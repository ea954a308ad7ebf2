import type { FileHandle } from "node:fs/promises";
import { type Readable, Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createContentHash } from "./artifact-blocks.ts";
import { createPassed } from "./collect-young.ts";

/** How much is gathered while the piece before is on its way to the file, in bytes. */
const WRITE_BYTES = 1024 * 1024;
/** How much the disk is given to keep at once while more comes, in bytes: what is left for the end is then little. */
const SYNC_BYTES = 16 * 1024 * 1024;

/** Writes a stream to a new file and digests it; what comes while a piece is written goes with the next one. */
export async function writeStream(
  source: Readable,
  handle: FileHandle,
  { head = [], signal }: { head?: readonly Buffer[]; signal?: AbortSignal | undefined } = {},
): Promise<{ digest: string; bytes: number; blocks: Buffer | null }> {
  const hash = createContentHash();
  const passed = createPassed();
  const sync = createEarlySync(handle);
  async function take(pieces: Buffer[]): Promise<void> {
    for (const piece of pieces) {
      hash.update(piece);
      passed(piece.length);
      sync.written(piece.length);
    }
    await writeAll(handle, pieces);
  }
  const sink = new Writable({
    highWaterMark: WRITE_BYTES,
    write: (piece: Buffer, _encoding, done) => {
      take([piece]).then(() => done(), done);
    },
    writev: (gathered: { chunk: Buffer }[], done) => {
      take(gathered.map(({ chunk }) => chunk)).then(() => done(), done);
    },
  });
  try {
    if (head.length > 0) await take([...head]);
    await pipeline(source, sink, ...(signal === undefined ? [] : [{ signal }]));
  } catch (error) {
    // Nobody closes a file while it is synced.
    await sync.settled().catch(() => undefined);
    throw error;
  }
  await sync.settled();
  return hash.end();
}

/** Has the disk keep what is written while more comes. The disk tells of a failure once: it is kept for the end. */
function createEarlySync(handle: FileHandle) {
  let waiting = 0;
  let syncing: Promise<unknown> = Promise.resolve();
  let isSyncing = false;

  function written(bytes: number): void {
    waiting += bytes;
    if (waiting < SYNC_BYTES || isSyncing) return;
    waiting = 0;
    isSyncing = true;
    syncing = syncing
      .then(() => handle.datasync())
      .finally(() => {
        isSyncing = false;
      });
    syncing.catch(() => undefined); // heard at the end
  }

  return { written, settled: () => syncing };
}

/** The system may take less than it is given. */
async function writeAll(handle: FileHandle, pieces: Buffer[]): Promise<void> {
  const [only] = pieces;
  if (only !== undefined && pieces.length === 1) return handle.writeFile(only);
  const total = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const { bytesWritten } = await handle.writev(pieces);
  if (bytesWritten < total) await handle.writeFile(Buffer.concat(pieces).subarray(bytesWritten));
}
