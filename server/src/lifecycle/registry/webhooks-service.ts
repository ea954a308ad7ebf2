import { fail, type Webhook, type WebhookEvent, type WebhookStatus } from "@causeway/contract";
import type { Call } from "../../platform/access/index.ts";
import type { Database } from "../../platform/database/index.ts";
import type { Logger } from "../../platform/log/index.ts";
import { keepSending, reasonOf } from "../../platform/notifications/index.ts";
import type { Outbound } from "../../platform/outbound/index.ts";
import { keysetPage, uuidCursor } from "../../platform/paging/index.ts";
import type { Secrets } from "../../platform/secrets/index.ts";
import { webhookPath } from "./registry-paths.ts";
import {
  bodyOf,
  createWebhookDelivery,
  WEBHOOKS_CHANNEL,
  type WebhookDeliveryParts,
  webhookSecret,
} from "./webhook-delivery-service.ts";
import { exampleMessage } from "./webhook-message.ts";
import { webhooksStore } from "./webhooks-store.ts";

/** What webhooks are made from. */
export type WebhooksParts = WebhookDeliveryParts & {
  readonly database: Pick<Database, "db" | "listen">;
  readonly secrets: Secrets;
  readonly outbound: Outbound;
  readonly log: Logger;
};

type Settings = {
  name?: string | undefined;
  url?: string | undefined;
  events?: readonly WebhookEvent[] | undefined;
  description?: string | undefined;
  status?: WebhookStatus | undefined;
  secret?: string | undefined;
};
type InWebhook = { webhook: string };
type Page = { limit: number; after?: string | undefined };

/** Most characters of an answer that a trial repeats. */
const LONGEST_ANSWER = 500;

/** Webhooks: addresses that are told of changes of models. */
export type Webhooks = ReturnType<typeof createWebhooks>;

/** Makes the service of webhooks. */
export function createWebhooks(parts: WebhooksParts) {
  const { database, secrets, events, outbound, log, now, newId } = parts;
  const { db } = database;
  const { consumer, sendDue, send, forgetDeliveries } = createWebhookDelivery(parts);

  async function createWebhook(
    input: Settings & Required<Pick<Webhook, "name" | "url" | "events" | "description" | "status">>,
    call: Call,
  ): Promise<Webhook> {
    await checkUrl(input.url);
    const id = newId();
    const { project } = call.scope;
    const { secret, ...settings } = input;
    await db.transaction().execute(async (tx) => {
      const made = { createdAt: now(), createdBy: call.actor, signed: secret !== undefined };
      await webhooksStore(tx).insert({ ...settings, id, project, ...made });
      if (secret !== undefined) await secrets.put(tx, webhookSecret(project, id), secret);
      await events.record(tx, call, {
        type: "registry.webhook-created",
        subject: webhookPath(id),
        data: { webhook: id, name: input.name, host: new URL(input.url).host, events: [...input.events] },
      });
    });
    return getWebhook({ webhook: id }, call);
  }

  async function updateWebhook({ webhook, ...change }: InWebhook & Settings, call: Call): Promise<Webhook> {
    const { secret, ...settings } = change;
    if (settings.url !== undefined) await checkUrl(settings.url);
    const { project } = call.scope;
    await db.transaction().execute(async (tx) => {
      if ((await webhooksStore(tx).find({ project, id: webhook })) === undefined) throw noWebhook(webhook);
      const signed = secret === undefined ? {} : { signed: true };
      await webhooksStore(tx).update({ project, id: webhook }, { ...settings, ...signed, updatedAt: now() });
      if (secret !== undefined) await secrets.put(tx, webhookSecret(project, webhook), secret);
      await events.record(tx, call, {
        type: "registry.webhook-changed",
        subject: webhookPath(webhook),
        data: { webhook, changed: Object.keys(change) },
      });
    });
    return getWebhook({ webhook }, call);
  }

  function deleteWebhook({ webhook }: InWebhook, call: Call): Promise<Record<string, never>> {
    const { project } = call.scope;
    return db.transaction().execute(async (tx) => {
      if (!(await webhooksStore(tx).remove({ project, id: webhook }))) throw noWebhook(webhook);
      await secrets.remove(tx, webhookSecret(project, webhook));
      await events.record(tx, call, {
        type: "registry.webhook-deleted",
        subject: webhookPath(webhook),
        data: { webhook },
      });
      return {};
    });
  }

  async function getWebhook({ webhook }: InWebhook, { scope }: Call): Promise<Webhook> {
    const found = await webhooksStore(db).find({ project: scope.project, id: webhook });
    if (found === undefined) throw noWebhook(webhook);
    return found;
  }

  async function listWebhooks(input: Page, call: Call) {
    const { project } = call.scope;
    const after = uuidCursor(input.after);
    const rows = await webhooksStore(db).list({ project, after, limit: input.limit + 1 });
    return keysetPage(rows, input.limit, ({ id }) => id);
  }

  async function listWebhookDeliveries(input: Page & InWebhook, call: Call) {
    const { id: webhook } = await getWebhook(input, call);
    const after = uuidCursor(input.after);
    const rows = await webhooksStore(db).listDeliveries({ webhook, after, limit: input.limit + 1 });
    return keysetPage(rows, input.limit, ({ id }) => id);
  }

  /** Sends an example once and waits for the answer. Of what a stranger answers, only the beginning is repeated. */
  async function testWebhook(input: InWebhook & { event?: WebhookEvent | undefined }, call: Call) {
    const webhook = await getWebhook(input, call);
    const event = input.event ?? webhook.events[0];
    if (event === undefined) throw noWebhook(input.webhook);
    const receiver = { ...webhook, project: call.scope.project, webhook: webhook.id };
    const message = { id: newId(), body: bodyOf(exampleMessage(event), now()) };
    try {
      const { status, text } = await send(receiver, message, call.signal);
      const answer = text.slice(0, LONGEST_ANSWER);
      const moved = status >= 300 && status < 400;
      const problem = moved ? "It answered with a redirect, which is not followed" : null;
      return { success: status >= 200 && status < 300, status, answer, problem };
    } catch (error) {
      if (call.signal.aborted) throw call.signal.reason;
      return { success: false, status: null, answer: null, problem: reasonOf(error) };
    }
  }

  /** Messages about models are for those who were meant to read them: only encrypted, except on one's own network. */
  async function checkUrl(text: string): Promise<void> {
    const url = new URL(text);
    if (url.protocol !== "https:" && !outbound.allowsPrivate) {
      throw fail("INVALID_FIELD", {
        message: `${url.protocol} addresses are not told of changes`,
        field: "url",
        value: url.host,
        help: "Give an address that begins with https://, or start with --allow-private-channels (or CAUSEWAY_NOTIFY_PRIVATE=1) for one in your own network.",
      });
    }
    await outbound.check(url);
  }

  return {
    createWebhook,
    updateWebhook,
    deleteWebhook,
    getWebhook,
    listWebhooks,
    listWebhookDeliveries,
    testWebhook,
    webhookConsumer: consumer,
    forgetDeliveries,
    /** Sends messages to webhooks until the signal aborts. */
    sendWebhooks: (signal: AbortSignal) =>
      keepSending({ database, notifications: { sendDue }, channel: WEBHOOKS_CHANNEL, log }, signal),
  };
}

function noWebhook(webhook: string): Error {
  return fail("NOT_FOUND", {
    message: `There is no webhook ${webhook}`,
    field: "webhook",
    value: webhook,
    help: "npx --no causeway registry webhooks list shows what there is.",
  });
}
