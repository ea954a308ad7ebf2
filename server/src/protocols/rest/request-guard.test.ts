import { describe, expect, it } from "vitest";
import { checkCookieUse, checkOrigin } from "./request-guard.ts";

const code = (host: string | undefined, origin?: string) =>
  checkOrigin({ host, origin, fetchSite: undefined }, ["ml.example"])?.code;

describe("Host and Origin", () => {
  it.each([
    ["127.0.0.1:7420"],
    ["localhost"],
    ["LOCALHOST:80"],
    ["[::1]:7420"],
    ["ml.example"],
    ["ml.example:8443"],
  ])("takes the host %s", (host) => {
    expect(code(host)).toBeUndefined();
  });

  it.each([
    [undefined],
    [""],
    ["evil.example"],
    ["127.0.0.1.evil.example"],
    ["localhost@evil.example"],
    ["ml.example.evil"],
    ["localhost:7420/x"],
    ["192.168.1.7:7420"],
  ])("refuses the host %s", (host) => {
    expect(code(host)).toBe("FOREIGN_HOST");
  });

  it.each([
    ["127.0.0.1:7420", "http://127.0.0.1:7420", undefined],
    ["ml.example", "https://ml.example", undefined],
    ["127.0.0.1:7420", "http://127.0.0.1:3000", "FOREIGN_ORIGIN"],
    ["127.0.0.1:7420", "https://evil.example", "FOREIGN_ORIGIN"],
    ["127.0.0.1:7420", "null", "FOREIGN_ORIGIN"],
    ["localhost:7420", "http://127.0.0.1:7420", "FOREIGN_ORIGIN"],
  ])("judges on %s the origin %s as %s", (host, origin, expected) => {
    expect(code(host, origin)).toBe(expected);
  });

  it.each([
    [undefined, undefined],
    ["same-origin", undefined],
    ["none", undefined],
    ["same-site", "FOREIGN_ORIGIN"],
    ["cross-site", "FOREIGN_ORIGIN"],
  ])("judges a cookie that came from %s as %s", (fetchSite, expected) => {
    expect(checkCookieUse({ host: "localhost", origin: undefined, fetchSite })?.code).toBe(expected);
  });
});
