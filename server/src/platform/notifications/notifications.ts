import { type Channel, type ChannelKind, fail, type Notification } from "@causeway/contract";
import type { Call } from "../access/call.ts";
import { type Tx, notify as wake } from "../database/index.ts";
import type { Outbound } from "../outbound/index.ts";
import { keysetPage, uuidCursor } from "../paging/index.ts";
import type { Secrets } from "../secrets/index.ts";
import { CHANNELS } from "./channels/index.ts";
import { addressKey, createDelivery, type DeliveryParts } from "./delivery.ts";
import { notificationsStore } from "./notifications-store.ts";

/** Sent when messages were queued; payload: nothing. */
export const NOTIFICATIONS_CHANNEL = "causeway_notifications";

/** What notifications are made from. */
export type NotificationsParts = DeliveryParts & {
  readonly secrets: Secrets;
  readonly outbound: Outbound;
  readonly newId: () => string;
};

/** A message for people, to one or more channels. */
export type MessageRequest = {
  /** Names of channels; one that does not exist is recorded as a failed message, and told once. */
  readonly channels: readonly string[];
  /** REST path of what it is about. */
  readonly subject: string;
  readonly title: string;
  readonly text: string;
  readonly facts?: readonly { readonly name: string; readonly value: string }[];
  /** Page with more; a path that begins with `/` is one of control's own pages. */
  readonly url?: string;
  /** `resolved` where it tells that an earlier one is over. */
  readonly status?: "firing" | "resolved";
  /** Where given, a channel gets one message of this key about the subject, however often it is asked for. */
  readonly key?: string;
};

type Page = { limit: number; after?: string | undefined };

/** Channels, and messages to them. */
export type Notifications = ReturnType<typeof createNotifications>;

/** Makes the service that queues messages; `createSender` sends them. */
export function createNotifications(parts: NotificationsParts) {
  const { database, secrets, events, outbound, newId } = parts;
  const { db } = database;
  const delivery = createDelivery(parts);

  /** Queues a message in the caller's transaction; it leaves with the commit, or not at all. */
  async function notify(tx: Tx, call: Call, request: MessageRequest): Promise<void> {
    const { channels, subject, key = null, title, text, facts = [], url = null, status = "firing" } = request;
    if (channels.length === 0) return;
    const store = notificationsStore(tx);
    const known = await store.listKinds(call.scope.project, channels);
    const message = { title, text, facts, url, status };
    for (const channel of new Set(channels)) {
      const problem = known.has(channel) ? {} : { problem: `There is no channel ${channel}` };
      const queued = await store.insert({
        id: newId(),
        ...call.scope,
        channel,
        subject,
        key,
        message,
        ...problem,
      });
      if (queued?.state === "failed") await delivery.recordFailure(tx, call, queued);
    }
    await wake(tx, { channel: NOTIFICATIONS_CHANNEL });
  }

  /** Refuses names of channels that do not exist; for whoever stores such names. */
  async function checkChannels(names: readonly string[], call: Pick<Call, "scope">): Promise<void> {
    const known = await notificationsStore(db).listKinds(call.scope.project, names);
    const absent = names.find((name) => !known.has(name));
    if (absent !== undefined) throw noChannel(absent, "notify");
  }

  async function createChannel(
    input: { name: string; kind: ChannelKind; url: string },
    call: Call,
  ): Promise<Channel> {
    const url = new URL(input.url);
    await outbound.check(url);
    const { project } = call.scope;
    return db.transaction().execute(async (tx) => {
      const store = notificationsStore(tx);
      const { name, kind } = input;
      const made = await store.insertChannel({ project, name, kind, host: url.host, createdBy: call.actor });
      if (!made) {
        throw fail("ALREADY_EXISTS", {
          message: `There is a channel ${name} already`,
          field: "name",
          value: name,
          help: `Choose another name, or remove it first: npx --no causeway channels delete ${name}`,
        });
      }
      await secrets.put(tx, addressKey(project, name), url.href);
      await events.record(tx, call, {
        type: "platform.channel-created",
        subject: channelPath(name),
        data: { name, kind, host: url.host },
      });
      const channel = await store.findChannel(project, name);
      if (channel === undefined) throw noChannel(name, "channel");
      return channel;
    });
  }

  async function listChannels(input: Page, call: Call): Promise<{ items: Channel[]; next: string | null }> {
    const { project } = call.scope;
    const rows = await notificationsStore(db).listChannels({
      project,
      after: input.after,
      limit: input.limit + 1,
    });
    return keysetPage(rows, input.limit, ({ name }) => name);
  }

  /** Sends a message and waits for the answer; it is tried once. */
  async function testChannel(input: { channel: string }, call: Call): Promise<Notification> {
    const { channel } = input;
    const store = notificationsStore(db);
    const kinds = await store.listKinds(call.scope.project, [channel]);
    const kind = kinds.get(channel);
    if (kind === undefined) throw noChannel(channel, "channel");
    const id = newId();
    const message = {
      title: "A test of Causeway",
      text: `Messages to the channel ${channel} arrive here. ${call.actor.name} asked for this one.`,
      facts: [{ name: "Channel", value: `${channel} (${CHANNELS[kind].kind})` }],
      url: "/",
      status: "firing" as const,
    };
    const subject = channelPath(channel);
    // In one transaction, so that no sender takes the message in between.
    const claimed = await db.transaction().execute(async (tx) => {
      const inside = notificationsStore(tx);
      await inside.insert({ id, ...call.scope, channel, subject, key: null, message });
      return inside.claim(id, delivery.leaseMs);
    });
    if (claimed === undefined) throw noChannel(channel, "channel");
    const outcome = await delivery.send(claimed, call.signal);
    const ended =
      outcome === "arrived" ? await store.markSent(id) : await store.markFailed(id, outcome.problem);
    if (ended === undefined) throw noChannel(channel, "channel");
    return ended;
  }

  function deleteChannel(input: { channel: string }, call: Call): Promise<Record<string, never>> {
    const { channel } = input;
    const { project } = call.scope;
    return db.transaction().execute(async (tx) => {
      const store = notificationsStore(tx);
      if (!(await store.deleteChannel(project, channel))) throw noChannel(channel, "channel");
      await store.failWaiting(project, channel, `The channel ${channel} was removed`);
      await secrets.remove(tx, addressKey(project, channel));
      await events.record(tx, call, {
        type: "platform.channel-deleted",
        subject: channelPath(channel),
        data: { name: channel },
      });
      return {};
    });
  }

  async function listNotifications(
    input: Page & { channel?: string | undefined; subject?: string | undefined },
    call: Call,
  ): Promise<{ items: Notification[]; next: string | null }> {
    const rows = await notificationsStore(db).list({
      scope: call.scope,
      channel: input.channel,
      subject: input.subject,
      after: uuidCursor(input.after),
      limit: input.limit + 1,
    });
    return keysetPage(rows, input.limit, ({ id }) => id);
  }

  return {
    notify,
    checkChannels,
    createChannel,
    listChannels,
    testChannel,
    deleteChannel,
    listNotifications,
    sendDue: delivery.sendDue,
  };
}

function channelPath(name: string): string {
  return `/api/platform/channels/${name}`;
}

function noChannel(name: string, field: string): Error {
  return fail("NOT_FOUND", {
    message: `There is no channel ${name}`,
    field,
    value: name,
    help: "npx --no causeway channels list shows what there is; channels create makes one.",
  });
}
