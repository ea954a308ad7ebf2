import { createHash, hash } from "node:crypto";
import { crc32 } from "node:zlib";

/** Length of a block that is verified on its own, in bytes. */
export const BLOCK_BYTES = 1024 * 1024;

/** Length of the check of a block, in bytes. */
const CHECK_BYTES = 4;

/** What tells whether bytes are those of a digest: the CRC-32 of each block, one after the other; null where there is one block only. */
export type Checks = { readonly digest: string; readonly blocks: Buffer | null };

/**
 * Digests bytes as they come, and checks each block on its own. A block is checked by CRC-32, for a fifth of the cost of a second
 * digest: it is to find what a disk has changed, while the digest of the whole says whose bytes they are.
 */
export function createContentHash() {
  const whole = createHash("sha256");
  const checks: number[] = [];
  let block = 0;
  let inBlock = 0;
  let bytes = 0;

  function update(chunk: Buffer): void {
    whole.update(chunk);
    bytes += chunk.length;
    for (let at = 0; at < chunk.length; ) {
      const part = chunk.subarray(at, at + BLOCK_BYTES - inBlock);
      block = crc32(part, block);
      inBlock += part.length;
      at += part.length;
      if (inBlock === BLOCK_BYTES) endBlock();
    }
  }

  function endBlock(): void {
    checks.push(block);
    block = 0;
    inBlock = 0;
  }

  function end(): Checks & { readonly bytes: number } {
    if (inBlock > 0) endBlock();
    return { digest: whole.digest("hex"), bytes, blocks: checks.length > 1 ? packed(checks) : null };
  }

  return { update, end };
}

/** Whether the bytes are those of block `index`. The only block of a small file has the file's own digest. */
export function isBlock({ digest, blocks }: Checks, index: number, content: Buffer): boolean {
  if (blocks === null) return index === 0 && hash("sha256", content, "hex") === digest;
  const at = index * CHECK_BYTES;
  return at + CHECK_BYTES <= blocks.length && crc32(content) === blocks.readUInt32BE(at);
}

function packed(checks: readonly number[]): Buffer {
  const blocks = Buffer.alloc(checks.length * CHECK_BYTES);
  checks.forEach((check, index) => {
    blocks.writeUInt32BE(check, index * CHECK_BYTES);
  });
  return blocks;
}
