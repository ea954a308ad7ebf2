import { sql } from "kysely";
import { expect, it, vi } from "vitest";
import { testDatabase } from "../../../testing/database.ts";
import { notify } from "./notify.ts";
import { openDatabase } from "./open-database.ts";

const { db, url } = await testDatabase();
const SOON = { timeout: 10_000, interval: 1 };

/** Ends the listening connection of one program from the server's side. */
async function terminate(applicationName: string): Promise<number> {
  const { rows } = await sql`select pg_terminate_backend(pid) from pg_stat_activity
    where application_name = ${`${applicationName} listen`} and datname = current_database()`.execute(db);
  return rows.length;
}

it("delivers a payload within milliseconds, to every handler of its channel and no other", async () => {
  const database = openDatabase({ url, applicationName: "deliver" });
  const first = vi.fn();
  const second = vi.fn();
  const other = vi.fn();
  await database.listen("work", first);
  await database.listen("work", second);
  await database.listen("Other channel", other);
  await notify(db, { channel: "work", payload: "run 7" });
  await vi.waitFor(() => expect(second).toHaveBeenCalledWith("run 7"), SOON);
  expect(first).toHaveBeenCalledWith("run 7");
  expect(other).not.toHaveBeenCalled();
  await notify(db, { channel: "Other channel" });
  await vi.waitFor(() => expect(other).toHaveBeenCalledWith(""), SOON);
  await database.close();
});

it("sends a transaction's notification with its commit, and none after a rollback", async () => {
  const database = openDatabase({ url, applicationName: "transaction" });
  const heard: string[] = [];
  await database.listen("outbox", (payload) => heard.push(payload));
  const undone = db.transaction().execute(async (tx) => {
    await notify(tx, { channel: "outbox", payload: "undone" });
    throw new Error("no");
  });
  await expect(undone).rejects.toThrow("no");
  await db.transaction().execute(async (tx) => {
    await notify(tx, { channel: "outbox", payload: "done" });
    await sql`select pg_sleep(0.05)`.execute(tx);
    expect(heard).toEqual([]);
  });
  await vi.waitFor(() => expect(heard).toEqual(["done"]), SOON);
  await database.close();
});

it("comes back after its backend is terminated and asks to look again at what was missed", async () => {
  const database = openDatabase({ url, applicationName: "reconnect" });
  const heard: string[] = [];
  const onReconnect = vi.fn();
  await database.listen("work", (payload) => heard.push(payload), { onReconnect });
  expect(await terminate("reconnect")).toBe(1);
  await notify(db, { channel: "work", payload: "missed" });
  await vi.waitFor(() => expect(onReconnect).toHaveBeenCalledTimes(1), SOON);
  await notify(db, { channel: "work", payload: "heard" });
  await vi.waitFor(() => expect(heard).toContain("heard"), SOON);
  await database.close();
});

it("stops when told and keeps the channel for the others", async () => {
  const database = openDatabase({ url, applicationName: "stop" });
  const leaving = vi.fn();
  const staying = vi.fn();
  const stop = await database.listen("work", leaving);
  await database.listen("work", staying);
  await stop();
  await notify(db, { channel: "work", payload: "after" });
  await vi.waitFor(() => expect(staying).toHaveBeenCalledWith("after"), SOON);
  expect(leaving).not.toHaveBeenCalled();
  await database.close();
});

it("does not come back once closed", async () => {
  const database = openDatabase({ url, applicationName: "closed" });
  await database.listen("work", () => {});
  await database.close();
  await new Promise((resolve) => setTimeout(resolve, 150));
  expect(await terminate("closed")).toBe(0);
});
