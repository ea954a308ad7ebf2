import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, it } from "vitest";
import { isPublicAddress } from "./address-ranges.ts";
import { createOutbound } from "./index.ts";

const asked: { path: string | undefined; host: string | undefined; body: string }[] = [];
const server = createServer((request, response) => {
  let body = "";
  request.on("data", (chunk) => {
    body += chunk;
  });
  request.on("end", () => {
    asked.push({ path: request.url, host: request.headers.host, body });
    if (request.url === "/moved") response.writeHead(302, { location: "/landed" });
    if (request.url === "/wait") response.writeHead(429, { "retry-after": "7" });
    if (request.url === "/endless") {
      const timer = setInterval(() => response.write("x".repeat(1024)), 1);
      response.on("close", () => clearInterval(timer));
      return;
    }
    response.end("ok");
  });
});
let port = 0;
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  port = (server.address() as AddressInfo).port;
});
afterAll(() => server.close());

const loopback = async () => [{ address: "127.0.0.1", family: 4 }];
const within = createOutbound({ allowPrivate: true, resolve: loopback });
const outside = createOutbound({ allowPrivate: false, resolve: loopback });
const url = (path: string) => new URL(`http://hooks.example.com:${port}${path}`);

it.each([
  ["8.8.8.8", true],
  ["2606:4700::1111", true],
  ["127.0.0.1", false],
  ["10.1.2.3", false],
  ["172.31.255.255", false],
  ["192.168.0.1", false],
  ["169.254.169.254", false],
  ["100.64.0.1", false],
  ["0.0.0.0", false],
  ["255.255.255.255", false],
  ["::1", false],
  ["::", false],
  ["fe80::1", false],
  ["fd00::1", false],
  ["::ffff:127.0.0.1", false],
  ["::ffff:8.8.8.8", false],
  ["64:ff9b::7f00:1", false],
  ["2002:7f00:1::", false],
  ["not an address", false],
])("%s is public: %s", (address, expected) => {
  expect(isPublicAddress(address)).toBe(expected);
});

it.each([
  "http://127.0.0.1/x",
  "http://localhost/x",
  "http://[::1]:8080/x",
  "http://2130706433/x",
  "http://0x7f.1/x",
  "http://169.254.169.254/latest/meta-data",
])("refuses %s, however it is written", async (address) => {
  const real = createOutbound({ allowPrivate: false });
  await expect(real.check(new URL(address))).rejects.toMatchObject({
    code: "FORBIDDEN_ADDRESS",
    status: 422,
  });
  await expect(real.postJson(new URL(address), {})).rejects.toMatchObject({ code: "FORBIDDEN_ADDRESS" });
  await createOutbound({ allowPrivate: true }).check(new URL(address));
});

it("refuses a name of which one address is private, and other schemes", async () => {
  const mixed = createOutbound({
    allowPrivate: false,
    resolve: async () => [{ address: "8.8.8.8", family: 4 }, ...(await loopback())],
  });
  await expect(mixed.check(url("/"))).rejects.toMatchObject({ code: "FORBIDDEN_ADDRESS" });
  await expect(within.check(new URL("ftp://example.com/"))).rejects.toMatchObject({ code: "INVALID_FIELD" });
  await expect(within.check(new URL("https://a:b@example.com/"))).rejects.toMatchObject({
    code: "INVALID_FIELD",
    value: "example.com",
  });
});

it("looks again at each call: a name that turns private after the check leads nowhere", async () => {
  const addresses = ["8.8.8.8", "127.0.0.1"];
  const rebinding = createOutbound({
    allowPrivate: false,
    resolve: async () => [{ address: addresses.shift() ?? "127.0.0.1", family: 4 }],
  });
  const before = asked.length;
  await rebinding.check(url("/"));
  await expect(rebinding.postJson(url("/"), {})).rejects.toMatchObject({ code: "FORBIDDEN_ADDRESS" });
  await expect(outside.postJson(url("/"), {})).rejects.toMatchObject({ code: "FORBIDDEN_ADDRESS" });
  expect(asked).toHaveLength(before);
});

it("posts to the address that was checked, under the name that was given", async () => {
  const answer = await within.postJson(url("/here?token=1"), { a: "ü" });
  expect(answer).toEqual({ status: 200, text: "ok", retryAfterSeconds: null });
  expect(asked.at(-1)).toEqual({
    path: "/here?token=1",
    host: `hooks.example.com:${port}`,
    body: '{"a":"ü"}',
  });
});

it("follows no redirect and tells how long a receiver wants to be left alone", async () => {
  expect(await within.postJson(url("/moved"), {})).toMatchObject({ status: 302 });
  expect(asked.at(-1)?.path).toBe("/moved");
  expect(await within.postJson(url("/wait"), {})).toMatchObject({ status: 429, retryAfterSeconds: 7 });
});

it("reads only the beginning of an endless answer", async () => {
  const { text } = await within.postJson(url("/endless"), {});
  expect(text).toHaveLength(4096);
});

it("waits for no name server that does not answer", async () => {
  const silent = createOutbound({ allowPrivate: true, resolve: () => new Promise(() => {}) });
  const over = AbortSignal.timeout(50);
  await expect(silent.postJson(url("/"), {}, over)).rejects.toMatchObject({ name: "TimeoutError" });
});

it("fails where nobody listens, and when the caller gives up", async () => {
  const closed = new URL("http://hooks.example.com:1/");
  await expect(within.postJson(closed, {})).rejects.toMatchObject({ code: "ECONNREFUSED" });
  await expect(within.postJson(url("/endless"), {}, AbortSignal.abort(new Error("enough")))).rejects.toThrow(
    "enough",
  );
});
