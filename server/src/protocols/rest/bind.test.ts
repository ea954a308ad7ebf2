import { Readable } from "node:stream";
import { endpoint } from "@causeway/contract";
import { describe, expect, expectTypeOf, it } from "vitest";
import { z } from "zod";
import { bind, type Download, type Handlers } from "./bind.ts";

const table = {
  read: endpoint({
    method: "GET",
    path: "/api/data/things/:thing",
    permission: "data:read",
    summary: "A thing.",
    input: z.object({ thing: z.string(), limit: z.coerce.number<number>().default(10) }),
    output: z.object({ size: z.int() }),
  }),
  follow: endpoint({
    method: "GET",
    path: "/api/data/things/:thing/stream",
    permission: "data:read",
    summary: "A thing as it changes.",
    input: z.object({ thing: z.string() }),
    output: z.object({ id: z.string() }),
    answer: "events",
  }),
  upload: endpoint({
    method: "POST",
    path: "/api/data/uploads",
    permission: "data:write",
    summary: "Bytes.",
    input: z.object({}),
    output: z.object({ bytes: z.int() }),
    body: "bytes",
  }),
  download: endpoint({
    method: "GET",
    path: "/api/data/downloads",
    permission: "data:read",
    summary: "Bytes.",
    input: z.object({}),
    output: z.unknown(),
    answer: "bytes",
  }),
};

const handlers: Handlers<typeof table> = {
  read: async () => ({ size: 1 }),
  follow: async function* () {
    yield { id: "1" };
  },
  upload: async () => ({ bytes: 0 }),
  download: async () => ({ stream: Readable.from([]) }),
};

describe("bind", () => {
  it("gives each endpoint its handler", () => {
    const routes = bind(table, handlers, { follow: (value) => value.id });
    expect(routes.map(({ name }) => name)).toEqual(["read", "follow", "upload", "download"]);
    expect(routes[1]?.eventId({ id: "7" })).toBe("7");
    expect(routes[0]?.eventId({ id: "7" })).toBeUndefined();
  });

  it("does not compile where an endpoint has no handler", () => {
    const { upload, ...rest } = handlers;
    // @ts-expect-error: nothing answers `upload`.
    expect(() => bind(table, rest)).toThrow("Nothing answers POST /api/data/uploads");
    expect(upload).toBeDefined();
  });

  it("does not compile where a handler gives something else than the endpoint promises", () => {
    // @ts-expect-error: the size is a number.
    const wrong: Handlers<typeof table> = { ...handlers, read: async () => ({ size: "1" }) };
    expect(wrong).toBeDefined();
  });

  it("types each handler by what its endpoint takes and gives", () => {
    expectTypeOf<Parameters<Handlers<typeof table>["read"]>[0]>().toEqualTypeOf<{
      thing: string;
      limit: number;
    }>();
    expectTypeOf<Parameters<Handlers<typeof table>["upload"]>[2]>().toEqualTypeOf<Readable>();
    expectTypeOf<ReturnType<Handlers<typeof table>["follow"]>>().toEqualTypeOf<
      AsyncIterable<{ id: string }>
    >();
    expectTypeOf<ReturnType<Handlers<typeof table>["download"]>>().toEqualTypeOf<Promise<Download>>();
  });
});
