import { setTimeout as sleep } from "node:timers/promises";
import type { Database } from "../database/index.ts";
import { eventsStore } from "./events-store.ts";

/** Payload: nothing. Sent by every transaction that records an event. */
export const EVENTS_CHANNEL = "causeway_events";

const RETRY_MS = 1_000;

/**
 * Wakes those who read the stream, once per batch of events that have their places. Gives committed events their places and tells readers. Positions are given after the commit and under a lock: a
 * sequence drawn inside the transactions would let an event with a small number appear after a greater one was read.
 */
export function createEventFeed(database: Database) {
  const waiting = new Set<() => void>();
  let listening: Promise<() => Promise<void>> | undefined;
  let placing: Promise<void> | undefined;
  let again = false;
  let closed = false;

  /** Places what is committed by now; afterwards every such event can be read by position. */
  async function place(): Promise<void> {
    if (!(await eventsStore(database.db).hasUnplaced())) return;
    await database.db.transaction().execute(async (tx) => {
      const store = eventsStore(tx);
      await store.lockPlacing();
      await store.place();
    });
  }

  async function placeAndWake(): Promise<void> {
    do {
      again = false;
      try {
        await place();
      } catch {
        // The database is away or busy; whoever reads the stream is told by its own queries. Events keep.
        if (closed) return;
        await sleep(RETRY_MS);
        again = true;
      }
    } while (again && !closed);
    for (const wake of waiting) wake();
    waiting.clear();
  }

  function onNotified(): void {
    again = true;
    placing ??= placeAndWake().finally(() => {
      placing = undefined;
    });
  }

  /** Resolves once nothing that is recorded from now on can be missed. */
  async function open(): Promise<void> {
    listening ??= database.listen(EVENTS_CHANNEL, onNotified, { onReconnect: onNotified });
    try {
      await listening;
    } catch (error) {
      listening = undefined;
      throw error;
    }
    await place();
  }

  /** Resolves at the next placed batch, or when the signal aborts. Ask before you read, or a batch may pass between. */
  function next(signal: AbortSignal): Promise<void> {
    if (signal.aborted || closed) return Promise.resolve();
    return new Promise((resolve) => {
      const done = () => {
        waiting.delete(done);
        signal.removeEventListener("abort", done);
        resolve();
      };
      waiting.add(done);
      signal.addEventListener("abort", done, { once: true });
    });
  }

  async function close(): Promise<void> {
    closed = true;
    for (const wake of waiting) wake();
    const unlisten = await listening?.catch(() => undefined);
    await unlisten?.();
    await placing?.catch(() => undefined);
  }

  return { open, next, close, isClosed: () => closed };
}
