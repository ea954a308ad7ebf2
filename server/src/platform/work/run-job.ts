import { CausewayError, fail, type Json, type Progress, toProblem } from "@causeway/contract";
import type { Logger } from "pino";
import { type Call, systemCall } from "../access/call.ts";
import { type Database, isConnectionLost, notify, type Tx } from "../database/index.ts";
import { WORK_CHANGED, WORK_QUEUED } from "./channels.ts";
import { claimedTransaction } from "./claimed-transaction.ts";
import type { Ending, Job, WorkDefinition } from "./define-work.ts";
import type { Claim, Work } from "./work.ts";
import { workStore } from "./work-store.ts";

const PROGRESS_PAUSE_MS = 250;

/** Why a running job is asked to stop. */
export type StopReason = "cancelled" | "lease-lost" | "worker-stopping";

/** What runs one claimed piece of work. */
export type JobRunner = {
  readonly database: Database;
  readonly definition: WorkDefinition;
  readonly work: Work;
  readonly claim: Claim;
  readonly log: Logger;
  /** Aborted with a `StopReason` in the error's `value`. */
  readonly signal: AbortSignal;
};

/** Makes the error that a stopped job sees as its signal's reason. */
export function stopError(reason: StopReason): CausewayError {
  const message = {
    cancelled: "The work was cancelled",
    "lease-lost": "The work was taken over by another worker",
    "worker-stopping": "The worker is stopping; the work goes back to the queue",
  }[reason];
  return fail(reason === "lease-lost" ? "LEASE_LOST" : "CONFLICT", { message, value: reason });
}

/** Runs a definition on claimed work and sees to it that the row ends in the state that the outcome asks for. */
export async function runJob({ database, definition, work, claim, log, signal }: JobRunner): Promise<void> {
  let settled = false;
  const progress = progressWriter({ database, claim, log });

  const protectedBy = <Result>(
    commit: (tx: Tx, work: Work) => Promise<Result>,
    done?: (work: Work) => boolean,
  ) => claimedTransaction({ database, claim, commit, ...(done === undefined ? {} : { hadCommitted: done }) });

  async function finish(commit: (tx: Tx) => Promise<Json>): Promise<void> {
    await progress.flush();
    await protectedBy(
      async (tx) => {
        const result = await commit(tx);
        await workStore(tx).end(work.id, { state: "succeeded", result });
        await notify(tx, { channel: WORK_CHANGED, payload: work.id });
      },
      (row) => row.state === "succeeded",
    );
    settled = true;
  }

  async function requeue(delayMs: number, commit: (tx: Tx) => Promise<void>): Promise<void> {
    await protectedBy(
      async (tx) => {
        await commit(tx);
        await workStore(tx).requeue(work.id, delayMs);
        await notify(tx, { channel: WORK_QUEUED, payload: work.kind });
        await notify(tx, { channel: WORK_CHANGED, payload: work.id });
      },
      (row) => row.state === "queued",
    );
    settled = true;
  }

  async function end(ending: Ending): Promise<void> {
    await protectedBy(
      async (tx, row) => {
        await definition.ended?.(tx, row, ending);
        await workStore(tx).end(work.id, ending);
        await notify(tx, { channel: WORK_CHANGED, payload: work.id });
      },
      (row) => row.state === ending.state,
    );
  }

  const call: Call = {
    ...systemCall(work.scope, work.kind),
    actor: work.actor,
    requestId: work.requestId,
    signal,
  };
  const job: Job = {
    id: work.id,
    fencing: work.fencing,
    payload: work.payload,
    work,
    call,
    attempt: work.attempt,
    worker: claim.worker,
    signal,
    progress: progress.show,
    finish,
    requeue,
    record: async <Result>(commit: (tx: Tx) => Promise<Result>) => {
      const result = await protectedBy(commit);
      // Without `hadCommitted` the transaction either answers or throws.
      return result as Result;
    },
  };

  try {
    if (work.cancelRequested) throw stopError("cancelled");
    if (work.attempt > work.maxAttempts) throw exhausted(work);
    // The payload has the type that the same stage enqueued; the queue itself knows it as JSON.
    await definition.run(job as Job<never>);
    if (!settled) throw new Error(`the work ${definition.kind} returned without finish or requeue`);
  } catch (error) {
    if (settled) {
      log.error({ err: error, work: work.id }, "work failed after its result was committed");
      return;
    }
    await settleFailure(error);
  } finally {
    progress.stop();
  }

  async function settleFailure(error: unknown): Promise<void> {
    const reason = signal.aborted && signal.reason instanceof CausewayError ? signal.reason.value : undefined;
    if (reason === "lease-lost" || (error instanceof CausewayError && error.code === "LEASE_LOST")) {
      log.warn(
        { work: work.id, kind: work.kind, fencing: work.fencing },
        "lease lost; the result is dropped",
      );
      return;
    }
    try {
      if (reason === "worker-stopping" || isConnectionLost(error)) return await requeue(0, async () => {});
      const cancelled =
        reason === "cancelled" || (error instanceof CausewayError && error.value === "cancelled");
      if (!cancelled) log.error({ err: error, work: work.id, kind: work.kind }, "work failed");
      await end({ state: cancelled ? "cancelled" : "failed", problem: toProblem(error, work.requestId) });
    } catch (cause) {
      // The lease runs out by itself, and the work is taken over.
      log.error({ err: cause, work: work.id, kind: work.kind }, "the end of the work could not be recorded");
    }
  }
}

function exhausted(work: Work): CausewayError {
  return fail("INTERNAL", {
    message: `The work was begun ${work.maxAttempts} times and its worker died each time`,
    value: work.id,
    help: "Look into the worker's log for what ends it, most often memory, and start the work again.",
  });
}

/** Writes the newest progress at most every quarter of a second; one that cannot be written is left out. */
function progressWriter({ database, claim, log }: Pick<JobRunner, "database" | "claim" | "log">) {
  let newest: Progress | undefined;
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> = Promise.resolve();

  async function write(): Promise<void> {
    const progress = newest;
    newest = undefined;
    if (progress === undefined) return;
    try {
      await workStore(database.db).setProgress(claim, progress);
      await notify(database.db, { channel: WORK_CHANGED, payload: claim.id });
    } catch (error) {
      log.warn({ err: error, work: claim.id }, "progress was not written");
    }
  }

  return {
    show(progress: Progress): void {
      newest = progress;
      timer ??= setTimeout(() => {
        timer = undefined;
        writing = writing.then(write);
      }, PROGRESS_PAUSE_MS);
    },
    async flush(): Promise<void> {
      clearTimeout(timer);
      timer = undefined;
      await writing;
      await write();
    },
    stop(): void {
      clearTimeout(timer);
    },
  };
}
