import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

/** What the secrets of a kind begin with, so that a reader of a log or a leak scanner knows them. */
export const SECRET_PREFIXES = { admin: "cwa_", gateway: "cwg_", named: "cw_", step: "cws_" } as const;

const SECRET_BYTES = 32;

/** A new secret; only its digest is kept by the server. */
export function newSecret(kind: keyof typeof SECRET_PREFIXES): string {
  return SECRET_PREFIXES[kind] + randomBytes(SECRET_BYTES).toString("base64url");
}

/** A secret without a kind, for links and cookies. */
export const newCode = (): string => randomBytes(SECRET_BYTES).toString("base64url");

/** The digest by which a secret is looked up. Secrets are long and random, so that a plain digest does not give them away. */
export function digestSecret(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}

/** Tells whether a secret is the known one, without telling by its duration how much of it was right. */
export function secretMatcher(known: string): (given: string) => boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  const wanted = digest(known);
  return (given) => timingSafeEqual(digest(given), wanted);
}
