import type { Token } from "@causeway/contract";

/** How long a new token lives, in days. */
export const LIFETIMES = ["7", "30", "90", "365", "never"] as const;
export type Lifetime = (typeof LIFETIMES)[number];

const DAY_MS = 86_400_000;

/** When a token of this lifetime ends; null for never. */
export function expiryOf(lifetime: Lifetime, now: Date): string | null {
  return lifetime === "never" ? null : new Date(now.getTime() + Number(lifetime) * DAY_MS).toISOString();
}

/** Whether a token still opens anything. */
export function tokenState(
  { revokedAt, expiresAt }: Pick<Token, "revokedAt" | "expiresAt">,
  now: Date,
): "valid" | "expired" | "revoked" {
  if (revokedAt !== null) return "revoked";
  return expiresAt !== null && Date.parse(expiresAt) <= now.getTime() ? "expired" : "valid";
}
