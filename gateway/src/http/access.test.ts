import { request as httpRequest } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { churn, keyDigest, sum } from "../../testing/deployments.ts";
import { type FakeControl, startFakeControl } from "../../testing/fake-control.ts";
import { startTestGateway, type TestGateway } from "../../testing/running-gateway.ts";

/** What anybody may ask; all else needs a key and the right Host. */
const OPEN = [
  "/ping",
  "/health",
  "/health/live",
  "/health/ready",
  "/v2/health/live",
  "/v2/health/ready",
  "/version",
];

let control: FakeControl;
let running: TestGateway;

beforeAll(async () => {
  control = await startFakeControl();
  control.desire([churn(control), sum(control, { keys: [keyDigest("other key")] })], [keyDigest("reader")]);
  running = await startTestGateway(control, { hosts: ["models.example"] });
  while (!running.gateway.ready()) await new Promise((resume) => setTimeout(resume, 10));
});

afterAll(async () => {
  await running?.stop();
  await control?.stop();
});

type Call = { method: string; path: string; headers?: Record<string, string> };

/** Node's own fetch writes Host itself; this one sends what it is given. */
function call({
  method,
  path,
  headers = {},
}: Call): Promise<{ status: number; code: string | undefined; asks: string | undefined }> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      { port: running.port, host: "127.0.0.1", method, path, headers },
      async (response) => {
        const chunks: Buffer[] = [];
        for await (const chunk of response) chunks.push(chunk);
        const text = Buffer.concat(chunks).toString();
        const code = text.startsWith("{") ? JSON.parse(text).code : undefined;
        resolve({ status: response.statusCode ?? 0, code, asks: response.headers["www-authenticate"] });
      },
    );
    request.on("error", reject);
    request.end();
  });
}

/** A real address for every route of the gateway. */
function addresses(): Call[] {
  return running.gateway.routes.map(({ method, path }) => ({
    method,
    path: path.replace(":deployment", "churn").replace(":version", "1"),
  }));
}

describe("every route of the gateway", () => {
  it("is open only where it is listed as open", () => {
    const open = running.gateway.routes.filter((route) => route.access === "open").map((route) => route.path);
    expect(open.sort()).toEqual([...OPEN].sort());
    expect(running.gateway.routes.length).toBeGreaterThan(10);
  });

  it("answers 401 to a caller without a key, and to a wrong one", async () => {
    const checks = addresses().map(async (address) => {
      const expected = OPEN.includes(address.path) ? 200 : 401;
      const anonymous = await call(address);
      expect([address.path, anonymous.status]).toEqual([address.path, expected]);
      if (expected === 401) expect(anonymous.asks).toContain("Bearer");
      const wrong = await call({ ...address, headers: { authorization: "Bearer wrong" } });
      expect([address.path, wrong.status]).toEqual([address.path, expected]);
    });
    await Promise.all(checks);
  });

  it("answers 403 under a foreign Host, whatever the key", async () => {
    for (const address of addresses()) {
      if (OPEN.includes(address.path)) continue;
      const headers = { host: "evil.example", authorization: `Bearer ${control.token}` };
      expect([address.path, (await call({ ...address, headers })).status]).toEqual([address.path, 403]);
    }
  });

  it("lets the gateway's own token in everywhere", async () => {
    for (const address of addresses()) {
      const { status } = await call({ ...address, headers: { authorization: `Bearer ${control.token}` } });
      // A POST without a body gets past the door, and no further.
      const expected = address.path.endsWith("churn/invocations")
        ? 415
        : address.method === "POST"
          ? 400
          : 200;
      expect([address.path, status]).toEqual([address.path, expected]);
    }
  });
});

const ask = (path: string, key: string) =>
  call({
    method: path.endsWith("sum") ? "POST" : "GET",
    path,
    headers: { authorization: `Bearer ${key}` },
  });

describe("keys", () => {
  it("open their own deployment alone", async () => {
    expect((await ask("/predict/sum", "other key")).status).toBe(400);
    expect(await ask("/predict/sum", "key")).toMatchObject({ status: 403, code: "PERMISSION_DENIED" });
    expect((await ask("/v2", "key")).status).toBe(200);
  });

  it("mean their own deployment at the root of MLflow's protocol, where a master key has to say which", async () => {
    const invoke = (key: string) =>
      call({ method: "POST", path: "/invocations", headers: { authorization: `Bearer ${key}` } });
    // The door is passed: what is refused is the body that is no JSON.
    expect((await invoke("key")).status).toBe(415);
    expect((await invoke(control.token)).status).toBe(400);
    expect((await invoke("nobody's")).status).toBe(401);
  });

  it("do not open metrics, which readers may see", async () => {
    expect(await ask("/metrics", "key")).toMatchObject({ status: 403 });
    expect(await ask("/metrics", "reader")).toMatchObject({ status: 200 });
    expect(await ask("/predict/sum", "reader")).toMatchObject({ status: 403 });
  });

  it("end at once when control takes them back", async () => {
    control.desire([churn(control, { keys: [keyDigest("new key")] }), sum(control)], [keyDigest("reader")]);
    await expect.poll(async () => (await ask("/v2/models/churn", "key")).status).toBe(403);
    expect((await ask("/v2/models/churn", "new key")).status).toBe(200);
  });
});

describe("a key that is used before the news of it has come", () => {
  it("is let in when the news comes", async () => {
    const early = ask("/v2/models/churn", "early key");
    await new Promise((resume) => setTimeout(resume, 50));
    control.desire([churn(control, { keys: [keyDigest("early key")] })], [keyDigest("reader")]);
    expect((await early).status).toBe(200);
  });

  it("is refused when it does not", async () => {
    const began = performance.now();
    expect((await ask("/v2/models/churn", "never")).status).toBe(401);
    expect(performance.now() - began).toBeGreaterThan(400);
  });
});

describe("names", () => {
  const live = (headers: Record<string, string>) =>
    call({ method: "GET", path: "/v2", headers: { authorization: `Bearer ${control.token}`, ...headers } });

  it.each(["localhost", "LOCALHOST:7421", "127.0.0.1:1", "[::1]:7421", "[::1]", "models.example"])(
    "takes the Host %s",
    async (host) => {
      expect((await live({ host })).status).toBe(200);
    },
  );

  it.each(["localhost.evil.example", "models.example.evil", "[::2]"])(
    "refuses the Host '%s'",
    async (host) => {
      expect((await live({ host })).status).toBe(403);
    },
  );

  it("refuses a page of another site, and takes its own", async () => {
    expect(await live({ origin: "https://evil.example" })).toMatchObject({ status: 403 });
    expect((await live({ origin: "null" })).status).toBe(403);
    expect((await live({ origin: "http://localhost:7420" })).status).toBe(200);
  });
});

describe("without checking of keys", () => {
  it("lets everybody in, but no foreign Host", async () => {
    const open = await startTestGateway(control, { token: null, name: "g2" });
    while (!open.gateway.ready()) await new Promise((resume) => setTimeout(resume, 10));
    expect((await fetch(`${open.url}/metrics`)).status).toBe(200);
    expect((await open.post("/predict/churn", { x0: 1, x1: 1 }, { authorization: "" })).status).toBe(200);
    const page = await open.post("/predict/churn", { x0: 1, x1: 1 }, { origin: "https://evil.example" });
    expect(page.json.code).toBe("FOREIGN_ORIGIN");
    await open.stop();
  });
});
