import { sql } from "kysely";
import { describe, expect, it } from "vitest";
import { testDatabase } from "../../../testing/database.ts";
import { isConnectionLost } from "./connection-failure.ts";
import { openDatabase } from "./open-database.ts";

const { database, db, url } = await testDatabase();

async function value(expression: string): Promise<unknown> {
  const { rows } = await sql<{ value: unknown }>`select ${sql.raw(expression)} as value`.execute(db);
  return rows[0]?.value;
}

describe("column values", () => {
  it("gives a bigint as a number while a number holds it exactly", async () => {
    expect(await value("9007199254740991::int8")).toBe(9007199254740991);
    expect(await value("(-9007199254740991)::int8")).toBe(-9007199254740991);
    expect(await value("(select count(*) from generate_series(1, 3))")).toBe(3);
  });

  it("refuses a bigint that a number would round, and the connection stays usable", async () => {
    await expect(value("9007199254740993::int8")).rejects.toThrow("beyond 2^53");
    expect(await value("1")).toBe(1);
  });

  it("gives numeric as exact text and dates as they are written", async () => {
    expect(await value("0.10::numeric(10, 2)")).toBe("0.10");
    expect(await value("date '2026-03-29'")).toBe("2026-03-29");
  });

  it("gives timestamps as Dates that find their own row again at a precision of 3", async () => {
    await sql`create table moments (at timestamptz(3) not null default clock_timestamp())`.execute(db);
    await sql`insert into moments default values`.execute(db);
    const { rows } = await sql<{ at: Date }>`select at from moments`.execute(db);
    const again = await sql`select from moments where at = ${rows[0]?.at}`.execute(db);
    expect(again.rows).toHaveLength(1);
  });

  it("keeps NaN and infinities of float8", async () => {
    const { rows } = await sql`select ${Number.NaN}::float8 as a, ${-Infinity}::float8 as b`.execute(db);
    expect(rows).toEqual([{ a: Number.NaN, b: -Infinity }]);
  });
});

describe("connections", () => {
  it("names the program to the server", async () => {
    const named = openDatabase({ url, applicationName: "causeway control" });
    const { rows } = await sql`select current_setting('application_name') as name`.execute(named.db);
    expect(rows).toEqual([{ name: "causeway control" }]);
    await named.close();
  });

  it("goes on after a backend is terminated, and tells that a statement's outcome is unknown", async () => {
    const single = openDatabase({ url, applicationName: "one connection", poolSize: 1 });
    const terminated = sql`select pg_terminate_backend(pg_backend_pid())`.execute(single.db);
    await expect(terminated.catch((error: unknown) => isConnectionLost(error))).resolves.toBe(true);
    const { rows } = await sql`select 1 as one`.execute(single.db);
    expect(rows).toEqual([{ one: 1 }]);
    await single.close();
  });

  it("ends a transaction that its owner left open", async () => {
    const { rows } = await sql`show idle_in_transaction_session_timeout`.execute(db);
    expect(rows).toEqual([{ idle_in_transaction_session_timeout: "1min" }]);
  });

  // Its bound is wall time, which a neighbour on the same cores may hold up once.
  it("reports a server that does not come within the time given", { retry: 2 }, async () => {
    const absent = openDatabase({
      url: "postgres://causeway@localhost/causeway?host=/tmp/no-such-folder",
      applicationName: "absent",
      connectWithinMs: 200,
    });
    const began = performance.now();
    await expect(sql`select 1`.execute(absent.db)).rejects.toMatchObject({ code: "ENOENT" });
    expect(performance.now() - began).toBeLessThan(2_000);
    await absent.close();
  });

  it("closes twice as once", async () => {
    const closing = openDatabase({ url, applicationName: "closing" });
    await sql`select 1`.execute(closing.db);
    await Promise.all([closing.close(), closing.close()]);
    await closing.close();
  });

  it("answers the driver's own queries too, as the job queue sends them", async () => {
    const { rows } = await database.pool.query("select $1::int as two", [2]);
    expect(rows).toEqual([{ two: 2 }]);
  });
});
