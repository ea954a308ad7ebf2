import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { type CausewayError, fail } from "@causeway/contract";
import { BLOCK_BYTES, type Checks, createContentHash, isBlock } from "./artifact-blocks.ts";
import { createPassed } from "./collect-young.ts";
import { hasCode } from "./disk-errors.ts";

const READ_BYTES = 512 * 1024;

/** An artifact whose blocks can be checked. */
export type Blocked = Checks & { readonly bytes: number };

/** The bytes of a file, the last of them only when all are those of the digest. */
export async function* verifiedChunks(file: string, digest: string): AsyncGenerator<Buffer, void> {
  const hash = createHash("sha256");
  const passed = createPassed();
  let held: Buffer | undefined;
  try {
    for await (const chunk of createReadStream(file, { highWaterMark: READ_BYTES })) {
      hash.update(chunk);
      passed(chunk.length);
      if (held !== undefined) yield held;
      held = chunk;
    }
  } catch (error) {
    throw missing(error, digest);
  }
  if (hash.digest("hex") !== digest) throw corrupt(digest);
  if (held !== undefined) yield held;
}

/** A range of a file (`end` inclusive), each block of it verified before a byte is given. */
export async function* verifiedBlocks(
  file: string,
  of: Blocked,
  { start, end }: { start: number; end: number },
): AsyncGenerator<Buffer, void> {
  const { digest, bytes } = of;
  const handle = await open(file, "r").catch((error: unknown) => {
    throw missing(error, digest);
  });
  try {
    for (let index = Math.floor(start / BLOCK_BYTES); index * BLOCK_BYTES <= end; index += 1) {
      const from = index * BLOCK_BYTES;
      const block = Buffer.allocUnsafeSlow(Math.min(BLOCK_BYTES, bytes - from));
      const { bytesRead } = await handle.read(block, 0, block.length, from);
      if (bytesRead !== block.length || !isBlock(of, index, block)) throw corrupt(digest);
      yield block.subarray(Math.max(0, start - from), Math.min(block.length, end - from + 1));
    }
  } finally {
    await handle.close();
  }
}

/** Digests a file as `createContentHash` does. */
export async function hashFile(
  file: string,
): Promise<{ digest: string; bytes: number; blocks: Buffer | null }> {
  const hash = createContentHash();
  for await (const chunk of createReadStream(file, { highWaterMark: READ_BYTES })) hash.update(chunk);
  return hash.end();
}

/** The error for bytes that are not those of their digest. */
export function corrupt(digest: string): CausewayError {
  return fail("CORRUPT_ARTIFACT", {
    message: `The stored bytes of ${digest} do not match their digest`,
    value: digest,
    help: "The disk changed them. Restore the file from a backup, or make the thing again.",
  });
}

/** The error for bytes that are gone; other errors as they are. */
export function missing(error: unknown, digest: string): unknown {
  if (!hasCode(error, "ENOENT")) return error;
  return fail("CORRUPT_ARTIFACT", {
    message: `The stored bytes of ${digest} are gone`,
    value: digest,
    help: "Restore the file from a backup, or make the thing again.",
    cause: error,
  });
}
