import pg from "pg";
import { waitForServer } from "./wait-for-server.ts";

const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 2_000;
const HEARTBEAT_MS = 15_000;

/** Called with the payload of each notification on a channel. */
export type NotificationHandler = (payload: string) => void;

/** What a subscription may ask for beside its notifications. */
export interface ListenOptions {
  /** Called after a lost connection is back: notifications sent in between are gone, so look at the tables again. */
  onReconnect?: () => void;
}

/** One dedicated connection that carries every subscription and comes back by itself. */
export interface Listener {
  /** Resolves once the server has the subscription; the answer ends it. */
  readonly listen: (
    channel: string,
    handler: NotificationHandler,
    options?: ListenOptions,
  ) => Promise<() => Promise<void>>;
  readonly close: () => Promise<void>;
}

interface Subscription {
  channel: string;
  handler: NotificationHandler;
  onReconnect: (() => void) | undefined;
}

interface ListenerOptions {
  url: string;
  applicationName: string;
  /** How long the first subscription waits for a server that is starting. */
  connectWithinMs: number;
  onConnectionError: (error: Error) => void;
}

/** Creates a listener that connects with its first subscription. */
export function createListener(options: ListenerOptions): Listener {
  const { url, applicationName, connectWithinMs, onConnectionError } = options;
  const subscriptions = new Set<Subscription>();
  let client: pg.Client | undefined;
  let opening: Promise<pg.Client> | undefined;
  let retry: NodeJS.Timeout | undefined;
  let heartbeat: NodeJS.Timeout | undefined;
  let pause = FIRST_PAUSE_MS;
  let turn: Promise<unknown> = Promise.resolve();
  let closed = false;

  async function open(): Promise<pg.Client> {
    const fresh = new pg.Client({
      connectionString: url,
      application_name: applicationName,
      keepAlive: true,
      connectionTimeoutMillis: 10_000,
    });
    fresh.on("error", onConnectionError);
    fresh.on("end", () => lose(fresh));
    fresh.on("notification", ({ channel, payload }) => {
      for (const subscription of subscriptions) {
        if (subscription.channel === channel) subscription.handler(payload ?? "");
      }
    });
    try {
      await fresh.connect();
      const channels = new Set([...subscriptions].map(({ channel }) => channel));
      for (const channel of channels) await fresh.query(`listen ${pg.escapeIdentifier(channel)}`);
    } catch (error) {
      fresh.end().catch(onConnectionError);
      throw error;
    }
    client = fresh;
    turn = Promise.resolve();
    pause = FIRST_PAUSE_MS;
    heartbeat = setInterval(() => beat(fresh), HEARTBEAT_MS).unref();
    return fresh;
  }

  /** One statement after the other: the driver takes a second one on the same connection no longer for granted. */
  function ask(current: pg.Client, statement: string): Promise<unknown> {
    const asked = turn.then(() => current.query(statement));
    turn = asked.catch(() => undefined);
    return asked;
  }

  /** A peer that vanished without a word (a sleeping laptop, a cut network) shows only when it is asked something. */
  function beat(current: pg.Client): void {
    const silence = setTimeout(() => lose(current), HEARTBEAT_MS).unref();
    ask(current, "select 1").then(
      () => clearTimeout(silence),
      () => clearTimeout(silence),
    );
  }

  function ensureOpen(): Promise<pg.Client> {
    if (client !== undefined) return Promise.resolve(client);
    const patience = { withinMs: connectWithinMs, isOver: () => closed };
    opening ??= waitForServer(open, patience).finally(() => {
      opening = undefined;
    });
    return opening;
  }

  function lose(lost: pg.Client): void {
    if (client !== lost) return;
    client = undefined;
    clearInterval(heartbeat);
    lost.end().catch(onConnectionError);
    reconnectLater();
  }

  function reconnectLater(): void {
    if (closed || subscriptions.size === 0) return;
    clearTimeout(retry);
    retry = setTimeout(reconnect, pause);
    pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
  }

  async function reconnect(): Promise<void> {
    try {
      await ensureOpen();
    } catch (error) {
      onConnectionError(error instanceof Error ? error : new Error(String(error)));
      reconnectLater();
      return;
    }
    for (const { onReconnect } of subscriptions) onReconnect?.();
  }

  async function listen(
    channel: string,
    handler: NotificationHandler,
    options: ListenOptions = {},
  ): Promise<() => Promise<void>> {
    const subscription: Subscription = { channel, handler, onReconnect: options.onReconnect };
    subscriptions.add(subscription);
    try {
      const current = await ensureOpen();
      await ask(current, `listen ${pg.escapeIdentifier(channel)}`);
    } catch (error) {
      subscriptions.delete(subscription);
      throw error;
    }
    return async () => {
      subscriptions.delete(subscription);
      const stillWanted = [...subscriptions].some((other) => other.channel === channel);
      if (stillWanted || client === undefined) return;
      await ask(client, `unlisten ${pg.escapeIdentifier(channel)}`).catch(onConnectionError);
    };
  }

  async function close(): Promise<void> {
    closed = true;
    clearTimeout(retry);
    clearInterval(heartbeat);
    const current = client ?? (await opening?.catch(() => undefined));
    client = undefined;
    await current?.end();
  }

  return { listen, close };
}
