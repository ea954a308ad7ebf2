import { createHash } from "node:crypto";
import { once } from "node:events";
import { chmod, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { request } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { endpoint } from "@causeway/contract";
import { pino } from "pino";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { testDatabase } from "../../../testing/database.ts";
import { createArtifacts } from "../../platform/artifacts/index.ts";
import { createAudit } from "../../platform/audit/index.ts";
import { createNewId } from "../../platform/database/index.ts";
import { createIdempotency } from "../../platform/idempotency/index.ts";
import { createMetrics } from "../../platform/metrics/index.ts";
import { bind } from "./bind.ts";
import { createApp } from "./create-app.ts";
import { createHttpServer, type HttpServer } from "./http-server.ts";

const newId = createNewId();
const { database, db } = await testDatabase();
const root = await mkdtemp(join(tmpdir(), "causeway-routes-"));
const artifacts = createArtifacts({ root, database });
const audit = createAudit({ db, newId });
const kept = { permission: "data:read", summary: "A thing." } as const;
let unanswered = 0;
let left = 0;

const table = {
  upload: endpoint({
    ...kept,
    method: "POST",
    path: "/api/data/uploads",
    input: z.object({ name: z.string() }),
    output: z.object({ digest: z.string(), bytes: z.int() }),
    body: "bytes",
  }),
  download: endpoint({
    ...kept,
    method: "GET",
    path: "/api/data/files/:digest",
    input: z.object({ digest: z.string() }),
    output: z.unknown(),
    answer: "bytes",
  }),
  slow: endpoint({
    ...kept,
    method: "GET",
    path: "/api/data/slow",
    input: z.object({ ms: z.coerce.number<number>() }),
    output: z.object({ done: z.boolean() }),
  }),
  lie: endpoint({
    ...kept,
    method: "GET",
    path: "/api/data/lie",
    input: z.object({}),
    output: z.object({ n: z.int() }),
  }),
  crash: endpoint({
    ...kept,
    method: "GET",
    path: "/api/data/crash",
    input: z.object({}),
    output: z.object({}),
  }),
  count: endpoint({
    ...kept,
    method: "GET",
    path: "/api/data/count",
    input: z.object({ to: z.coerce.number<number>(), after: z.coerce.number<number>().default(0) }),
    output: z.object({ n: z.int() }),
    answer: "events",
  }),
  endless: endpoint({
    ...kept,
    method: "GET",
    path: "/api/data/endless",
    input: z.object({}),
    output: z.object({ text: z.string() }),
    answer: "events",
  }),
};

const routes = bind(
  table,
  {
    upload: (_input, call, body) => artifacts.write(body, { signal: call.signal }),
    download: async ({ digest }) => {
      const { bytes } = await artifacts.stat(digest);
      return { stream: artifacts.read(digest), bytes, name: "Übersicht.csv" };
    },
    slow: async ({ ms }) => {
      await sleep(ms);
      return { done: true };
    },
    // A promise that the compiler cannot see through.
    lie: async () => JSON.parse('{"n": "one"}'),
    crash: async () => {
      throw new Error("password=hunter2");
    },
    count: async function* ({ to, after }) {
      for (let n = after + 1; n <= to; n += 1) yield { n };
    },
    endless: async function* (_input, call) {
      try {
        while (!call.signal.aborted) {
          unanswered += 1;
          yield { text: "x".repeat(100_000) };
          await sleep(0);
        }
      } finally {
        left += 1;
      }
    },
  },
  { count: ({ n }) => String(n) },
);

type Listening = { http: HttpServer; url: string; stop: AbortController };
const listening: Listening[] = [];

async function listen(): Promise<Listening> {
  const stop = new AbortController();
  const { app } = createApp({
    routes,
    mlflow: [],
    access: {
      identifyToken: async () => undefined,
      identifySession: async () => undefined,
      signIn: async () => undefined,
    },
    idempotency: createIdempotency({ db, audit, aloneSince: null }),
    projects: { create: neverAsked, list: neverAsked, require: async () => {} },
    metrics: createMetrics({ countWork: async () => [] }),
    log: pino({ enabled: false }),
    newId,
    checkReady: async () => {},
    cookieName: "causeway-0",
    noAuth: true,
    allowedHosts: [],
    webFolder: root,
    checkAnswers: true,
    stopping: stop.signal,
  });
  await app.ready();
  const http = createHttpServer();
  http.serve((incoming, response) => app.routing(incoming, response));
  http.server.listen(0, "127.0.0.1");
  await once(http.server, "listening");
  const { port } = http.server.address() as AddressInfo; // it listens on a port
  const made = { http, url: `http://127.0.0.1:${port}`, stop };
  listening.push(made);
  return made;
}

const neverAsked = async () => {
  throw new Error("not asked here");
};

afterEach(async () => {
  for (const { http, stop } of listening.splice(0)) {
    stop.abort();
    await http.close(200);
  }
});
afterAll(() => rm(root, { recursive: true, force: true }));

setFlagsFromString("--expose-gc");
const collect: () => void = runInNewContext("gc");

describe("uploads and downloads", () => {
  it("pass through without being held in memory", async () => {
    const { url } = await listen();
    const chunk = Buffer.alloc(1024 * 1024, "a");
    const hash = createHash("sha256");
    const source = async function* () {
      for (let index = 0; index < 128; index += 1) {
        hash.update(chunk);
        if (index % 16 === 15) look();
        yield chunk;
      }
    };
    // Live buffers only: what waits to be collected says how lazy the collector is, not what is held.
    const held = () => {
      collect();
      return process.memoryUsage().arrayBuffers;
    };
    const before = held();
    let peak = before;
    const look = () => {
      peak = Math.max(peak, held());
    };
    const response = await fetch(`${url}/api/data/uploads?name=big`, {
      method: "POST",
      body: Readable.toWeb(Readable.from(source())),
      headers: { "content-type": "application/json" },
      duplex: "half",
    });
    const { digest, bytes } = z.object({ digest: z.string(), bytes: z.int() }).parse(await response.json());
    expect([digest, bytes]).toEqual([hash.digest("hex"), 128 * 1024 * 1024]);
    const download = await fetch(`${url}/api/data/files/${digest}`);
    expect(download.headers.get("content-length")).toBe(String(bytes));
    let received = 0;
    let looked = 0;
    for await (const part of download.body!) {
      received += part.length;
      if (received - looked < 16 * chunk.length) continue;
      looked = received;
      look();
    }
    expect(received).toBe(bytes);
    // Client and server share this process; what is held is buffers in flight, not the file.
    expect(peak - before).toBeLessThan(100 * 1024 * 1024);
  });

  it("leave nothing behind when the sender hangs up", async () => {
    const { url } = await listen();
    const sending = request(`${url}/api/data/uploads?name=cut`, {
      method: "POST",
      headers: { "content-length": 1_000_000 },
    });
    sending.on("error", () => {});
    sending.write(Buffer.alloc(100_000));
    await expect.poll(() => readdir(join(root, "incoming"))).toHaveLength(1);
    sending.destroy();
    await expect.poll(() => readdir(join(root, "incoming"))).toHaveLength(0);
  });

  it("take an empty body, and are saved under their name", async () => {
    const { url } = await listen();
    const empty = await fetch(`${url}/api/data/uploads?name=empty`, { method: "POST" });
    const { digest, bytes } = z.object({ digest: z.string(), bytes: z.int() }).parse(await empty.json());
    expect(bytes).toBe(0);
    const download = await fetch(`${url}/api/data/files/${digest}`);
    expect(await download.text()).toBe("");
    expect(download.headers.get("content-disposition")).toBe(
      "attachment; filename*=UTF-8''%C3%9Cbersicht.csv",
    );
    expect(download.headers.get("content-security-policy")).toContain("sandbox");
  });

  it("break off rather than end well on changed bytes", async () => {
    const { url } = await listen();
    const { digest } = await artifacts.write(Readable.from([Buffer.alloc(1_000_000, "a")]));
    await chmod(artifacts.path(digest), 0o600);
    await writeFile(artifacts.path(digest), Buffer.alloc(1_000_000, "b"));
    const download = await fetch(`${url}/api/data/files/${digest}`);
    await expect(download.arrayBuffer()).rejects.toThrow();
  });
});

describe("answers", () => {
  it("tell nothing of a failure inside but the request to look for", async () => {
    const { url } = await listen();
    const answer = await fetch(`${url}/api/data/crash`, { headers: { "x-request-id": "r-1" } });
    expect([answer.status, await answer.json()]).toMatchObject([500, { code: "INTERNAL", requestId: "r-1" }]);
    expect(JSON.stringify(answer)).not.toContain("hunter2");
  });

  it("are compared with what the endpoint promises where tests ask for it", async () => {
    const { url } = await listen();
    expect((await fetch(`${url}/api/data/lie`)).status).toBe(500);
  });

  it("are finished when the server stops, and no new request is taken", async () => {
    const { url, http } = await listen();
    const slow = fetch(`${url}/api/data/slow?ms=400`);
    await sleep(100);
    const closed = http.close(5_000);
    await expect(fetch(`${url}/version`)).rejects.toThrow();
    const answer = await slow;
    expect([answer.status, await answer.json()]).toEqual([200, { done: true }]);
    await closed;
  });

  // Its bound is wall time, which a neighbour on the same cores may hold up once.
  it("are cut when they take longer than a stopping server waits", { retry: 2 }, async () => {
    const { url, http } = await listen();
    const slow = fetch(`${url}/api/data/slow?ms=5000`);
    slow.catch(() => {});
    await sleep(100);
    const began = performance.now();
    await http.close(200);
    expect(performance.now() - began).toBeLessThan(2_000);
    await expect(slow).rejects.toThrow();
  });

  it("say 503 until there is an application", async () => {
    const http = createHttpServer();
    http.server.listen(0, "127.0.0.1");
    await once(http.server, "listening");
    const { port } = http.server.address() as AddressInfo; // it listens on a port
    const early = await fetch(`http://127.0.0.1:${port}/version`);
    expect([early.status, early.headers.get("retry-after")]).toEqual([503, "1"]);
    await http.close(100);
  });
});

describe("streams", () => {
  it("end with their values, each with its id, and go on after the last one", async () => {
    const { url } = await listen();
    expect(await (await fetch(`${url}/api/data/count?to=2`)).text()).toBe(
      'retry: 1000\n\nid: 1\ndata: {"n":1}\n\nid: 2\ndata: {"n":2}\n\n',
    );
    const rest = await fetch(`${url}/api/data/count?to=2`, { headers: { "last-event-id": "1" } });
    expect(await rest.text()).toBe('retry: 1000\n\nid: 2\ndata: {"n":2}\n\n');
  });

  it("wait for a slow reader, and end when it leaves or the server stops", async () => {
    const { url, stop } = await listen();
    const leaving = new AbortController();
    const response = await fetch(`${url}/api/data/endless`, { signal: leaving.signal });
    // The buffers of both ends fill first; how long that takes depends on the machine.
    const grownIn300ms = async () => {
      const before = unanswered;
      await sleep(300);
      return unanswered - before;
    };
    await expect.poll(grownIn300ms).toBeLessThan(5);
    leaving.abort();
    await response.body?.cancel().catch(() => {});
    await expect.poll(() => left).toBe(1);
    const second = await fetch(`${url}/api/data/endless`);
    stop.abort();
    await second.text();
    await expect.poll(() => left).toBe(2);
  });
});
