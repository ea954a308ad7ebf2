import { randomUUID } from "node:crypto";
import { fail } from "@causeway/contract";
import { pino } from "pino";
import { afterEach, describe, expect, it } from "vitest";
import { testDatabase } from "../../../testing/database.ts";
import { SYSTEM_SCOPE, systemCall } from "../access/call.ts";
import { defineWork, type Job, type WorkDefinition } from "./define-work.ts";
import { createWork, type WorkRequest } from "./work-queue.ts";
import { workStore } from "./work-store.ts";
import { createWorker, type Worker, type WorkerOptions } from "./worker.ts";

const { database, db } = await testDatabase();
const log = pino({ level: "silent" });
const queue = createWork({ database, newId: randomUUID });
const call = systemCall(SYSTEM_SCOPE, "test");
const workers: Worker[] = [];

afterEach(async () => {
  await Promise.all(workers.splice(0).map((worker) => worker.stop()));
});

async function startWorker(
  definitions: WorkDefinition[],
  more: Partial<WorkerOptions> = {},
): Promise<Worker> {
  const worker = createWorker({ database, definitions, name: randomUUID(), concurrency: 4, log, ...more });
  workers.push(worker);
  await worker.start();
  return worker;
}

const enqueue = (request: Partial<WorkRequest> & { kind: string }) =>
  db
    .transaction()
    .execute((tx) => queue.enqueue(tx, call, { subject: "/api/test", payload: null, ...request }));

async function ended(id: string) {
  for await (const work of queue.follow(id, AbortSignal.timeout(15_000))) {
    if (work.endedAt !== null) return work;
  }
  throw new Error("the work did not end");
}

const kindOf = () => `test.${randomUUID()}`;

/** Takes the signal as a sleeping job would: waits for it and throws its reason. */
const untilStopped = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));

describe("worker", () => {
  // Its bound is wall time, which a neighbour on the same cores may hold up once.
  it("is woken by the commit of new work and commits its result with the work's end", {
    retry: 2,
  }, async () => {
    const kind = kindOf();
    await startWorker([
      defineWork<{ a: number }>({
        kind,
        run: (job) => job.finish(async () => ({ doubled: job.payload.a * 2 })),
      }),
    ]);
    const asked = performance.now();
    const work = await ended(await enqueue({ kind, payload: { a: 21 } }));
    expect(work).toMatchObject({ state: "succeeded", result: { doubled: 42 }, attempt: 1 });
    expect(performance.now() - asked).toBeLessThan(2_000);
  });

  it("does no piece of work twice, however many workers ask", async () => {
    const kind = kindOf();
    const done: string[] = [];
    const definition = defineWork({
      kind,
      run: async (job) => {
        done.push(job.id);
        await job.finish(async () => null);
      },
    });
    await Promise.all([1, 2, 3].map(() => startWorker([definition])));
    const ids = await Promise.all(Array.from({ length: 40 }, () => enqueue({ kind })));
    await Promise.all(ids.map(ended));
    expect(done.toSorted()).toEqual(ids.toSorted());
  });

  it("ends failed work with its problem and calls the stage in the same transaction", async () => {
    const kind = kindOf();
    const seen: string[] = [];
    await startWorker([
      defineWork({
        kind,
        run: async () => {
          throw fail("BAD_DATA", { message: "line 3 is torn", field: "line", value: 3 });
        },
        ended: async (_tx, work, ending) => {
          seen.push(`${work.kind} ${ending.state} ${ending.problem.detail}`);
        },
      }),
    ]);
    const work = await ended(await enqueue({ kind }));
    expect(work).toMatchObject({ state: "failed", problem: { code: "BAD_DATA", field: "line", value: 3 } });
    expect(seen).toEqual([`${kind} failed line 3 is torn`]);
  });

  it("keeps nothing of a result whose transaction fails", async () => {
    const kind = kindOf();
    await startWorker([
      defineWork({
        kind,
        run: (job) =>
          job.finish(async (tx) => {
            await queue.enqueue(tx, call, { kind: `${kind}.next`, subject: "/", payload: null });
            throw fail("CONFLICT", { message: "no" });
          }),
      }),
    ]);
    expect(await ended(await enqueue({ kind }))).toMatchObject({ state: "failed" });
    expect((await queue.counts()).filter((count) => count.kind === `${kind}.next`)).toEqual([]);
  });

  it("cancels queued work at once and running work through its signal", async () => {
    const kind = kindOf();
    let started = () => {};
    const running = new Promise<void>((resolve) => {
      started = resolve;
    });
    const definition = defineWork({
      kind,
      run: async (job) => {
        started();
        await untilStopped(job.signal);
      },
    });
    const queued = await enqueue({ kind });
    expect(await db.transaction().execute((tx) => queue.cancel(tx, queued))).toBe("cancelled");
    await startWorker([definition]);
    const id = await enqueue({ kind });
    await running;
    expect(await db.transaction().execute((tx) => queue.cancel(tx, id))).toBe("cancelling");
    expect(await ended(id)).toMatchObject({ state: "cancelled" });
    expect(await db.transaction().execute((tx) => queue.cancel(tx, id))).toBe("ended");
  });

  it("gives running work back when it stops, without counting an attempt", async () => {
    const kind = kindOf();
    const seen: number[] = [];
    const definition = defineWork({
      kind,
      run: async (job) => {
        seen.push(job.attempt);
        if (seen.length === 1) await untilStopped(job.signal);
        await job.finish(async () => null);
      },
    });
    const first = await startWorker([definition]);
    const id = await enqueue({ kind });
    await expect.poll(() => seen.length).toBe(1);
    await first.stop();
    await startWorker([definition]);
    expect(await ended(id)).toMatchObject({ state: "succeeded" });
    expect(seen).toEqual([1, 1]);
  });

  // As above.
  it("puts work back for later and does not take it before", { retry: 2 }, async () => {
    const kind = kindOf();
    const times: number[] = [];
    await startWorker([
      defineWork({
        kind,
        run: async (job) => {
          times.push(performance.now());
          if (times.length === 1) await job.requeue(400, async () => {});
          else await job.finish(async () => null);
        },
      }),
    ]);
    await ended(await enqueue({ kind }));
    expect(times[1]! - times[0]!).toBeGreaterThan(350);
    expect(times[1]! - times[0]!).toBeLessThan(3_000);
  });

  it("shows progress to whoever follows", async () => {
    const kind = kindOf();
    await startWorker([
      defineWork({
        kind,
        run: async (job) => {
          job.progress({ done: 1, total: 2, unit: "rows" });
          await new Promise((resolve) => setTimeout(resolve, 400));
          await job.finish(async () => null);
        },
      }),
    ]);
    const seen: unknown[] = [];
    for await (const work of queue.follow(await enqueue({ kind }), AbortSignal.timeout(10_000))) {
      seen.push(work.progress);
    }
    expect(seen).toContainEqual({ done: 1, total: 2, unit: "rows" });
  });
});

