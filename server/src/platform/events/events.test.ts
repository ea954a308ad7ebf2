import { randomUUIDv7 } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Event } from "@causeway/contract";
import { afterEach, describe, expect, it } from "vitest";
import { testDatabase } from "../../../testing/database.ts";
import { type Call, systemCall } from "../access/index.ts";
import { createAudit } from "../audit/index.ts";
import { createNewId } from "../database/index.ts";
import { createEventFeed } from "./event-feed.ts";
import { createEvents, type Events } from "./index.ts";

const newId = createNewId();
const { database, db } = await testDatabase();
const audit = createAudit({ db, newId });
const now = () => new Date();
const opened: Events[] = [];

/** The outbox as one process sees it. */
function outbox(): Events {
  const events = createEvents({ database, audit, newId, now });
  opened.push(events);
  return events;
}

function callOf(project: string, signal?: AbortSignal): Call {
  return systemCall({ project, environment: "dev" }, "test", signal);
}

function record(events: Events, call: Call, subject: string): Promise<void> {
  return db
    .transaction()
    .execute((tx) => events.record(tx, call, { type: "data.version-created", subject, data: { rows: 1 } }));
}

/** Reads a stream until it has shown so many events. */
async function take(stream: AsyncIterable<Event>, count: number): Promise<string[]> {
  const subjects: string[] = [];
  for await (const event of stream) {
    subjects.push(event.subject);
    if (subjects.length === count) break;
  }
  return subjects;
}

/** Begins to take events from a stream: answers once it shows what is recorded from now on. */
async function begin(events: Events, call: Call, count: number): Promise<{ taken: Promise<string[]> }> {
  const stream = events.stream({}, call);
  const taken = take(stream, count);
  await stream.begun;
  return { taken };
}

afterEach(async () => {
  await Promise.all(opened.splice(0).map((events) => events.close()));
});

describe("events", () => {
  it("X4/every change has its event and its audit line in its own transaction", async () => {
    const events = outbox();
    const call = callOf("together");
    await record(events, call, "/a");
    const undone = db.transaction().execute(async (tx) => {
      await events.record(tx, call, { type: "data.version-created", subject: "/b", data: {} });
      throw new Error("undone");
    });
    await expect(undone).rejects.toThrow("undone");
    const listed = await events.list({ limit: 10 }, call);
    expect(listed.items.map(({ subject, data }) => [subject, data])).toEqual([["/a", { rows: 1 }]]);
    const trail = await audit.list({ limit: 10 }, call);
    expect(trail.items).toMatchObject([
      { action: "data.version-created", subject: "/a", actor: call.actor, requestId: "test" },
    ]);
  });

  it("lists newest first, in pages, by stage and subject", async () => {
    const events = outbox();
    const call = callOf("listed");
    for (const subject of ["/1", "/2", "/3"]) await record(events, call, subject);
    const first = await events.list({ limit: 2 }, call);
    expect(first.items.map(({ subject }) => subject)).toEqual(["/3", "/2"]);
    const second = await events.list({ limit: 2, after: first.next ?? "" }, call);
    expect(second.items.map(({ subject }) => subject)).toEqual(["/1"]);
    expect(second.next).toBeNull();
    expect((await events.list({ limit: 9, stage: "registry" }, call)).items).toEqual([]);
    expect((await events.list({ limit: 9, subject: "/2" }, call)).items).toHaveLength(1);
    await expect(events.list({ limit: 9, after: "no-id" }, call)).rejects.toMatchObject({
      code: "INVALID_FIELD",
      field: "after",
    });
  });

  it("streams what is recorded after it began, in its own scope only", async () => {
    const events = outbox();
    const call = callOf("streamed");
    await record(events, call, "/before");
    const reading = await begin(events, call, 2);
    await record(events, callOf("another"), "/foreign");
    await record(events, call, "/1");
    await record(events, call, "/2");
    expect(await reading.taken).toEqual(["/1", "/2"]);
  });

  it("goes on after a given event and refuses one that is not there", async () => {
    const events = outbox();
    const call = callOf("resumed");
    for (const subject of ["/1", "/2", "/3"]) await record(events, call, subject);
    const listed = await events.list({ limit: 10, subject: "/1" }, call);
    const after = listed.items[0]?.id;
    expect(await take(events.stream({ after }, call), 2)).toEqual(["/2", "/3"]);
    await expect(take(events.stream({ after: randomUUIDv7() }, call), 1)).rejects.toMatchObject({
      code: "INVALID_FIELD",
    });
  });

  it("shows the events of one transaction in the order in which they were recorded", async () => {
    const events = outbox();
    const call = callOf("ordered");
    const reading = await begin(events, call, 50);
    const subjects = Array.from({ length: 50 }, (_, n) => `/${n}`);
    await db.transaction().execute(async (tx) => {
      for (const subject of subjects)
        await events.record(tx, call, { type: "data.version-created", subject, data: {} });
    });
    expect(await reading.taken).toEqual(subjects);
  });

  it("passes over no event of a transaction that commits late", async () => {
    const events = outbox();
    const call = callOf("late");
    const reading = await begin(events, call, 3);
    let commit = () => {};
    const held = new Promise<void>((resolve) => {
      commit = resolve;
    });
    const slow = db.transaction().execute(async (tx) => {
      await events.record(tx, call, { type: "data.version-created", subject: "/slow", data: {} });
      await held;
    });
    await record(events, call, "/quick");
    await sleep(50);
    commit();
    await slow;
    await record(events, call, "/last");
    expect(await reading.taken).toEqual(["/quick", "/slow", "/last"]);
  });

  it("shows every event once to each of several readers while many writers commit at once", async () => {
    const processes = [outbox(), outbox()];
    const call = callOf("crowded");
    const readings = await Promise.all(processes.map((events) => begin(events, call, 60)));
    const writers = Array.from({ length: 6 }, async (_, writer) => {
      for (let turn = 0; turn < 10; turn += 1) {
        await db.transaction().execute(async (tx) => {
          const events = processes[writer % 2]!;
          const subject = `/${writer}/${turn}`;
          await events.record(tx, call, { type: "data.version-created", subject, data: {} });
          await sleep(Math.random() * 5);
        });
      }
    });
    await Promise.all(writers);
    const [first, second] = await Promise.all(readings.map(({ taken }) => taken));
    expect(new Set(first).size).toBe(60);
    expect(second).toEqual(first);
  });

  it("wakes a reader for what it reads, and leaves it in peace otherwise", async () => {
    const events = outbox();
    const feed = createEventFeed(database);
    await feed.open();
    const { signal } = new AbortController();
    let woken = 0;
    const wanted = feed.next(signal, ["platform.started"]).then(() => {
      woken += 1;
    });
    const any = feed.next(signal);
    await record(events, callOf("woken"), "/1");
    await any;
    await sleep(40);
    expect(woken).toBe(0);
    await db
      .transaction()
      .execute((tx) =>
        events.record(tx, callOf("woken"), { type: "platform.started", subject: "/2", data: {} }),
      );
    await wanted;
    await feed.close();
  });

  it("ends a stream when its reader leaves", async () => {
    const events = outbox();
    const leaving = new AbortController();
    const reading = take(events.stream({}, callOf("left", leaving.signal)), 1);
    await sleep(30);
    leaving.abort();
    expect(await reading).toEqual([]);
  });
});

