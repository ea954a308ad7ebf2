import { endpoint, fail } from "@causeway/contract";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { systemCall } from "../../platform/access/index.ts";
import { bind } from "./bind.ts";
import { matchPath } from "./match-path.ts";
import { recoverAnswer } from "./recover-answer.ts";

const Thing = z.object({ name: z.string() });
const shared = { permission: "data:read", summary: "A thing." } as const;
const InThing = z.object({ name: z.string() });
const path = "/api/data/things/:name";
const make = endpoint({ ...shared, method: "POST", path: "/api/data/things", input: InThing, output: Thing });
const read = endpoint({ ...shared, method: "GET", path, input: InThing, output: Thing });
const secret = { ...make, output: z.object({ thing: Thing, secret: z.string() }) };
const routes = bind(
  { make, read },
  {
    make: async ({ name }) => ({ name }),
    read: async ({ name }) => {
      if (name === "gone") throw fail("NOT_FOUND", { message: "gone" });
      return { name };
    },
  },
);
const call = systemCall({ project: "default", environment: "dev" }, "test");
const recover = (subject: string, of: typeof make | typeof secret = make) =>
  recoverAnswer({ endpoint: of, subject, routes, call });

describe("a lost answer", () => {
  it("is read at the address of the thing that was made", async () => {
    expect(await recover("/api/data/things/a%20table")).toEqual({ name: "a table" });
  });

  it("stays lost where the thing is not the answer, is gone, or has no address", async () => {
    expect(await recover("/api/data/things/a", secret)).toBeUndefined();
    expect(await recover("/api/data/things/gone")).toBeUndefined();
    expect(await recover("/api/data/others/a")).toBeUndefined();
  });
});

describe("matchPath", () => {
  it.each([
    ["/api/data/things/a", { name: "a" }],
    ["/api/data/things/%C3%BC", { name: "ü" }],
    ["/api/data/things", undefined],
    ["/api/data/things/a/b", undefined],
    ["/api/data/thing/a", undefined],
  ])("reads %s as %j", (pathname, expected) => {
    expect(matchPath(path, pathname)).toEqual(expected);
  });
});
