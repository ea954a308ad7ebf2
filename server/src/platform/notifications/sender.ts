import type { Logger } from "pino";
import type { Database } from "../database/index.ts";
import { NOTIFICATIONS_CHANNEL, type Notifications } from "./notifications.ts";

/** Looks at the table at least this often, should a wake-up have been lost. */
const LONGEST_SLEEP_MS = 60_000;
const RETRY_MS = 1_000;

/** Sends messages as they become due, beside everything else that its program does; the answer ends it. */
export function startSender(parts: {
  readonly database: Pick<Database, "listen">;
  readonly notifications: Pick<Notifications, "sendDue">;
  readonly log: Logger;
}): () => Promise<void> {
  const { database, notifications, log } = parts;
  const stopping = new AbortController();
  const { signal } = stopping;
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

  async function run(): Promise<void> {
    let unlisten: (() => Promise<void>) | undefined;
    while (!signal.aborted) {
      woken = false;
      try {
        unlisten ??= await database.listen(NOTIFICATIONS_CHANNEL, onWake, { onReconnect: onWake });
        const dueMs = await notifications.sendDue(signal);
        await sleep(Math.min(Math.max(dueMs ?? LONGEST_SLEEP_MS, 0), LONGEST_SLEEP_MS));
      } catch (error) {
        if (!signal.aborted) log.warn({ err: error }, "messages to channels cannot be sent for now");
        await sleep(RETRY_MS);
      }
    }
    await unlisten?.();
  }

  const running = run();
  return async () => {
    stopping.abort(new Error("The sender is stopping"));
    wake();
    await running;
  };
}
