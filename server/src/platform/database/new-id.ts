import { randomUUIDv7 } from "node:crypto";

/** The counter that keeps ids of one millisecond in order (RFC 9562, section 6.2, method 1) has 12 bits. */
const MOST_IN_A_MILLISECOND = 0xfff;

/**
 * Makes UUIDv7 that sort in the order in which they were made. Node's own do so only from one millisecond to the next, and
 * events, pages and the audit trail are ordered by id.
 */
export function createNewId(random: () => string = randomUUIDv7): () => string {
  let last = 0;
  let counter = 0;
  return () => {
    const id = random();
    const time = Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
    if (time > last) {
      last = time;
      counter = 0;
    } else if (counter === MOST_IN_A_MILLISECOND) {
      last += 1;
      counter = 0;
    } else counter += 1;
    const stamp = last.toString(16).padStart(12, "0");
    return `${stamp.slice(0, 8)}-${stamp.slice(8)}-${(0x7000 | counter).toString(16)}${id.slice(18)}`;
  };
}
