import { CausewayError, type Notification } from "@causeway/contract";
import { type Call, systemCall } from "../access/call.ts";
import type { Database, Tx } from "../database/index.ts";
import type { Events } from "../events/index.ts";
import type { Outbound } from "../outbound/index.ts";
import type { Secrets } from "../secrets/index.ts";
import { CHANNELS, type Message, post } from "./channels/index.ts";
import { type ClaimedNotification, notificationsStore } from "./notifications-store.ts";
import { retryPause } from "./retry-pause.ts";

/** Time that a message belongs to the sender who took it; longer than any call takes. */
const LEASE_MS = 30_000;
const BATCH = 10;

/** What carries messages. */
export type DeliveryParts = {
  readonly database: Pick<Database, "db">;
  readonly secrets: Pick<Secrets, "read">;
  readonly events: Pick<Events, "record">;
  readonly outbound: Pick<Outbound, "postJson">;
  /** Where people find the pages; empty where it is not known. */
  readonly publicUrl: () => string;
};

type Outcome =
  | "arrived"
  | {
      readonly problem: string;
      readonly status: number | null;
      readonly retryAfterSeconds: number | null;
      /** No repetition would change it. */
      readonly final: boolean;
    };

/** Where the address of a channel is kept among the secrets. */
export function addressKey(project: string, channel: string) {
  return { project, environment: null, name: `channels/${channel}` };
}

/** Makes what carries messages to their channels. */
export function createDelivery({ database, secrets, events, outbound, publicUrl }: DeliveryParts) {
  const { db } = database;

  /**
   * Sends what is due, a few at a time; answers how long until more is due, null where nothing waits. What is under way
   * when the signal aborts is due again at once.
   */
  async function sendDue(signal: AbortSignal): Promise<number | null> {
    for (;;) {
      const claimed = await notificationsStore(db).claimDue({ limit: BATCH, leaseMs: LEASE_MS });
      if (claimed.length === 0) return notificationsStore(db).nextDueMs();
      await Promise.all(claimed.map((one) => deliver(one, signal)));
      if (signal.aborted) return null;
    }
  }

  async function deliver(claimed: ClaimedNotification, signal: AbortSignal): Promise<void> {
    const outcome = await send(claimed, signal);
    if (outcome === "arrived") {
      await notificationsStore(db).markSent(claimed.id);
      return;
    }
    if (signal.aborted) {
      const problem = "The program ended while it was being sent";
      return notificationsStore(db).postpone(claimed.id, { pauseMs: 0, problem });
    }
    const pauseMs = outcome.final ? null : retryPause({ ...claimed, ...outcome });
    if (pauseMs === null) await giveUp(claimed, outcome.problem);
    else await notificationsStore(db).postpone(claimed.id, { pauseMs, problem: outcome.problem });
  }

  /** One attempt. What goes wrong is told without the address, which is a secret. */
  async function send(claimed: ClaimedNotification, signal: AbortSignal): Promise<Outcome> {
    const { project, channel } = claimed;
    const nothing = { status: null, retryAfterSeconds: null };
    try {
      const kind = (await notificationsStore(db).listKinds(project, [channel])).get(channel);
      const address = await secrets.read(addressKey(project, channel));
      if (kind === undefined || address === undefined)
        return { ...nothing, problem: `There is no channel ${channel}`, final: true };
      const definition = CHANNELS[kind];
      const answer = await post(definition, {
        outbound,
        url: new URL(address),
        message: messageOf(claimed),
        signal,
      });
      const judged = definition.judge(answer);
      return judged === "arrived" ? judged : { ...answer, ...judged, final: false };
    } catch (error) {
      return { ...nothing, problem: reasonOf(error), final: error instanceof CausewayError };
    }
  }

  function messageOf(claimed: ClaimedNotification): Message {
    const { message, ...where } = claimed;
    const home = publicUrl();
    const isPage = message.url?.startsWith("/") === true;
    // A page without an address before it leads nowhere.
    const url = isPage ? (home === "" ? null : `${home}${message.url}`) : message.url;
    return { ...where, ...message, url, home };
  }

  function giveUp(claimed: ClaimedNotification, problem: string): Promise<void> {
    return db.transaction().execute(async (tx) => {
      const failed = await notificationsStore(tx).markFailed(claimed.id, problem);
      if (failed === undefined) return;
      const { project, environment } = claimed;
      await recordFailure(tx, systemCall({ project, environment }, "notifications"), failed);
    });
  }

  /** Tells once that a message did not arrive. */
  async function recordFailure(tx: Tx, call: Call, failed: Notification): Promise<void> {
    const { id, channel, title, attempts, problem } = failed;
    await events.record(tx, call, {
      type: "platform.notification-failed",
      subject: `/api/platform/notifications/${id}`,
      data: { channel, about: failed.subject, title, attempts, problem },
    });
  }

  return { sendDue, send, recordFailure, leaseMs: LEASE_MS };
}

/** Why nothing came back. System errors name addresses that were called, never the URL's path. */
export function reasonOf(error: unknown): string {
  if (error instanceof CausewayError) return error.message;
  if (error instanceof Error && error.name === "TimeoutError") return "It did not answer within 10 s";
  const code = error instanceof Error && "code" in error ? String(error.code) : undefined;
  const words: Readonly<Record<string, string>> = {
    ECONNREFUSED: "Nobody listens there (connection refused)",
    ECONNRESET: "The connection was cut",
    ENOTFOUND: "Its host name is not known",
    EAI_AGAIN: "Its host name could not be looked up",
    EHOSTUNREACH: "It cannot be reached from here",
    ENETUNREACH: "It cannot be reached from here",
  };
  return words[code ?? ""] ?? `It could not be called${code === undefined ? "" : ` (${code})`}`;
}
