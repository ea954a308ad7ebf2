import { createHmac } from "node:crypto";
import { CausewayError, type Event } from "@causeway/contract";
import { type Call, systemCall } from "../../platform/access/index.ts";
import { type Database, notify, type Tx } from "../../platform/database/index.ts";
import type { Consumer, Events } from "../../platform/events/index.ts";
import { reasonOf, retryPause } from "../../platform/notifications/index.ts";
import type { Outbound, OutboundAnswer } from "../../platform/outbound/index.ts";
import type { Secrets } from "../../platform/secrets/index.ts";
import { webhookPath } from "./registry-paths.ts";
import { registryStore } from "./registry-store.ts";
import { messagesOf, type WebhookMessage } from "./webhook-message.ts";
import { judgeAnswer } from "./webhook-verdict.ts";
import { type ClaimedDelivery, webhooksStore } from "./webhooks-store.ts";

/** Told when messages to webhooks were queued; payload: nothing. */
export const WEBHOOKS_CHANNEL = "causeway_webhooks";

/** Time that a message belongs to the sender who took it; longer than any call takes. */
const LEASE_MS = 30_000;
const BATCH = 10;
/** Time for which it is told what became of a message. */
const REMEMBERED_MS = 30 * 24 * 3_600_000;

/** What carries messages to webhooks. */
export type WebhookDeliveryParts = {
  readonly database: Pick<Database, "db">;
  readonly secrets: Pick<Secrets, "read">;
  readonly events: Pick<Events, "record">;
  readonly outbound: Pick<Outbound, "post" | "allowsPrivate">;
  readonly now: () => Date;
  readonly newId: () => string;
};

type Receiver = {
  readonly project: string;
  readonly webhook: string;
  readonly url: string;
  readonly signed: boolean;
};

/** Where the secret of a webhook is kept. */
export function webhookSecret(project: string, webhook: string) {
  return { project, environment: null, name: `webhooks/${webhook}` };
}

/** Makes what turns events of the registry into messages, and carries them. */
export function createWebhookDelivery(parts: WebhookDeliveryParts) {
  const { database, secrets, events, outbound, now, newId } = parts;
  const { db } = database;

  /** Queues what an event is to the webhooks that listen, in the transaction that moves the reader of events on. */
  const consumer: Consumer = {
    name: "registry.webhooks",
    types: [
      "registry.model-created",
      "registry.model-changed",
      "registry.version-registered",
      "registry.version-changed",
      "registry.version-assigned",
      "registry.alias-removed",
    ],
    handle: queue,
  };

  async function queue(tx: Tx, event: Event): Promise<void> {
    const { project } = event;
    const store = webhooksStore(tx);
    const { model, version } = event.data;
    if (typeof model !== "string") return;
    // Most projects have no webhooks, and a version with its files and rows is much to read for nobody.
    if (!(await store.isAnyListening({ project, at: new Date(event.recordedAt) }))) return;
    const messages = messagesOf(event, {
      model: await registryStore(tx).findModel(project, model),
      version:
        typeof version === "number"
          ? await registryStore(tx).findVersion({ project, model, version })
          : undefined,
    });
    for (const message of messages) {
      const at = new Date(event.recordedAt);
      const body = bodyOf(message, at);
      for (const webhook of await store.listListening({ project, event: message.event, at }))
        await store.queue({ id: newId(), project, webhook, event: message.event, body });
    }
    if (messages.length > 0) await notify(tx, { channel: WEBHOOKS_CHANNEL });
  }

  /** Sends what is due, a few at a time; answers how long until more is due, null where nothing waits. */
  async function sendDue(signal: AbortSignal): Promise<number | null> {
    for (;;) {
      const claimed = await webhooksStore(db).claimDue({ limit: BATCH, leaseMs: LEASE_MS });
      if (claimed.length === 0) return webhooksStore(db).nextDueMs();
      await Promise.all(claimed.map((one) => deliver(one, signal)));
      if (signal.aborted) return null;
    }
  }

  async function deliver(claimed: ClaimedDelivery, signal: AbortSignal): Promise<void> {
    const store = webhooksStore(db);
    const { id } = claimed;
    if (!claimed.active) {
      await store.end(id, { state: "failed", status: null, problem: "The webhook was turned off" });
      return;
    }
    let answer: OutboundAnswer;
    try {
      answer = await send(claimed, { id, body: claimed.body }, signal);
    } catch (error) {
      if (signal.aborted) {
        const problem = "The program ended while it was being sent";
        return store.postpone(id, { pauseMs: 0, status: null, problem });
      }
      const silent = { status: null, retryAfterSeconds: null, problem: reasonOf(error) };
      return settle(claimed, { ...silent, final: error instanceof CausewayError });
    }
    const verdict = judgeAnswer(answer.status);
    if (verdict.outcome === "arrived") {
      await store.end(id, { state: "sent", status: answer.status, problem: null });
      return;
    }
    await settle(claimed, { ...answer, problem: verdict.problem, final: verdict.outcome === "failed" });
  }

  /** Waits for another attempt, or gives up and tells of it. */
  async function settle(
    claimed: ClaimedDelivery,
    failed: { status: number | null; retryAfterSeconds: number | null; problem: string; final: boolean },
  ): Promise<void> {
    const { id, attempts, ageMs, project, webhook, name, event } = claimed;
    const { status, retryAfterSeconds, problem } = failed;
    const pauseMs = failed.final ? null : retryPause({ attempts, ageMs, status: null, retryAfterSeconds });
    if (pauseMs !== null) return webhooksStore(db).postpone(id, { pauseMs, status, problem });
    await db.transaction().execute(async (tx) => {
      if (!(await webhooksStore(tx).end(id, { state: "failed", status, problem }))) return;
      const call: Call = systemCall({ project, environment: "dev" }, "webhooks");
      await events.record(tx, call, {
        type: "registry.webhook-failed",
        subject: webhookPath(webhook),
        data: { webhook, name, event, attempts, problem },
      });
    });
  }

  /**
   * One attempt. The signature covers id, time and body, so that a receiver tells a forged or repeated message. The time is
   * that of the attempt: receivers refuse old ones.
   */
  async function send(
    receiver: Receiver,
    message: { id: string; body: string },
    signal?: AbortSignal,
  ): Promise<OutboundAnswer> {
    const url = new URL(receiver.url);
    const timestamp = String(Math.floor(now().getTime() / 1000));
    const headers: Record<string, string> = {
      "X-MLflow-Delivery-Id": message.id,
      "X-MLflow-Timestamp": timestamp,
    };
    if (receiver.signed) {
      const secret = (await secrets.read(webhookSecret(receiver.project, receiver.webhook))) ?? "";
      const hmac = createHmac("sha256", secret).update(`${message.id}.${timestamp}.${message.body}`);
      headers["X-MLflow-Signature"] = `v1,${hmac.digest("base64")}`;
    }
    return outbound.post(url, { content: message.body, headers }, signal);
  }

  /** Forgets what became of old messages. */
  async function forgetDeliveries(): Promise<void> {
    await webhooksStore(db).forget(new Date(now().getTime() - REMEMBERED_MS));
  }

  return { consumer, sendDue, send, forgetDeliveries };
}

/** A message as it is sent: entity, action, time, data, and of an alias its environment. */
export function bodyOf({ event, data, environment }: WebhookMessage, at: Date): string {
  const [entity, action] = event.split(".");
  return JSON.stringify({ entity, action, timestamp: at.toISOString(), data, environment });
}
