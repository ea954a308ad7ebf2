import { createWriteStream } from "node:fs";
import { pipeline } from "node:stream/promises";

/** Writes a download to a file. */
export async function saveStream(stream: ReadableStream<Uint8Array>, file: string): Promise<void> {
  await pipeline(stream, createWriteStream(file));
}
