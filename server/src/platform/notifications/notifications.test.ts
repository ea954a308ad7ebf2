import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { testDatabase } from "../../../testing/database.ts";
import { systemCall } from "../access/index.ts";
import { createAudit } from "../audit/index.ts";
import { createNewId } from "../database/index.ts";
import { createEvents } from "../events/index.ts";
import { createLog } from "../log/index.ts";
import { createOutbound } from "../outbound/index.ts";
import { createSecrets } from "../secrets/index.ts";
import { createNotifications, type MessageRequest, startSender } from "./index.ts";

const { database, db } = await testDatabase();
const folder = mkdtempSync("/tmp/causeway-notifications-");
const newId = createNewId();
const now = () => new Date();
const events = createEvents({ database, audit: createAudit({ db, newId }), newId, now });
const secrets = createSecrets({ db, dataDir: folder });
const log = createLog({ dataDir: folder, role: "control", level: "debug", console: { write: () => {} } });
const publicUrl = () => "http://127.0.0.1:7420";
const outbound = createOutbound({ allowPrivate: true });
const notifications = createNotifications({ database, secrets, events, outbound, publicUrl, newId });
const call = systemCall({ project: "default", environment: "prod" }, "tester");
/** Long enough for a busy machine; the table is polled much more rarely. */
const SOON = { timeout: 10_000, interval: 10 };

/** A receiver as Slack's incoming webhooks are; what it answers to a title is set by the tests. */
const received: { path: string | undefined; body: { text: string; blocks: unknown[] } }[] = [];
const answers = new Map<string, { status: number; text: string }[]>();
let hanging = 0;
const slack = createServer((request, response) => {
  let body = "";
  request.on("data", (chunk) => {
    body += chunk;
  });
  request.on("end", () => {
    const title = JSON.parse(body).blocks[0].text.text;
    const answer = answers.get(title)?.shift() ?? { status: 200, text: "ok" };
    if (answer.status === 0) {
      hanging += 1;
      return;
    }
    if (answer.status === 200) received.push({ path: request.url, body: JSON.parse(body) });
    response.writeHead(answer.status).end(answer.text);
  });
});
let address = "";
const SECRET_PATH = "/services/T000/B000/topsecretpart";
let stop = async () => {};

beforeAll(async () => {
  await new Promise<void>((resolve) => slack.listen(0, "127.0.0.1", resolve));
  address = `http://127.0.0.1:${(slack.address() as AddressInfo).port}`;
  await notifications.createChannel({ name: "ops", kind: "slack", url: `${address}${SECRET_PATH}` }, call);
  stop = startSender({ database, notifications, log });
});
afterAll(async () => {
  await stop();
  slack.close();
  await events.close();
  rmSync(folder, { recursive: true, force: true });
});

const notify = (request: Partial<MessageRequest> & { subject: string }) =>
  db.transaction().execute((tx) =>
    notifications.notify(tx, call, {
      channels: ["ops"],
      title: "churn drifted",
      text: "price moved",
      ...request,
    }),
  );
const messagesOn = async (subject: string) =>
  (await notifications.listNotifications({ limit: 50, subject }, call)).items;
const failuresOf = async (id: string) =>
  (await events.list({ limit: 50, subject: `/api/platform/notifications/${id}` }, call)).items;

it("M9/slack sends a message with its commit, without waiting for a poll, with a link to the page, and not after a rollback", async () => {
  await expect(
    db.transaction().execute(async (tx) => {
      await notifications.notify(tx, call, {
        channels: ["ops"],
        subject: "/undone",
        title: "undone",
        text: "",
      });
      throw new Error("undone");
    }),
  ).rejects.toThrow("undone");
  const began = performance.now();
  await notify({
    subject: "/a/1",
    url: "/prod/monitoring/churn",
    facts: [{ name: "Column", value: "price" }],
  });
  await vi.waitFor(() => expect(received).toHaveLength(1), SOON);
  expect(performance.now() - began).toBeLessThan(5_000);
  expect(received[0]?.path).toBe(SECRET_PATH);
  expect(received[0]?.body.text).toBe("churn drifted: price moved");
  expect(JSON.stringify(received[0]?.body.blocks)).toContain("http://127.0.0.1:7420/prod/monitoring/churn");
  await vi.waitFor(
    async () => expect(await messagesOn("/a/1")).toMatchObject([{ state: "sent", attempts: 1 }]),
    SOON,
  );
});

