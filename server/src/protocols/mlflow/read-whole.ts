import type { Readable } from "node:stream";

/** Reads a body whole into memory: it is small, or refused before more of it is taken. */
export async function readWhole(body: Readable, largest: number, tooLarge: () => Error): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let size = 0;
  // A request without an encoding gives buffers.
  for await (const piece of body as AsyncIterable<Buffer>) {
    size += piece.length;
    if (size > largest) throw tooLarge();
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}
