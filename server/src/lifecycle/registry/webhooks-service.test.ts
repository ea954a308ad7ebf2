import { mkdtempSync, rmSync } from "node:fs";
import type { Event } from "@causeway/contract";
import { pino } from "pino";
import { afterAll, expect, it } from "vitest";
import { testDatabase } from "../../../testing/database.ts";
import { systemCall } from "../../platform/access/index.ts";
import { createAudit } from "../../platform/audit/index.ts";
import { createNewId } from "../../platform/database/index.ts";
import { createEvents } from "../../platform/events/index.ts";
import { createOutbound } from "../../platform/outbound/index.ts";
import { createSecrets } from "../../platform/secrets/index.ts";
import { createWebhooks } from "./webhooks-service.ts";

const { database, db } = await testDatabase();
const dataDir = mkdtempSync("/tmp/causeway-webhooks-");
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

const newId = createNewId();
const now = () => new Date();
/** What the receiver's name means; a name server may change its mind. */
let address = "8.8.8.8";
const events = createEvents({ database, audit: createAudit({ db, newId }), newId, now });
const secrets = createSecrets({ db, dataDir });
const webhooks = createWebhooks({
  database,
  secrets,
  events,
  outbound: createOutbound({ allowPrivate: false, resolve: async () => [{ address, family: 4 }] }),
  log: pino({ enabled: false }),
  now,
  newId,
});
const call = systemCall({ project: "default", environment: "dev" }, "tester");
const settings = {
  name: "ci",
  events: ["model_version.created"] as const,
  description: "",
  status: "active" as const,
};
const create = (url: string, secret?: string) =>
  webhooks.createWebhook(
    { ...settings, events: [...settings.events], url, ...(secret === undefined ? {} : { secret }) },
    call,
  );

it.each([
  ["http://hooks.example.com/x", "INVALID_FIELD"],
  ["https://127.0.0.1/x", "FORBIDDEN_ADDRESS"],
  ["https://169.254.169.254/latest/meta-data", "FORBIDDEN_ADDRESS"],
  ["https://[::ffff:169.254.169.254]/", "FORBIDDEN_ADDRESS"],
  ["https://[64:ff9b::a9fe:a9fe]/", "FORBIDDEN_ADDRESS"],
  ["https://2130706433/", "FORBIDDEN_ADDRESS"],
  ["https://user:pass@hooks.example.com/", "INVALID_FIELD"],
])("R8/webhooks never lead to %s", async (url, code) => {
  await expect(create(url)).rejects.toMatchObject({ code });
});

it("R8/webhooks whose name turns private afterwards are not called, and nothing is told of what lies there", async () => {
  address = "8.8.8.8";
  const { id: webhook } = await create("https://hooks.example.com/x");
  address = "169.254.169.254";
  const trial = await webhooks.testWebhook({ webhook }, call);
  expect(trial).toMatchObject({ success: false, status: null, answer: null });
  expect(trial.problem).toContain("not a public address");
  await expect(
    webhooks.updateWebhook({ webhook, url: "https://hooks.example.com/y" }, call),
  ).rejects.toMatchObject({ code: "FORBIDDEN_ADDRESS" });
});

it("keeps the secret encrypted, shows it to nobody, and lets it go with the webhook", async () => {
  address = "8.8.8.8";
  const made = await create("https://hooks.example.com/x", "very-secret");
  expect(made.signed).toBe(true);
  const key = { project: "default", environment: null, name: `webhooks/${made.id}` };
  expect(await secrets.read(key)).toBe("very-secret");
  const shown = [await webhooks.listWebhooks({ limit: 9 }, call), await events.list({ limit: 9 }, call)];
  expect(JSON.stringify(shown)).not.toContain("very-secret");
  await webhooks.deleteWebhook({ webhook: made.id }, call);
  expect(await secrets.read(key)).toBeUndefined();
});

it("knows nothing of webhooks of another project", async () => {
  const made = await create("https://hooks.example.com/x");
  const other = systemCall({ project: "other", environment: "dev" }, "tester");
  for (const asked of [
    () => webhooks.getWebhook({ webhook: made.id }, other),
    () => webhooks.deleteWebhook({ webhook: made.id }, other),
    () => webhooks.testWebhook({ webhook: made.id }, other),
  ]) {
    await expect(asked()).rejects.toMatchObject({ code: "NOT_FOUND" });
  }
  expect((await webhooks.listWebhooks({ limit: 9 }, other)).items).toEqual([]);
});

it("R8/webhooks cost a change nothing to read where none of the project was there and active", async () => {
  const quiet = systemCall({ project: "quiet", environment: "dev" }, "tester");
  const read: string[] = [];
  const event = (recordedAt: Date): Event => ({
    id: newId(),
    type: "registry.version-registered",
    occurredAt: recordedAt.toISOString(),
    recordedAt: recordedAt.toISOString(),
    project: "quiet",
    environment: null,
    actor: quiet.actor,
    subject: "/api/registry/models/m/versions/1",
    data: { model: "m", version: 1 },
  });
  const watched = db.withPlugin({
    transformQuery({ node }) {
      read.push(JSON.stringify(node));
      return node;
    },
    transformResult: async ({ result }) => result,
  });
  const hear = async (recordedAt: Date) => {
    read.length = 0;
    await watched
      .transaction()
      .execute((tx) => webhooks.webhookConsumer.handle(tx, event(recordedAt), quiet));
    return ["registry_versions", "registry_models"].filter((table) =>
      read.some((one) => one.includes(table)),
    );
  };
  expect(await hear(now())).toEqual([]);
  const before = now();
  const made = await webhooks.createWebhook(
    { ...settings, events: [...settings.events], url: "https://hooks.example.com/x" },
    quiet,
  );
  expect(await hear(new Date(before.getTime() - 1000))).toEqual([]);
  expect(await hear(new Date(now().getTime() + 1000))).toEqual(["registry_versions", "registry_models"]);
  await webhooks.updateWebhook({ webhook: made.id, status: "disabled" }, quiet);
  expect(await hear(new Date(now().getTime() + 1000))).toEqual([]);
});
