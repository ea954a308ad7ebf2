import { fail, type Json } from "@causeway/contract";
import type { Call } from "../access/call.ts";
import { type Database, notify, type Tx } from "../database/index.ts";
import { WORK_CANCEL, WORK_CHANGED, WORK_QUEUED } from "./channels.ts";
import { hasEnded, type Work } from "./work.ts";
import { workStore } from "./work-store.ts";

/** Claims that a piece of work gets before it counts as one that kills its workers. */
const MOST_CLAIMS = 5;

/** A piece of work to put into the queue; `payload` is what its definition's `run` is given. */
export type WorkRequest = {
  readonly kind: string;
  /** REST path of the thing that the work is for. */
  readonly subject: string;
  readonly payload: Json;
  /** Claims allowed, lost ones included. */
  readonly maxAttempts?: number;
  /** Higher goes first; 0 is usual. */
  readonly priority?: number;
  readonly notBefore?: Date;
};

/** The queue of long work: enqueue, look, follow, cancel. */
export type WorkQueue = ReturnType<typeof createWork>;

/** Makes the door to the queue; workers have their own. */
export function createWork({ database, newId }: { database: Database; newId: () => string }) {
  /** Adds work in the caller's transaction; workers are woken by its commit. The call's actor is the job's actor. */
  async function enqueue(tx: Tx, call: Call, request: WorkRequest): Promise<string> {
    const id = newId();
    await workStore(tx).insert({
      id,
      scope: call.scope,
      kind: request.kind,
      subject: request.subject,
      payload: request.payload,
      maxAttempts: request.maxAttempts ?? MOST_CLAIMS,
      priority: request.priority ?? 0,
      notBefore: request.notBefore ?? null,
      actor: call.actor,
      requestId: call.requestId,
    });
    await notify(tx, { channel: WORK_QUEUED, payload: request.kind });
    return id;
  }

  async function get(id: string): Promise<Work> {
    const work = await workStore(database.db).find(id);
    if (work === undefined) throw fail("NOT_FOUND", { message: `There is no work ${id}`, value: id });
    return work;
  }

  /** The work now and at each change, until it has ended or the signal aborts. */
  async function* follow(id: string, signal: AbortSignal): AsyncIterable<Work> {
    let wake = () => {};
    let changed = true;
    const onChange = () => {
      changed = true;
      wake();
    };
    const unlisten = await database.listen(
      WORK_CHANGED,
      (changedId) => {
        if (changedId === id) onChange();
      },
      { onReconnect: onChange },
    );
    signal.addEventListener("abort", onChange);
    try {
      while (!signal.aborted) {
        changed = false;
        const work = await get(id);
        yield work;
        if (hasEnded(work)) return;
        if (!changed) {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
      }
    } finally {
      signal.removeEventListener("abort", onChange);
      await unlisten();
    }
  }

  /**
   * Cancels work in the caller's transaction. Work that nobody holds ends at once (answer `cancelled`); the holder of
   * running work is told and ends it (answer `cancelling`); work that has ended stays as it is (answer `ended`).
   */
  async function cancel(tx: Tx, id: string): Promise<"cancelled" | "cancelling" | "ended"> {
    const store = workStore(tx);
    const work = await store.lock(id);
    if (work === undefined || hasEnded(work)) return "ended";
    if (work.state === "running") {
      await store.requestCancel(id);
      await notify(tx, { channel: WORK_CANCEL, payload: id });
      return "cancelling";
    }
    await store.end(id, { state: "cancelled" });
    await notify(tx, { channel: WORK_CHANGED, payload: id });
    return "cancelled";
  }

  /** Queued and running work by kind, for metrics. */
  const counts = () => workStore(database.db).countByState();

  return { enqueue, get, follow, cancel, counts };
}