describe("leases", () => {
  /** Claims like a worker that then dies without a word. */
  const dieHolding = (kind: string, leaseMs: number) =>
    workStore(db).claim({ kinds: [kind], worker: "the dead", limit: 1, leaseMs });

  it("P6/worker takes over the work of a dead worker once its lease is out, after cleaning up", async () => {
    const kind = kindOf();
    const cleaned: string[] = [];
    const id = await enqueue({ kind });
    await dieHolding(kind, 600);
    await startWorker([defineWork({ kind, run: (job) => job.finish(async () => job.fencing) })], {
      beforeTakeover: async (work) => {
        cleaned.push(work.id);
      },
    });
    expect(await ended(id)).toMatchObject({ state: "succeeded", attempt: 2, result: 2 });
    expect(cleaned).toEqual([id]);
  });

  it("P6/once refuses the result of a zombie", async () => {
    const kind = kindOf();
    const results: string[] = [];
    let zombie: Job | undefined;
    const stalled = defineWork({
      kind,
      run: async (job: Job) => {
        zombie = job;
        await untilStopped(job.signal);
      },
    });
    const id = await enqueue({ kind });
    // A stalled worker: it claims, and its renewals do not reach the database in time.
    await startWorker([stalled], { leaseMs: 60_000 });
    await expect.poll(() => zombie !== undefined).toBe(true);
    await db
      .updateTable("platform_work")
      .set({ lease_expires_at: new Date(0) })
      .where("id", "=", id)
      .execute();
    await startWorker([
      defineWork({
        kind,
        run: (job) =>
          job.finish(async () => {
            results.push("second");
            return "second";
          }),
      }),
    ]);
    expect(await ended(id)).toMatchObject({ state: "succeeded", result: "second" });
    await expect(
      zombie!.finish(async () => {
        results.push("zombie");
        return "zombie";
      }),
    ).rejects.toMatchObject({ code: "LEASE_LOST" });
    expect(results).toEqual(["second"]);
    expect(await queue.get(id)).toMatchObject({ result: "second" });
  });

  it("keeps the lease of work that takes longer than one lease", async () => {
    const kind = kindOf();
    const seen: number[] = [];
    const definition = defineWork({
      kind,
      run: async (job) => {
        seen.push(job.fencing);
        await new Promise((resolve) => setTimeout(resolve, 2_500));
        await job.finish(async () => null);
      },
    });
    await startWorker([definition], { leaseMs: 1_500 });
    await startWorker([definition], { leaseMs: 1_500 });
    expect(await ended(await enqueue({ kind }))).toMatchObject({ state: "succeeded" });
    expect(seen).toEqual([1]);
  });

  it("gives up on work that ends every worker which takes it", async () => {
    const kind = kindOf();
    const id = await enqueue({ kind, maxAttempts: 2 });
    for (const leaseMs of [1, 1]) {
      await dieHolding(kind, leaseMs);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    let ran = false;
    await startWorker([
      defineWork({
        kind,
        run: async () => {
          ran = true;
        },
      }),
    ]);
    expect(await ended(id)).toMatchObject({
      state: "failed",
      problem: { detail: expect.stringMatching(/2 times/) },
    });
    expect(ran).toBe(false);
  });

  it("P6/database finishes although every connection breaks in the middle", async () => {
    const kind = kindOf();
    const id = await enqueue({ kind });
    await startWorker([
      defineWork({
        kind,
        run: async (job) => {
          let broken = false;
          await job.finish(async (tx) => {
            if (!broken) {
              broken = true;
              const { sql } = await import("kysely");
              await sql`select pg_terminate_backend(pid) from pg_stat_activity
                where datname = current_database() and pid <> pg_backend_pid()`
                .execute(database.db)
                .catch(() => {});
              await sql`select 1`.execute(tx);
            }
            return "kept";
          });
        },
      }),
    ]);
    expect(await ended(id)).toMatchObject({ state: "succeeded", result: "kept" });
  });
});
