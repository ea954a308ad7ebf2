import { createHash } from "node:crypto";

/** What every API key begins with, so that a reader of a log or a leak scanner knows it. */
const PREFIX = "cwk_";

/** The text of a key from 32 random bytes. */
export function keyText(random: Buffer): string {
  return `${PREFIX}${random.toString("base64url")}`;
}

/** By what a key is known; its text is shown once and kept nowhere. */
export function keyDigest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
