import type { Logger } from "pino";
import type { Database } from "../database/index.ts";
import { NOTIFICATIONS_CHANNEL } from "./notifications.ts";

/** Looks at the table at least this often, should a wake-up have been lost. */
const LONGEST_SLEEP_MS = 60_000;
const RETRY_MS = 1_000;

/** Messages that wait in a table until somebody sends them. */
export type Outgoing = {
  /** Sends what is due; answers the milliseconds until more is due, null where nothing waits. */
  readonly sendDue: (signal: AbortSignal) => Promise<number | null>;
};

/** What sending needs. */
export type SenderParts = {
  readonly database: Pick<Database, "listen">;
  readonly notifications: Outgoing;
  /** Told when messages were queued. */
  readonly channel?: string;
  readonly log: Logger;
};

/** Sends messages as they become due, beside everything else that its program does; the answer ends it. */
export function startSender(parts: SenderParts): () => Promise<void> {
  const stopping = new AbortController();
  const running = keepSending(parts, stopping.signal);
  return async () => {
    stopping.abort(new Error("The sender is stopping"));
    await running;
  };
}

/** Sends messages as they become due, until the signal aborts. */
export async function keepSending(parts: SenderParts, signal: AbortSignal): Promise<void> {
  const { database, notifications, log, channel = NOTIFICATIONS_CHANNEL } = parts;
  let woken = false;
  let wake: () => void = () => {};

  function onWake(): void {
    woken = true;
    wake();
  }

  function sleep(ms: number): Promise<void> {
    if (woken || signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  signal.addEventListener("abort", onWake, { once: true });
  let unlisten: (() => Promise<void>) | undefined;
  while (!signal.aborted) {
    woken = false;
    try {
      unlisten ??= await database.listen(channel, onWake, { onReconnect: onWake });
      const dueMs = await notifications.sendDue(signal);
      await sleep(Math.min(Math.max(dueMs ?? LONGEST_SLEEP_MS, 0), LONGEST_SLEEP_MS));
    } catch (error) {
      if (!signal.aborted) log.warn({ err: error }, "messages cannot be sent for now");
      await sleep(RETRY_MS);
    }
  }
  await unlisten?.();
}
