import { createHash, type Hash } from "node:crypto";

/** Length of a block that is verified on its own, in bytes. */
export const BLOCK_BYTES = 1024 * 1024;

/** Length of the digest of a block, in bytes. */
const DIGEST_BYTES = 32;

/** Digests bytes as they come: as a whole, and each block on its own. */
export function createContentHash() {
  const whole = createHash("sha256");
  const blocks: Buffer[] = [];
  let block: Hash = createHash("sha256");
  let inBlock = 0;
  let bytes = 0;

  function update(chunk: Buffer): void {
    whole.update(chunk);
    bytes += chunk.length;
    for (let at = 0; at < chunk.length; ) {
      const part = chunk.subarray(at, at + BLOCK_BYTES - inBlock);
      block.update(part);
      inBlock += part.length;
      at += part.length;
      if (inBlock < BLOCK_BYTES) continue;
      blocks.push(block.digest());
      block = createHash("sha256");
      inBlock = 0;
    }
  }

  /** The digest of everything; the digests of the blocks one after the other, null where there is one block only. */
  function end(): { digest: string; bytes: number; blocks: Buffer | null } {
    if (inBlock > 0) blocks.push(block.digest());
    return {
      digest: whole.digest("hex"),
      bytes,
      blocks: blocks.length > 1 ? Buffer.concat(blocks) : null,
    };
  }

  return { update, end };
}

/** Whether the bytes are those of block `index`. */
export function isBlock(blocks: Buffer, index: number, content: Buffer): boolean {
  const expected = blocks.subarray(index * DIGEST_BYTES, (index + 1) * DIGEST_BYTES);
  return createHash("sha256").update(content).digest().equals(expected);
}
