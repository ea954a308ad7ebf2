import type { Logger } from "pino";
import { type Database, isConnectionLost } from "../database/index.ts";
import { WORK_CANCEL, WORK_QUEUED } from "./channels.ts";
import type { WorkDefinition } from "./define-work.ts";
import { runJob, type StopReason, stopError } from "./run-job.ts";
import type { Claim, Work } from "./work.ts";
import { workStore } from "./work-store.ts";

/** A dead worker's work is free for others this long after its last sign of life. */
const LEASE_MS = 10_000;
const RENEW_MS = 2_500;
/** Notifications wake the worker; this is for those that were lost. */
const LONGEST_POLL_MS = 5_000;

/** What a worker is made of. */
export type WorkerOptions = {
  readonly database: Database;
  readonly definitions: readonly WorkDefinition[];
  /** Unique among all workers that ever ran: two that share a name could take each other's claims for their own. */
  readonly name: string;
  /** Pieces of work done at the same time. */
  readonly concurrency: number;
  readonly log: Logger;
  /** Called before work that another worker lost is done again, to end what that worker left running here. */
  readonly beforeTakeover?: (work: Work) => Promise<void>;
  readonly leaseMs?: number;
};

/** A loop that claims work and runs it; it has a lifetime: start, then drain or stop. */
export type Worker = ReturnType<typeof createWorker>;

type Running = {
  readonly claim: Claim;
  readonly stop: (reason: StopReason) => void;
  readonly done: Promise<void>;
  /** Monotonic time of the last moment at which the lease is known to stand. */
  heldAt: number;
};

/** Makes a worker for the given kinds of work. */
export function createWorker(options: WorkerOptions) {
  const { database, name, concurrency, log, leaseMs = LEASE_MS } = options;
  const definitions = new Map(options.definitions.map((definition) => [definition.kind, definition]));
  const kinds = [...definitions.keys()];
  const running = new Map<string, Running>();
  let unlisten: (() => Promise<void>)[] = [];
  let renewal: NodeJS.Timeout | undefined;
  let poll: NodeJS.Timeout | undefined;
  let claiming: Promise<void> | undefined;
  let claimAgain = false;
  let accepting = false;

  /** Claims until the hands are full or nothing is due; calls in between are joined into one more round. */
  function wake(): void {
    if (!accepting) return;
    claimAgain = true;
    claiming ??= claimRounds().finally(() => {
      claiming = undefined;
      if (claimAgain) wake();
    });
  }

  async function claimRounds(): Promise<void> {
    clearTimeout(poll);
    let wait = LONGEST_POLL_MS;
    try {
      while (claimAgain && accepting && running.size < concurrency) {
        claimAgain = false;
        const claimedAt = performance.now();
        const limit = concurrency - running.size;
        const claimed = await workStore(database.db).claim({ kinds, worker: name, limit, leaseMs });
        for (const work of claimed) take(work, claimedAt);
        if (claimed.length === limit) claimAgain = true;
      }
      claimAgain = false;
      if (accepting && running.size < concurrency) {
        const dueMs = await workStore(database.db).nextDueMs(kinds);
        if (dueMs !== null) wait = Math.min(Math.max(dueMs, 5), LONGEST_POLL_MS);
      }
    } catch (error) {
      claimAgain = false;
      wait = 500;
      log.warn(
        { err: error },
        isConnectionLost(error) ? "the database is away" : "work could not be claimed",
      );
    }
    if (accepting) poll = setTimeout(wake, wait);
  }

  function take(work: Work, claimedAt: number): void {
    const definition = definitions.get(work.kind);
    if (definition === undefined) return;
    const claim: Claim = { id: work.id, fencing: work.fencing, worker: name };
    const controller = new AbortController();
    const run = async (): Promise<void> => {
      if (work.attempt > 1) {
        log.warn({ work: work.id, kind: work.kind, attempt: work.attempt }, "taking over lost work");
        await options.beforeTakeover?.(work);
      }
      await runJob({ database, definition, work, claim, log, signal: controller.signal });
    };
    const done = run()
      .catch((error) => log.error({ err: error, work: work.id }, "work ended without a record"))
      .finally(() => {
        running.delete(work.id);
        wake();
      });
    running.set(work.id, {
      claim,
      stop: (reason) => controller.abort(stopError(reason)),
      done,
      heldAt: claimedAt,
    });
  }

  async function renew(): Promise<void> {
    if (running.size === 0) return;
    const held = [...running.values()];
    const askedAt = performance.now();
    try {
      const rows = await workStore(database.db).renew(
        held.map(({ claim }) => claim),
        leaseMs,
      );
      const standing = new Map(rows.map((row) => [row.id, row]));
      for (const job of held) {
        const row = standing.get(job.claim.id);
        // Work that ended while the question was under way is no longer in the map.
        if (row === undefined && running.get(job.claim.id) === job) await dropUnlessEnded(job);
        else job.heldAt = askedAt;
        if (row?.cancelRequested) job.stop("cancelled");
      }
    } catch (error) {
      log.warn({ err: error }, "leases could not be renewed");
      const now = performance.now();
      for (const job of held) if (now - job.heldAt > leaseMs) job.stop("lease-lost");
    }
  }

  /** A row that is no longer claimed was either finished by this very job a moment ago, or taken by another worker. */
  async function dropUnlessEnded(job: Running): Promise<void> {
    const row = await workStore(database.db).find(job.claim.id);
    if (row?.fencing === job.claim.fencing && row.state !== "running") return;
    job.stop("lease-lost");
  }

  async function start(): Promise<void> {
    accepting = true;
    const onReconnect = () => {
      wake();
      void renew();
    };
    unlisten = [
      await database.listen(WORK_QUEUED, (kind) => definitions.has(kind) && wake(), { onReconnect }),
      await database.listen(WORK_CANCEL, (id) => running.has(id) && void renew()),
    ];
    renewal = setInterval(() => void renew(), Math.min(RENEW_MS, leaseMs / 4));
    wake();
  }

  /** Takes no more work. */
  async function refuse(): Promise<void> {
    accepting = false;
    clearTimeout(poll);
    await claiming;
  }

  async function rest(): Promise<void> {
    await Promise.all([...running.values()].map(({ done }) => done));
    clearInterval(renewal);
    await Promise.all(unlisten.map((end) => end()));
    unlisten = [];
  }

  return {
    name,
    start,
    /** Finishes what is running, takes nothing new. */
    async drain(): Promise<void> {
      await refuse();
      await rest();
    },
    /** Stops what is running and gives it back to the queue. */
    async stop(): Promise<void> {
      await refuse();
      for (const job of running.values()) job.stop("worker-stopping");
      await rest();
    },
  };
}