it("sends one message per channel, subject and key, however often it is asked for", async () => {
  const before = received.length;
  for (let i = 0; i < 3; i++) await notify({ subject: "/b/1", key: "raised" });
  await Promise.all([notify({ subject: "/b/2", key: "raised" }), notify({ subject: "/b/2", key: "raised" })]);
  await notify({ subject: "/b/1", key: "resolved" });
  await vi.waitFor(() => expect(received.length).toBe(before + 3), SOON);
  expect(await messagesOn("/b/1")).toHaveLength(2);
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(received.length).toBe(before + 3);
});

it("M9/slack tries again while Slack is down, and the change that is told of stands all the while", async () => {
  answers.set("/c/1", [
    { status: 503, text: "down" },
    { status: 429, text: "slow down" },
  ]);
  const before = received.length;
  await notify({ subject: "/c/1", title: "/c/1" });
  await vi.waitFor(
    async () =>
      expect(await messagesOn("/c/1")).toMatchObject([
        { state: "queued", problem: "Slack did not take the message; it answered 503: down" },
      ]),
    SOON,
  );
  await vi.waitFor(() => expect(received.length).toBe(before + 1), SOON);
  await vi.waitFor(
    async () => expect(await messagesOn("/c/1")).toMatchObject([{ state: "sent", attempts: 3 }]),
    SOON,
  );
});

it("M9/slack gives up after about an hour, and tells of it once", async () => {
  answers.set("/d/1", [
    { status: 503, text: "down" },
    { status: 503, text: "still down" },
  ]);
  await notify({ subject: "/d/1", title: "/d/1" });
  await vi.waitFor(async () => expect((await messagesOn("/d/1"))[0]?.attempts).toBe(1), SOON);
  await vi.waitFor(async () => expect((await messagesOn("/d/1"))[0]?.problem).toContain("503"), SOON);
  await sql`update platform_notifications set created_at = created_at - interval '1 hour', not_before = clock_timestamp()
    where subject = '/d/1'`.execute(db);
  await notify({ subject: "/d/wake" });
  await vi.waitFor(async () => expect((await messagesOn("/d/1"))[0]?.state).toBe("failed"), SOON);
  const [failed] = await messagesOn("/d/1");
  expect(await failuresOf(failed?.id ?? "")).toMatchObject([
    {
      type: "platform.notification-failed",
      data: { channel: "ops", about: "/d/1", problem: expect.stringContaining("still down") },
    },
  ]);
  expect((await notifications.listChannels({ limit: 10 }, call)).items[0]?.last).toBeTruthy();
});

it("gives up at once where the receiver has understood and says no", async () => {
  answers.set("/e/1", [{ status: 404, text: "no_service" }]);
  await notify({ subject: "/e/1", title: "/e/1" });
  await vi.waitFor(
    async () => expect(await messagesOn("/e/1")).toMatchObject([{ state: "failed", attempts: 1 }]),
    SOON,
  );
  const [failed] = await messagesOn("/e/1");
  expect(await failuresOf(failed?.id ?? "")).toHaveLength(1);
});

it("records a message to a channel that is gone, once, and lets the change go through", async () => {
  await notify({ subject: "/f/1", channels: ["gone", "ops"], key: "k" });
  await notify({ subject: "/f/1", channels: ["gone", "ops"], key: "k" });
  await vi.waitFor(async () => expect(await messagesOn("/f/1")).toHaveLength(2), SOON);
  const gone = (await messagesOn("/f/1")).find(({ channel }) => channel === "gone");
  expect(gone).toMatchObject({ state: "failed", problem: "There is no channel gone" });
  expect(await failuresOf(gone?.id ?? "")).toHaveLength(1);
  await expect(notifications.checkChannels(["ops", "gone"], call)).rejects.toMatchObject({
    code: "NOT_FOUND",
  });
});

it("tests a channel and waits for the answer", async () => {
  expect(await notifications.testChannel({ channel: "ops" }, call)).toMatchObject({
    state: "sent",
    attempts: 1,
  });
  answers.set("A test of Causeway", [{ status: 500, text: "broken" }]);
  expect(await notifications.testChannel({ channel: "ops" }, call)).toMatchObject({
    state: "failed",
    problem: "Slack did not take the message; it answered 500: broken",
  });
  expect((await notifications.listChannels({ limit: 10 }, call)).items).toMatchObject([
    { name: "ops", kind: "slack", host: address.slice(7), last: { state: "failed" } },
  ]);
});

