import { createHash } from "node:crypto";

/** The seed of a gate's random draws, from what it judges: the same question gets the same answer on any machine. */
export function seedOf(digests: readonly string[]): number {
  return createHash("sha256").update(digests.join("\n")).digest().readUInt32LE(0);
}