describe("consumers", () => {
  it("handles each wanted event once, in order, also those recorded before it first ran", async () => {
    const events = outbox();
    const call = callOf("consumed");
    await record(events, call, "/1");
    const seen: string[] = [];
    const stop = events.consume({
      name: "consumed",
      types: ["data.version-created"],
      onFailure: console.error,
      handle: async (_tx, event) => {
        if (event.project === "consumed") seen.push(event.subject);
      },
    });
    await record(events, call, "/2");
    await expect.poll(() => seen, { timeout: 15_000 }).toEqual(["/1", "/2"]);
    await stop();
    await record(events, call, "/3");
    const other = outbox();
    other.consume({
      name: "consumed",
      types: ["data.version-created"],
      onFailure: console.error,
      handle: async (_tx, event) => {
        if (event.project === "consumed") seen.push(event.subject);
      },
    });
    await expect.poll(() => seen, { timeout: 15_000 }).toEqual(["/1", "/2", "/3"]);
  });

  it("tries an event again when its handler failed, and keeps nothing of the failed try", async () => {
    const events = outbox();
    const call = callOf("retried");
    await record(events, call, "/1");
    let tries = 0;
    const failures: unknown[] = [];
    events.consume({
      name: "retried",
      types: ["data.version-created"],
      onFailure: (error) => failures.push(error),
      handle: async (tx, event, systemCallOfEvent) => {
        if (event.project !== "retried") return;
        tries += 1;
        await audit.record(tx, systemCallOfEvent, { action: "data.looked-at", subject: event.subject });
        if (tries === 1) throw new Error("not yet");
      },
    });
    await expect.poll(() => tries, { timeout: 15_000 }).toBe(2);
    await expect
      .poll(async () =>
        (await audit.list({ limit: 10, subject: "/1" }, call)).items.map(({ action }) => action),
      )
      .toEqual(["data.looked-at", "data.version-created"]);
    expect(failures).toHaveLength(1);
  });
});