it("M9/webhook posts Alertmanager's body to a webhook, and any 2xx means that it arrived", async () => {
  const bodies: { version: string; status: string; receiver: string; causeway: { subject: string } }[] = [];
  const receiver = createServer(async (request, response) => {
    bodies.push(JSON.parse(await text(request)));
    response.writeHead(204).end();
  });
  await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
  await notifications.createChannel({ name: "pager", kind: "webhook", url }, call);
  await notify({ subject: "/w/1", channels: ["pager"], status: "resolved" });
  await vi.waitFor(async () => expect(await messagesOn("/w/1")).toMatchObject([{ state: "sent" }]), SOON);
  receiver.close();
  expect(bodies).toMatchObject([
    { version: "4", status: "resolved", receiver: "pager", causeway: { subject: "/w/1" } },
  ]);
  await notifications.deleteChannel({ channel: "pager" }, call);
});

it("another sender takes over what a dead one had begun", async () => {
  await stop();
  await notify({ subject: "/g/1" });
  await sql`update platform_notifications set attempts = 1, not_before = clock_timestamp() + interval '300 ms'
    where subject = '/g/1'`.execute(db);
  const before = received.length;
  stop = startSender({ database, notifications, log });
  await vi.waitFor(() => expect(received.length).toBe(before + 1), SOON);
  await vi.waitFor(
    async () => expect((await messagesOn("/g/1"))[0]).toMatchObject({ state: "sent", attempts: 2 }),
    SOON,
  );
});

it("ends at once while a receiver hangs, and the message is due again", async () => {
  answers.set("/i/1", [{ status: 0, text: "" }]);
  await notify({ subject: "/i/1", title: "/i/1" });
  await vi.waitFor(() => expect(hanging).toBe(1), SOON);
  const began = performance.now();
  await stop();
  expect(performance.now() - began).toBeLessThan(5_000);
  expect(await messagesOn("/i/1")).toMatchObject([{ state: "queued", attempts: 1 }]);
  stop = startSender({ database, notifications, log });
  await vi.waitFor(async () => expect((await messagesOn("/i/1"))[0]?.state).toBe("sent"), SOON);
});

it("X5/never-shown lets no address out: not in answers, events, the audit trail, problems or the log", async () => {
  slack.close();
  slack.closeAllConnections();
  await notify({ subject: "/h/1" });
  await vi.waitFor(
    async () =>
      expect((await messagesOn("/h/1"))[0]?.problem).toBe("Nobody listens there (connection refused)"),
    SOON,
  );
  const shown = JSON.stringify([
    await notifications.listChannels({ limit: 10 }, call),
    await notifications.listNotifications({ limit: 100 }, call),
    await events.list({ limit: 1000 }, call),
    (await sql`select * from platform_audit`.execute(db)).rows,
    (await sql`select * from platform_notifications`.execute(db)).rows,
    (await sql`select * from platform_channels`.execute(db)).rows,
    readFileSync(join(folder, "logs", "control.log"), "utf8"),
  ]);
  expect(shown).not.toContain("topsecretpart");
  expect(shown).toContain(address.slice(7));
});

it("removes a channel with its address and ends what waits for it", async () => {
  await notifications.deleteChannel({ channel: "ops" }, call);
  expect(await secrets.read({ project: "default", environment: null, name: "channels/ops" })).toBeUndefined();
  expect(await messagesOn("/h/1")).toMatchObject([
    { state: "failed", problem: "The channel ops was removed" },
  ]);
  await expect(notifications.testChannel({ channel: "ops" }, call)).rejects.toMatchObject({
    code: "NOT_FOUND",
  });
});

it("refuses addresses that are not public where the configuration does not allow them, and names that are taken", async () => {
  const closed = createNotifications({
    database,
    secrets,
    events,
    outbound: createOutbound({ allowPrivate: false }),
    publicUrl,
    newId,
  });
  const input = { name: "inner", kind: "webhook" as const, url: "http://169.254.169.254/latest" };
  await expect(closed.createChannel(input, call)).rejects.toMatchObject({ code: "FORBIDDEN_ADDRESS" });
  await notifications.createChannel(input, call);
  await expect(notifications.createChannel(input, call)).rejects.toMatchObject({ code: "ALREADY_EXISTS" });
  expect(await closed.testChannel({ channel: "inner" }, call)).toMatchObject({
    state: "failed",
    problem: "169.254.169.254 is 169.254.169.254, which is not a public address",
  });
});
