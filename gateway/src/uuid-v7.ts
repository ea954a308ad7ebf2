import { randomFillSync } from "node:crypto";

const POOL_BYTES = 4096;
const RANDOM_BYTES = 8;
/** rand_a of RFC 9562, section 6.2, method 1: a counter that keeps ids of one millisecond in order. */
const MOST_IN_A_MILLISECOND = 0xfff;

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/** Makes UUIDv7 (RFC 9562): later ids sort after earlier ones, also within a millisecond. `now` gives milliseconds. */
export function createUuidV7(now: () => number): () => string {
  const pool = Buffer.alloc(POOL_BYTES);
  let used = POOL_BYTES;
  let last = 0;
  let counter = 0;

  return () => {
    if (used + RANDOM_BYTES > POOL_BYTES) {
      randomFillSync(pool);
      used = 0;
    }
    const time = now();
    if (time > last) {
      last = time;
      counter = 0;
    } else if (counter === MOST_IN_A_MILLISECOND) {
      last += 1;
      counter = 0;
    } else counter += 1;
    const at = used;
    used += RANDOM_BYTES;
    const hex = (offset: number) => HEX[pool[at + offset] ?? 0] ?? "00";
    const variant = HEX[((pool[at] ?? 0) & 0x3f) | 0x80] ?? "80";
    const stamp = last.toString(16).padStart(12, "0");
    const sequence = (0x7000 | counter).toString(16);
    return `${stamp.slice(0, 8)}-${stamp.slice(8)}-${sequence}-${variant}${hex(1)}-${hex(2)}${hex(3)}${hex(4)}${hex(5)}${hex(6)}${hex(7)}`;
  };
}
