import { randomUUIDv7 } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { testDatabase } from "../testing/database.ts";
import { type ControlOptions, createControl } from "./control.ts";
import { createNewId } from "./platform/database/index.ts";
import { isMlflowAddress } from "./protocols/mlflow/plugin.ts";
import { createHttpServer } from "./protocols/rest/http-server.ts";

const newId = createNewId();
const { database } = await testDatabase();
const dataDir = await mkdtemp(join(tmpdir(), "causeway-control-"));
const adminToken = `cwa_${"a".repeat(43)}`;
const gatewayToken = `cwg_${"g".repeat(43)}`;
const webFolder = join(dataDir, "web");

const options: ControlOptions = {
  database,
  dataDir,
  log: pino({ enabled: false }),
  now: () => new Date(),
  newId,
  url: "http://127.0.0.1:7420",
  http: { host: "127.0.0.1", port: 7420, allowedHosts: ["ml.example"], noAuth: false },
  version: "9.9.9",
  databaseKind: "embedded",
  adminToken,
  gatewayToken,
  webFolder,
  checkAnswers: true,
};
const control = await createControl(options);
const host = "127.0.0.1:7420";
const admin = { host, authorization: `Bearer ${adminToken}` };

beforeAll(async () => {
  await mkdir(join(webFolder, "assets"), { recursive: true });
  const head = '<meta name="csp-nonce" content="__CSP_NONCE__">';
  await writeFile(join(webFolder, "index.html"), `<!doctype html><head>${head}</head>`);
  await writeFile(join(webFolder, "assets", "main-0a1b2c3d.js"), "export {};");
  await control.start();
});

afterAll(async () => {
  control.endStreams();
  await control.stop();
  await rm(dataDir, { recursive: true, force: true });
});

type Sent = { method?: string; headers?: Record<string, string>; body?: unknown };

