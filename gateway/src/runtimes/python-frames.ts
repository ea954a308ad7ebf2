import type { Readable, Writable } from "node:stream";
import { exactNumber } from "./exact-number.ts";

/** A message between a gateway and a model's process: a JSON header, and numbers as they lie in memory. */
export type Frame = { readonly header: Readonly<Record<string, unknown>>; readonly body: Uint8Array };

/** Two unsigned 32-bit little-endian lengths stand before header and body. */
const LENGTHS_BYTES = 8;

/** Sends a frame; integers beyond 2^53 keep every digit. */
export function writeFrame(
  output: Writable,
  header: Readonly<Record<string, unknown>>,
  parts: readonly Uint8Array[] = [],
): void {
  const text = Buffer.from(JSON.stringify(header, exactly));
  const lengths = Buffer.alloc(LENGTHS_BYTES);
  lengths.writeUInt32LE(text.length, 0);
  lengths.writeUInt32LE(
    parts.reduce((sum, part) => sum + part.byteLength, 0),
    4,
  );
  output.write(Buffer.concat([lengths, text, ...parts]));
}

function exactly(_: string, value: unknown): unknown {
  return typeof value === "bigint" ? exactNumber(value) : value;
}

/** Gives every frame of a stream as it is complete; one that is cut off by the end of the stream is none. */
export function readFrames(input: Readable, onFrame: (frame: Frame) => void): void {
  let chunks: Buffer[] = [];
  let held = 0;
  let wanted = LENGTHS_BYTES;

  input.on("data", (chunk: Buffer) => {
    chunks.push(chunk);
    held += chunk.length;
    if (held < wanted) return;
    let bytes = chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
    for (;;) {
      wanted = LENGTHS_BYTES;
      if (bytes.length < wanted) break;
      const headerEnd = LENGTHS_BYTES + bytes.readUInt32LE(0);
      wanted = headerEnd + bytes.readUInt32LE(4);
      if (bytes.length < wanted) break;
      const header = JSON.parse(bytes.toString("utf8", LENGTHS_BYTES, headerEnd));
      onFrame({ header, body: bytes.subarray(headerEnd, wanted) });
      bytes = bytes.subarray(wanted);
    }
    chunks = bytes.length > 0 ? [bytes] : [];
    held = bytes.length;
  });
}
