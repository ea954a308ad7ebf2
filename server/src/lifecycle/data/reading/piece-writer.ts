import { closeSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";

/** Rows of one part at most. */
export const PART_ROWS = 1_000_000;

const BUFFER_BYTES = 4 * 1024 * 1024;
const LF = 10;

/** A file with the good rows of one part, as they stood, each ended by a line feed. */
export interface Piece {
  path: string;
  rows: number;
}

/** Copies good rows into files of one part each. */
export interface PieceWriter {
  /** Adds the bytes of one row, without its line end. */
  readonly add: (bytes: Uint8Array, start: number, end: number) => void;
  readonly close: () => Piece[];
}

/** Opens a writer of pieces in a folder. */
export function openPieceWriter(folder: string, partRows = PART_ROWS): PieceWriter {
  const pieces: Piece[] = [];
  const buffer = Buffer.allocUnsafe(BUFFER_BYTES);
  let used = 0;
  let file: number | undefined;
  let piece: Piece | undefined;

  function flush(): void {
    for (let at = 0; file !== undefined && at < used; ) at += writeSync(file, buffer, at, used - at);
    used = 0;
  }

  function finish(): void {
    flush();
    if (file !== undefined) closeSync(file);
    file = undefined;
    piece = undefined;
  }

  function begin(): Piece {
    const path = join(folder, `piece-${String(pieces.length).padStart(5, "0")}`);
    file = openSync(path, "w");
    const begun = { path, rows: 0 };
    pieces.push(begun);
    piece = begun;
    return begun;
  }

  return {
    add: (bytes, start, end) => {
      if (piece !== undefined && piece.rows === partRows) finish();
      const current = piece ?? begin();
      const length = end - start;
      if (used + length + 1 > BUFFER_BYTES) flush();
      if (length < 64)
        for (let at = start; at < end; at++) buffer[used++] = bytes[at] as number; // a short copy is cheaper than a call
      else {
        buffer.set(bytes.subarray(start, end), used);
        used += length;
      }
      buffer[used++] = LF;
      current.rows++;
    },
    close: () => {
      finish();
      return pieces;
    },
  };
}