async function send(url: string, { method = "GET", headers = admin, body }: Sent = {}) {
  const response = await control.app.inject({
    method: method as "GET", // inject's type lists the methods that the tests use
    url,
    headers: { host, ...headers, ...(body === undefined ? {} : { "content-type": "application/json" }) },
    ...(body === undefined ? {} : { payload: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  return { status: response.statusCode, headers: response.headers, body: response.body };
}

const json = (answer: { body: string }) => JSON.parse(answer.body);
const anonymous = { host };

async function makeToken(permissions: string[], more: object = {}): Promise<{ id: string; secret: string }> {
  const made = await send("/api/platform/tokens", {
    method: "POST",
    body: { name: "t", permissions, ...more },
  });
  expect(made.status).toBe(200);
  const { token, secret } = json(made);
  return { id: token.id, secret };
}

const bearer = (secret: string) => ({ host, authorization: `Bearer ${secret}` });

describe("access", () => {
  const open = ["/health/live", "/health/ready", "/health", "/version", "/go/sign-in", "/*"];
  const paths = control.routes.map((route) => ({ ...route, path: route.url.replaceAll(/:[A-Za-z]+/g, "1") }));
  const guarded = paths.filter(({ permission }) => permission !== null);

  it("X3/deny every route but the open ones names a permission and answers 401 to nobody's request", async () => {
    expect(paths.filter(({ permission }) => permission === null).map(({ url }) => url)).toEqual([
      ...open,
      "/*",
    ]);
    expect(guarded.length).toBeGreaterThan(10);
    for (const { method, path } of guarded) {
      const answer = await send(path, { method, headers: anonymous });
      expect([method, path, answer.status]).toEqual([method, path, 401]);
      expect(answer.headers["content-type"]).toContain(
        isMlflowAddress(path) ? "text/plain" : "application/problem+json",
      );
      const wrong = await send(path, { method, headers: bearer("cw_wrong") });
      expect([method, path, wrong.status]).toEqual([method, path, 401]);
    }
  });

  it("X3/deny every route to a token that lacks its permission", async () => {
    const { secret } = await makeToken(["monitoring:approve"]);
    for (const { method, path } of guarded) {
      const answer = await send(path, { method, headers: bearer(secret) });
      expect([method, path, answer.status]).toEqual([method, path, 403]);
      if (isMlflowAddress(path)) expect(answer.body).toMatch(/^Permission denied/);
      else expect(json(answer).code).toBe("PERMISSION_DENIED");
    }
  });

  it("X3/host refuses on every route, open ones too, a foreign Host and a foreign Origin", async () => {
    for (const { method, path } of paths) {
      const foreign = await send(path, { method, headers: { ...admin, host: "evil.example" } });
      expect([method, path, foreign.status]).toEqual([method, path, 403]);
      const page = await send(path, { method, headers: { ...admin, origin: "https://evil.example" } });
      expect([method, path, page.status]).toEqual([method, path, 403]);
    }
    expect((await send("/version", { headers: { host: "ml.example:443" } })).status).toBe(200);
  });

  it("X3/tokens hold for their permissions, project and environment, until they are revoked", async () => {
    const { id, secret } = await makeToken(["platform:read"], {
      onlyProject: "default",
      onlyEnvironment: "prod",
    });
    const identity = await send("/api/platform/identity", { headers: bearer(secret) });
    expect(json(identity)).toEqual({
      actor: { kind: "token", id, name: "t" },
      permissions: ["platform:read"],
      project: "default",
      environment: "prod",
    });
    const other = await send("/api/platform/identity?environment=dev", { headers: bearer(secret) });
    expect([other.status, json(other).field]).toEqual([403, "environment"]);
    const listed = json(await send("/api/platform/tokens?limit=1"));
    expect(listed.items[0]).toMatchObject({ id, lastUsedAt: expect.any(String), revokedAt: null });
    expect(JSON.stringify(listed)).not.toContain(secret);
    const revoked = await send(`/api/platform/tokens/${id}/revoke`, { method: "POST", body: {} });
    expect(json(revoked).revokedAt).not.toBeNull();
    expect((await send("/api/platform/identity", { headers: bearer(secret) })).status).toBe(401);
  });

  it("gives no named token what only gateways and steps hold, and no part of an admin's rights to one project", async () => {
    for (const body of [
      { name: "t", permissions: ["platform:serve"] },
      { name: "t", permissions: ["platform:admin"], onlyProject: "default" },
      { name: "t", permissions: ["data:read"], expiresAt: "2020-01-01T00:00:00.000Z" },
    ]) {
      const refused = await send("/api/platform/tokens", { method: "POST", body });
      expect([refused.status, json(refused).code]).toEqual([400, "INVALID_FIELD"]);
    }
  });

  it("lets gateways do what gateways do, and nothing else", async () => {
    expect((await send("/api/platform/identity", { headers: bearer(gatewayToken) })).status).toBe(403);
  });

  it("writes down who made and ended a token", async () => {
    const { id } = await makeToken(["data:read"]);
    await send(`/api/platform/tokens/${id}/revoke`, { method: "POST", body: {} });
    const subject = `/api/platform/tokens/${id}`;
    const audit = json(await send(`/api/platform/audit?subject=${subject}`));
    expect(audit.items.map(({ action }: { action: string }) => action)).toEqual([
      "platform.token-revoked",
      "platform.token-created",
    ]);
    expect(audit.items[0]).toMatchObject({ actor: { kind: "user", name: "admin" }, project: "default" });
    const events = json(await send(`/api/platform/events?subject=${subject}`));
    expect(events.items).toHaveLength(2);
  });
});

describe("browser", () => {
  async function link(headers = admin): Promise<string> {
    const made = json(await send("/api/platform/sign-in-links", { method: "POST", body: {}, headers }));
    return new URL(made.url).pathname + new URL(made.url).search;
  }

  it("X3/browser is signed in by a link, once", async () => {
    const path = await link();
    const first = await send(path, { headers: anonymous });
    expect([first.status, first.headers["location"]]).toEqual([303, "/"]);
    const [cookie] = [first.headers["set-cookie"]].flat();
    expect(cookie).toMatch(
      /^causeway-[0-9a-f]{8}=[\w-]{43}; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Strict$/,
    );
    const session = { host, cookie: String(cookie).split(";")[0] ?? "" };
    const identity = await send("/api/platform/identity", { headers: session });
    expect(json(identity).actor).toEqual({ kind: "user", id: "admin", name: "admin" });
    const second = await send(path, { headers: anonymous });
    expect([second.status, second.headers["set-cookie"]]).toEqual([401, undefined]);
    expect(second.body).toContain("npx --no causeway token link");
    expect((await send(path, { headers: session })).status).toBe(303);
  });

  it("keeps its session from pages of other sites", async () => {
    const answer = await send(await link(), { headers: anonymous });
    const cookie = String(answer.headers["set-cookie"]).split(";")[0] ?? "";
    for (const site of ["cross-site", "same-site"]) {
      const foreign = await send("/api/platform/identity", {
        headers: { host, cookie, "sec-fetch-site": site },
      });
      expect([foreign.status, json(foreign).code]).toEqual([403, "FOREIGN_ORIGIN"]);
    }
    const own = { host, cookie, "sec-fetch-site": "same-origin", origin: `http://${host}` };
    expect((await send("/api/platform/identity", { headers: own })).status).toBe(200);
  });

  it("is signed out when the token that let it in is revoked", async () => {
    const { id, secret } = await makeToken(["platform:admin", "platform:read"]);
    const answer = await send(await link(bearer(secret)), { headers: anonymous });
    const session = { host, cookie: String(answer.headers["set-cookie"]).split(";")[0] ?? "" };
    expect((await send("/api/platform/identity", { headers: session })).status).toBe(200);
    await send(`/api/platform/tokens/${id}/revoke`, { method: "POST", body: {} });
    expect((await send("/api/platform/identity", { headers: session })).status).toBe(401);
  });

  it("gets pages under a policy without inline scripts, with a nonce of its own each time", async () => {
    const nonces = await Promise.all(
      ["/", "/prod/deployments/churn"].map(async (path) => {
        const page = await send(path, { headers: { host, accept: "text/html" } });
        expect([page.status, page.headers["cache-control"]]).toEqual([200, "no-store"]);
        const policy = String(page.headers["content-security-policy"]);
        expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self' 'nonce-");
        const nonce = /content="([^"]+)"/.exec(page.body)?.[1] ?? "";
        expect(policy).toContain(`'nonce-${nonce}'`);
        return nonce;
      }),
    );
    expect(new Set(nonces).size).toBe(2);
  });

  it("gets files of the build to keep, and nothing from outside it", async () => {
    const asset = await send("/assets/main-0a1b2c3d.js", { headers: anonymous });
    expect([asset.status, asset.body]).toEqual([200, "export {};"]);
    expect(asset.headers["cache-control"]).toBe("public, max-age=31536000, immutable");
    expect(asset.headers["content-type"]).toContain("javascript");
    for (const path of ["/assets/none.js", "/../admin-token", "/%2e%2e/%2e%2e/admin-token.txt", "/.env"]) {
      const answer = await send(path, { headers: anonymous });
      expect(answer.status).not.toBe(500);
      expect(answer.body).not.toContain("cwa_");
    }
    expect((await send("/assets/none.js", { headers: anonymous })).status).toBe(404);
  });

  it("is told how to build the pages where they are missing", async () => {
    const bare = await createControl({ ...options, webFolder: join(dataDir, "nowhere") });
    const page = await bare.app.inject({ url: "/", headers: { host } });
    expect([page.statusCode, page.body.includes("npm run build")]).toEqual([503, true]);
    await bare.app.close();
  });
});

describe("requests", () => {
  it("carry their id in and out", async () => {
    const given = await send("/version", { headers: { host, "x-request-id": "trace-7" } });
    expect(given.headers["x-request-id"]).toBe("trace-7");
    const wild = await send("/api/platform/tokens", {
      headers: { host, "x-request-id": "no spaces, please" },
    });
    expect(wild.headers["x-request-id"]).toMatch(/^[0-9a-f-]{36}$/);
    expect(json(wild).requestId).toBe(wild.headers["x-request-id"]);
  });

  it.each([
    ["GET", "/api/nothing/here", undefined, 404, "NOT_FOUND"],
    ["POST", "/nothing", {}, 404, "NOT_FOUND"],
    ["DELETE", "/api/platform/tokens", undefined, 405, "METHOD_NOT_ALLOWED"],
    ["HEAD", "/api/platform/about", undefined, 405, undefined],
    ["POST", "/api/platform/tokens", '{"name": ', 400, "BAD_REQUEST"],
    ["POST", "/api/platform/tokens", "[]", 400, "BAD_REQUEST"],
    ["POST", "/api/platform/tokens", '{"__proto__": {"a": 1}}', 400, "BAD_REQUEST"],
    ["POST", "/api/platform/tokens", {}, 400, "INVALID_FIELD"],
    ["GET", "/api/platform/about?project=nowhere", undefined, 404, "NOT_FOUND"],
    ["GET", "/api/platform/events?after=x", undefined, 400, "INVALID_FIELD"],
  ])("answer %s %s with %j by %i %s", async (method, path, body, status, code) => {
    const answer = await send(path, { method, ...(body === undefined ? {} : { body }) });
    expect(answer.status).toBe(status);
    expect(answer.headers["content-type"]).toContain("application/problem+json");
    if (code !== undefined)
      expect(json(answer)).toMatchObject({ status, code, requestId: expect.any(String) });
  });

  it("name every wrong field at once", async () => {
    const answer = await send("/api/platform/tokens", {
      method: "POST",
      body: { permissions: ["all"], nam: "x" },
    });
    expect(json(answer).issues.map(({ field }: { field: string }) => field)).toEqual([
      "nam",
      "name",
      "permissions.0",
    ]);
  });

  it("are refused with another content type than JSON, and beyond their size", async () => {
    const text = await send("/api/platform/tokens", {
      method: "POST",
      headers: { ...admin, "content-type": "text/plain" },
    });
    expect(text.status).toBe(400);
    const form = await control.app.inject({
      method: "POST",
      url: "/api/platform/tokens",
      headers: { ...admin, "content-type": "application/x-www-form-urlencoded" },
      payload: "name=x",
    });
    expect([form.statusCode, form.json().field]).toEqual([400, "Content-Type"]);
    const huge = await send("/api/platform/tokens", {
      method: "POST",
      body: { name: "x".repeat(17 * 1024 * 1024) },
    });
    expect([huge.status, json(huge).code]).toEqual([413, "PAYLOAD_TOO_LARGE"]);
  });

  it("with one Idempotency-Key are done once", async () => {
    const headers = { ...admin, "idempotency-key": "once" };
    const body = { name: "once", permissions: ["data:read"] };
    const first = await send("/api/platform/tokens", { method: "POST", headers, body });
    const second = await send("/api/platform/tokens", { method: "POST", headers, body });
    expect(first.status).toBe(200);
    expect(json(second)).toEqual(json(first));
    const other = await send("/api/platform/tokens", {
      method: "POST",
      headers,
      body: { ...body, name: "other" },
    });
    expect([other.status, json(other).code]).toEqual([409, "IDEMPOTENCY_MISMATCH"]);
  });

  it("act in a project that somebody made", async () => {
    const made = await send("/api/platform/projects", { method: "POST", body: { name: "shop" } });
    expect(made.status).toBe(200);
    expect(json(await send("/api/platform/identity?project=shop&environment=prod"))).toMatchObject({
      project: "shop",
      environment: "prod",
    });
    const again = await send("/api/platform/projects", { method: "POST", body: { name: "shop" } });
    expect(json(again).code).toBe("ALREADY_EXISTS");
    const taken = await send("/api/platform/projects", { method: "POST", body: { name: "prod" } });
    expect(json(taken).code).toBe("INVALID_FIELD");
    const names = json(await send("/api/platform/projects")).items.map(({ name }: { name: string }) => name);
    expect(names).toEqual(["default", "shop"]);
  });
});

describe("operators", () => {
  it("see that control lives, is ready, and which version it is", async () => {
    for (const path of ["/health", "/health/live", "/health/ready"]) {
      expect((await send(path, { headers: anonymous })).status).toBe(200);
    }
    // Of the release of MLflow that is spoken: its clients read a bare version here.
    expect((await send("/version", { headers: anonymous })).body).toMatch(/^3\.\d+\.\d+$/);
    expect(json(await send("/api/platform/about"))).toMatchObject({
      version: "9.9.9",
      gatewayUrl: null,
      database: { version: expect.stringMatching(/^\d/) },
    });
  });

  it("get metrics of requests by route, events by type, and work", async () => {
    await makeToken(["data:read"]);
    await expect
      .poll(async () => (await send("/metrics")).body)
      .toContain('causeway_events_total{type="platform.token-created"}');
    const { body, headers } = await send("/metrics");
    expect(headers["content-type"]).toContain("text/plain");
    expect(body).toContain(
      'causeway_http_request_duration_seconds_count{method="POST",route="/api/platform/tokens"',
    );
    expect(body).toContain("# TYPE causeway_work gauge");
    expect(body).toContain("# TYPE causeway_drift_score gauge");
    expect(body).toContain("process_cpu_seconds_total");
  });

  it("let everybody in where access control is off", async () => {
    const free = await createControl({ ...options, http: { ...options.http, noAuth: true } });
    const identity = await free.app.inject({ url: "/api/platform/identity", headers: { host } });
    expect(identity.json()).toMatchObject({ actor: { id: "anybody" } });
    const foreign = await free.app.inject({
      url: "/api/platform/identity",
      headers: { host: "evil.example" },
    });
    expect(foreign.statusCode).toBe(403);
    await free.app.close();
  });
});

describe("event stream", () => {
  const http = createHttpServer();
  http.serve((request, response) => control.app.routing(request, response));
  let url = "";

  beforeAll(async () => {
    await new Promise<void>((resolve) => http.server.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(http.server.address() as AddressInfo).port}/api/platform/events/stream`; // it listens on a port
  });
  afterAll(() => http.close(1_000));

  /** Reads a stream's text until it matches. */
  async function read(
    headers: Record<string, string>,
    pattern: RegExp,
    meanwhile = async () => {},
  ): Promise<string> {
    const leaving = new AbortController();
    const response = await fetch(url, { headers: { ...admin, ...headers }, signal: leaving.signal });
    expect([response.status, response.headers.get("content-type")]).toEqual([
      200,
      "text/event-stream; charset=utf-8",
    ]);
    const done = meanwhile();
    let text = "";
    for await (const chunk of response.body!) {
      text += Buffer.from(chunk).toString();
      if (pattern.test(text)) break;
    }
    leaving.abort();
    await done;
    return text;
  }

  it("sends each event with its id, and goes on after the last one that was seen", async () => {
    const text = await read({}, /token-created.*\n\n/, async () => {
      await makeToken(["data:read"]);
      await makeToken(["data:write"]);
    });
    const id = /^id: ([0-9a-f-]{36})$/m.exec(text)?.[1] ?? "";
    const rest = await read({ "last-event-id": id }, /token-created.*\n\n/);
    expect(rest).toContain("data:write");
    expect(rest).not.toContain(`id: ${id}`);
  });

  it("gives a sign of life while nothing happens", async () => {
    expect(await read({}, /^:$/m)).toContain("retry: 1000");
  });

  it("answers what it cannot stream as a problem", async () => {
    const refused = await fetch(`${url}?after=${randomUUIDv7()}`, { headers: admin });
    expect([refused.status, refused.headers.get("content-type")]).toEqual([
      400,
      "application/problem+json; charset=utf-8",
    ]);
  });
});
