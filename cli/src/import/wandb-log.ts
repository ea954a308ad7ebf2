import { open } from "node:fs/promises";
import { crc32 } from "node:zlib";

/** The log is LevelDB's: blocks of 32 KiB, each record in one or more pieces with a checksum, behind a header of 7 bytes. */
const BLOCK_BYTES = 32 * 1024;
const HEADER = Buffer.from([0x3a, 0x57, 0x26, 0x42, 0xe1, 0xbe]); // ":W&B" and the magic number 0xBEE1
const FILE_HEADER_BYTES = 7;
const PIECE_HEADER_BYTES = 7;
const PIECE = { full: 1, first: 2, middle: 3, last: 4 };

/** Why a log cannot be read further. */
export class BrokenLog extends Error {}

/** The records of a `.wandb` file, in order. A file that was cut off ends with BrokenLog after its last whole record. */
export async function* readWandbLog(path: string): AsyncIterable<Buffer> {
  const file = await open(path);
  try {
    const block = Buffer.alloc(BLOCK_BYTES);
    let pieces: Buffer[] = [];
    for (let position = 0; ; position += BLOCK_BYTES) {
      const { bytesRead } = await file.read(block, 0, BLOCK_BYTES, position);
      if (bytesRead === 0) break;
      let at = position === 0 ? checkHeader(block.subarray(0, bytesRead), path) : 0;
      while (bytesRead - at >= PIECE_HEADER_BYTES) {
        const bytes = block.readUInt16LE(at + 4);
        const kind = block[at + 6] ?? 0;
        // What is left of a block after its last piece is zeros.
        if (kind === 0 && bytes === 0) break;
        const end = at + PIECE_HEADER_BYTES + bytes;
        if (end > bytesRead) throw new BrokenLog(`${path} ends in the middle of a record`);
        const data = block.subarray(at + PIECE_HEADER_BYTES, end);
        if (crc32(data, crc32(block.subarray(at + 6, at + 7))) !== block.readUInt32LE(at))
          throw new BrokenLog(`${path} has a record whose checksum is wrong at byte ${position + at}`);
        pieces.push(Buffer.from(data));
        if (kind === PIECE.full || kind === PIECE.last) {
          yield pieces.length === 1 ? (pieces[0] ?? Buffer.alloc(0)) : Buffer.concat(pieces);
          pieces = [];
        }
        at = end;
      }
      if (bytesRead < BLOCK_BYTES) break;
    }
    if (pieces.length > 0) throw new BrokenLog(`${path} ends in the middle of a record`);
  } finally {
    await file.close();
  }
}

function checkHeader(block: Buffer, path: string): number {
  if (block.subarray(0, HEADER.length).equals(HEADER)) return FILE_HEADER_BYTES;
  throw new BrokenLog(`${path} is no log of Weights & Biases`);
}
