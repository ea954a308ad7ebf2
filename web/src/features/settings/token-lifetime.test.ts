import { describe, expect, it } from "vitest";
import { expiryOf, tokenState } from "./token-lifetime.ts";

const now = new Date("2026-11-21T12:00:00.000Z");

describe("tokens", () => {
  it("end after their lifetime, or never", () => {
    expect(expiryOf("7", now)).toBe("2026-11-28T12:00:00.000Z");
    expect(expiryOf("never", now)).toBeNull();
  });

  it("are valid until they end or are revoked", () => {
    expect(tokenState({ revokedAt: null, expiresAt: null }, now)).toBe("valid");
    expect(tokenState({ revokedAt: null, expiresAt: "2026-11-21T12:00:00.000Z" }, now)).toBe("expired");
    expect(tokenState({ revokedAt: "2026-11-20T12:00:00.000Z", expiresAt: null }, now)).toBe("revoked");
  });
});
