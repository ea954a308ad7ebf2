import { setTimeout as sleep } from "node:timers/promises";
import type { Database } from "../database/index.ts";
import { eventsStore } from "./events-store.ts";

/** Payload: the event's type. Sent by every transaction that records an event. */
export const EVENTS_CHANNEL = "causeway_events";

const RETRY_MS = 1_000;
/** Between two rounds of giving places: what many writers record meanwhile shares one. The first of them waits for nothing. */
const PAUSE_MS = 25;

/**
 * Gives committed events their places, and wakes readers once per batch of them: those who want one of its types. Positions are
 * given after the commit and under a lock: a sequence drawn inside the transactions would let an event with a small number
 * appear after a greater one was read.
 */
export function createEventFeed(database: Database) {
  type Reader = { readonly wake: () => void; readonly types: readonly string[] | undefined };
  const waiting = new Set<Reader>();
  /** Types that were told of since readers were last woken; undefined for any. */
  let told: Set<string> | undefined = new Set();
  let placedAt = 0;
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
      const pause = placedAt + PAUSE_MS - performance.now();
      if (pause > 0) await sleep(pause);
      again = false;
      const types = told;
      told = new Set();
      try {
        await place();
        wake(types);
      } catch {
        // The database is away or busy; whoever reads the stream is told by its own queries. Events keep.
        if (closed) return;
        told = undefined;
        await sleep(RETRY_MS);
        again = true;
      }
      placedAt = performance.now();
    } while (again && !closed);
  }

  /** Wakes the readers that want one of the types; undefined wakes all. */
  function wake(types?: ReadonlySet<string>): void {
    for (const reader of waiting) {
      if (types !== undefined && reader.types?.some((type) => types.has(type)) === false) continue;
      waiting.delete(reader);
      reader.wake();
    }
  }

  function onNotified(type?: string): void {
    // After a lost connection any event may have passed.
    if (type === undefined) told = undefined;
    else told?.add(type);
    again = true;
    placing ??= placeAndWake().finally(() => {
      placing = undefined;
    });
  }

  /** Resolves once nothing that is recorded from now on can be missed. */
  async function open(): Promise<void> {
    listening ??= database.listen(EVENTS_CHANNEL, onNotified, { onReconnect: () => onNotified() });
    try {
      await listening;
    } catch (error) {
      listening = undefined;
      throw error;
    }
    await place();
  }

  /**
   * Resolves at the next placed batch that has an event of the types, or of any, and when the signal aborts. Ask before you
   * read, or a batch may pass between.
   */
  function next(signal: AbortSignal, types?: readonly string[]): Promise<void> {
    if (signal.aborted || closed) return Promise.resolve();
    return new Promise((resolve) => {
      const reader = { types, wake: done };
      function done() {
        waiting.delete(reader);
        signal.removeEventListener("abort", done);
        resolve();
      }
      waiting.add(reader);
      signal.addEventListener("abort", done, { once: true });
    });
  }

  async function close(): Promise<void> {
    closed = true;
    wake();
    const unlisten = await listening?.catch(() => undefined);
    await unlisten?.();
    await placing?.catch(() => undefined);
  }

  return { open, next, close, isClosed: () => closed };
}
