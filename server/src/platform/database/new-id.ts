import { randomUUIDv7 } from "node:crypto";
import { createUuidStamp } from "@causeway/contract";

/**
 * Makes UUIDv7 that sort in the order in which they were made. Node's own do so only from one millisecond to the next, and
 * events, pages and the audit trail are ordered by id.
 */
export function createNewId(random: () => string = randomUUIDv7): () => string {
  const stamp = createUuidStamp();
  return () => {
    const id = random();
    const time = Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
    return stamp(time) + id.slice(18);
  };
}
