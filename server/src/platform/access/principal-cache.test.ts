import { describe, expect, it, vi } from "vitest";
import { ADMIN } from "./principal.ts";
import { createPrincipalCache } from "./principal-cache.ts";

function makeCache() {
  const clock = { ms: 0 };
  return { clock, ...createPrincipalCache({ now: () => new Date(clock.ms) }) };
}

describe("what is known of tokens", () => {
  it("is asked for once by many requests of one moment", async () => {
    const { find } = makeCache();
    const look = vi.fn(async () => ADMIN);
    const found = await Promise.all([find("a", look), find("a", look), find("a", look)]);
    expect(found).toEqual([ADMIN, ADMIN, ADMIN]);
    await find("a", look);
    expect(look).toHaveBeenCalledTimes(1);
  });

  it("is asked again after a second: another process may have ended the token", async () => {
    const { find, clock } = makeCache();
    await find("a", async () => ADMIN);
    clock.ms = 999;
    expect(await find("a", async () => undefined)).toBe(ADMIN);
    clock.ms = 1_000;
    expect(await find("a", async () => undefined)).toBeUndefined();
  });

  it("is forgotten at once when a token of this process ends", async () => {
    const { find, clear } = makeCache();
    await find("a", async () => ADMIN);
    clear();
    expect(await find("a", async () => undefined)).toBeUndefined();
  });

  it("is not kept of tokens that nobody holds, or that could not be looked up", async () => {
    const { find } = makeCache();
    expect(await find("a", async () => undefined)).toBeUndefined();
    expect(await find("a", async () => ADMIN)).toBe(ADMIN);
    const broken = find("b", () => Promise.reject(new Error("the database is away")));
    await expect(broken).rejects.toThrow("away");
    expect(await find("b", async () => ADMIN)).toBe(ADMIN);
  });

  it("does not grow without end", async () => {
    const { find } = makeCache();
    const look = vi.fn(async () => ADMIN);
    for (let index = 0; index < 1_001; index += 1) await find(`token ${index}`, look);
    await find("token 0", look);
    expect(look).toHaveBeenCalledTimes(1_002);
  });
});
