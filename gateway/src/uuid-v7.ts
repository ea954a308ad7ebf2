import { randomFillSync } from "node:crypto";
import { createUuidStamp } from "@causeway/contract";

const POOL_BYTES = 4096;
const RANDOM_BYTES = 8;

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/** Makes UUIDv7 (RFC 9562): later ids sort after earlier ones, also within a millisecond. `now` gives milliseconds. */
export function createUuidV7(now: () => number): () => string {
  const pool = Buffer.alloc(POOL_BYTES);
  let used = POOL_BYTES;
  const stamp = createUuidStamp();

  return () => {
    if (used + RANDOM_BYTES > POOL_BYTES) {
      randomFillSync(pool);
      used = 0;
    }
    const at = used;
    used += RANDOM_BYTES;
    const hex = (offset: number) => HEX[pool[at + offset] ?? 0] ?? "00";
    const variant = HEX[((pool[at] ?? 0) & 0x3f) | 0x80] ?? "80";
    return `${stamp(now())}-${variant}${hex(1)}-${hex(2)}${hex(3)}${hex(4)}${hex(5)}${hex(6)}${hex(7)}`;
  };
}
