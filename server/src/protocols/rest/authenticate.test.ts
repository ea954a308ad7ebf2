import { describe, expect, it } from "vitest";
import type { Principal } from "../../platform/access/index.ts";
import { type Authentication, authenticate, type Credentials, tokenOf } from "./authenticate.ts";

const ANN: Principal = {
  actor: { kind: "token", id: "1", name: "ann" },
  permissions: new Set(),
  project: null,
  environment: null,
};
const parts: Authentication = {
  access: {
    identifyToken: async (secret) => (secret === "cw_right" ? ANN : undefined),
    identifySession: async () => undefined,
  },
  cookieName: "c",
  noAuth: false,
};
const basic = (pair: string) => `Basic ${Buffer.from(pair).toString("base64")}`;
const sent = (authorization?: string): Credentials => ({
  authorization,
  cookie: undefined,
  host: "localhost",
  origin: undefined,
  fetchSite: undefined,
});

describe("an Authorization header", () => {
  it.each([
    ["Bearer cw_right", "cw_right"],
    ["bearer  cw_right", "cw_right"],
    [basic("ann:cw_right"), "cw_right"],
    [basic(":cw_right"), "cw_right"],
    [basic("ann:with:colons"), "with:colons"],
    [basic("cw_right"), "cw_right"],
    ["Digest cw_right", undefined],
    ["", undefined],
    [undefined, undefined],
  ])("%s carries the token %s", (header, token) => {
    expect(tokenOf(header)).toBe(token);
  });

  it.each([`Bearer cw_right`, basic("anybody:cw_right")])("%s is known by its token", async (header) => {
    expect((await authenticate(parts, sent(header))).principal).toBe(ANN);
  });

  it.each([undefined, "Bearer cw_wrong", basic("ann:cw_wrong"), basic("ann:"), basic("cw_right:ann")])(
    "%s is refused",
    async (header) => {
      await expect(authenticate(parts, sent(header))).rejects.toMatchObject({ code: "UNAUTHENTICATED" });
    },
  );
});
