import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "kysely";
import { pino } from "pino";
import { afterEach, describe, expect, it, vi } from "vitest";
import { testDatabase } from "../../../testing/database.ts";
import { createJobs } from "./create-jobs.ts";
import type { Jobs } from "./job.ts";

const { database, db } = await testDatabase();
const log = pino({ level: "silent" });
const running: Jobs[] = [];
const SOON = { timeout: 15_000, interval: 1 };

function newJobs(): Jobs {
  const jobs = createJobs({ database, log });
  running.push(jobs);
  return jobs;
}

afterEach(async () => {
  await Promise.all(running.splice(0).map((jobs) => jobs.stop({ withinMs: 1_000 })));
});

describe("jobs", () => {
  // Its bound is wall time, which a neighbour on the same cores may hold up once.
  it("hands a job's data to its handler within milliseconds of sending", { retry: 2 }, async () => {
    const jobs = newJobs();
    const handler = vi.fn(async () => {});
    jobs.define("test.deliver", handler);
    await jobs.start();
    const began = performance.now();
    const id = await jobs.send("test.deliver", { dataset: "customers", rows: 7 });
    await vi.waitFor(() => expect(handler).toHaveBeenCalledTimes(1), SOON);
    expect(performance.now() - began).toBeLessThan(500);
    expect(handler).toHaveBeenCalledWith(
      expect.objectContaining({ id, data: { dataset: "customers", rows: 7 } }),
    );
  });

  it("drains a backlog without waiting for polls, and never does more at once than allowed", async () => {
    const sender = newJobs();
    await sender.start();
    for (let index = 0; index < 60; index += 1) await sender.send("test.backlog", { index });
    const jobs = newJobs();
    let current = 0;
    let most = 0;
    const done = new Set<number>();
    jobs.define<{ index: number }>(
      "test.backlog",
      async ({ data }) => {
        current += 1;
        most = Math.max(most, current);
        await sleep(2);
        current -= 1;
        done.add(data.index);
      },
      { concurrency: 3 },
    );
    await jobs.start();
    await vi.waitFor(() => expect(done.size).toBe(60), SOON);
    expect(most).toBe(3);
  });

  it("tries a failed job again, later", async () => {
    const jobs = newJobs();
    const handler = vi.fn(async () => {});
    handler.mockRejectedValueOnce(new Error("the network is away"));
    jobs.define("test.retry", handler);
    await jobs.start();
    await jobs.send("test.retry", {});
    await vi.waitFor(() => expect(handler).toHaveBeenCalledTimes(2), SOON);
  });

  it("sends with the transaction's commit, and not after a rollback", async () => {
    const jobs = newJobs();
    const received: string[] = [];
    jobs.define<{ name: string }>("test.transaction", async ({ data }) => {
      received.push(data.name);
    });
    await jobs.start();
    const undone = db.transaction().execute(async (tx) => {
      await jobs.send("test.transaction", { name: "undone" }, { tx });
      throw new Error("undo");
    });
    await expect(undone).rejects.toThrow("undo");
    await db.transaction().execute(async (tx) => {
      await jobs.send("test.transaction", { name: "done" }, { tx });
      await sleep(100);
      expect(received).toEqual([]);
    });
    await vi.waitFor(() => expect(received).toEqual(["done"]), SOON);
  });

  it("keeps one exclusive job per key and says so", async () => {
    const jobs = newJobs();
    let finish = () => {};
    const busy = new Promise<void>((resolve) => {
      finish = resolve;
    });
    jobs.define("test.exclusive", () => busy, { exclusive: true });
    await jobs.start();
    expect(await jobs.send("test.exclusive", {}, { key: "a" })).toEqual(expect.any(String));
    expect(await jobs.send("test.exclusive", {}, { key: "a" })).toBeNull();
    expect(await jobs.send("test.exclusive", {}, { key: "b" })).toEqual(expect.any(String));
    finish();
  });

  it("does not start a job before its time", async () => {
    const jobs = newJobs();
    const handler = vi.fn(async () => {});
    jobs.define("test.later", handler);
    await jobs.start();
    await jobs.send("test.later", {}, { startAfter: new Date(Date.now() + 60_000) });
    await sleep(150);
    expect(handler).not.toHaveBeenCalled();
  });

  it("tells a running handler when its process is ending", async () => {
    const jobs = newJobs();
    let aborted = false;
    let begun = false;
    jobs.define("test.abort", ({ signal }) => {
      begun = true;
      return new Promise((resolve) => {
        signal.addEventListener("abort", () => {
          aborted = true;
          resolve();
        });
      });
    });
    await jobs.start();
    await jobs.send("test.abort", {});
    await vi.waitFor(() => expect(begun).toBe(true), SOON);
    await jobs.stop({ withinMs: 1_000 });
    expect(aborted).toBe(true);
  });

  it("takes a changed time limit into an existing queue", async () => {
    const before = newJobs();
    before.define("test.change", async () => {}, { timeoutSeconds: 60 });
    await before.start();
    const after = newJobs();
    after.define("test.change", async () => {}, { timeoutSeconds: 90 });
    await after.start();
    const { rows } = await sql`select expire_seconds from pgboss.queue where name = 'test.change'`.execute(
      db,
    );
    expect(rows).toEqual([{ expire_seconds: 90 }]);
  });

  // As above.
  it("starts on an existing schema in a small part of a second", { retry: 2 }, async () => {
    await newJobs().start();
    const jobs = newJobs();
    const began = performance.now();
    await jobs.start();
    expect(performance.now() - began).toBeLessThan(500);
  });
});

describe("cron", () => {
  it("repeats a job by an expression in its own zone", async () => {
    const jobs = newJobs();
    const handler = vi.fn(async () => {});
    jobs.define("test.cron", handler);
    await jobs.start();
    await jobs.cron("test.cron", {
      expression: "* * * * *",
      timeZone: "Asia/Ho_Chi_Minh",
      data: { from: "cron" },
    });
    await vi.waitFor(() => expect(handler).toHaveBeenCalled(), SOON);
    expect(handler).toHaveBeenCalledWith(expect.objectContaining({ data: { from: "cron" } }));
    await jobs.removeCron("test.cron");
  });

  it("keeps one schedule per name and key", async () => {
    const jobs = newJobs();
    await jobs.start();
    await jobs.cron("test.keys", { expression: "0 3 * * *", timeZone: "UTC", key: "a" });
    await jobs.cron("test.keys", { expression: "0 4 * * *", timeZone: "UTC", key: "a" });
    await jobs.cron("test.keys", { expression: "0 5 * * *", timeZone: "UTC", key: "b" });
    await jobs.removeCron("test.keys", "b");
    const { rows } = await sql`select key, cron from pgboss.schedule where name = 'test.keys'`.execute(db);
    expect(rows).toEqual([{ key: "a", cron: "0 4 * * *" }]);
  });

  it.each([
    ["a field too large", "61 * * * *", "UTC"],
    ["seconds", "*/5 * * * * *", "UTC"],
    ["no cron at all", "every day", "UTC"],
    ["an unknown zone", "0 3 * * *", "Asia/Saigon_City"],
  ])("refuses %s", async (_, expression, timeZone) => {
    const jobs = newJobs();
    await jobs.start();
    await expect(jobs.cron("test.bad", { expression, timeZone })).rejects.toMatchObject({
      code: "INVALID_FIELD",
      field: "cron",
    });
  });
});
