import { randomBytes } from "node:crypto";
import { sql } from "kysely";
import { expect, it } from "vitest";
import { testDatabase } from "../../../../testing/database.ts";
import { systemCall } from "../../../platform/access/index.ts";
import { createRunSearch } from "./run-search-service.ts";

const { database, db } = await testDatabase();
const call = systemCall({ project: "default", environment: "dev" }, "tester");
const RUNS = 5000;
const OF_RUN = 10;

await db
  .insertInto("experiments_experiments")
  .values({ project: "default", number: 0, name: "big" })
  .execute();
const { key } = await db.selectFrom("experiments_experiments").select("key").executeTakeFirstOrThrow();
await sql`insert into experiments_runs (id, project, experiment, experiment_key, name, state, record, started_at, created_by)
  select md5(${randomBytes(8).toString("hex")} || i), 'default', 0, ${key}, 'run-' || i, 'finished', '{}',
    to_timestamp(1700000000 + i), '{}' from generate_series(1, ${RUNS}::integer) as i`.execute(db);
await sql`insert into experiments_metrics
    (run_key, experiment_key, name, last_value, last_step, last_at_ms, min, max, points)
  select run.key, ${key}, 'm' || m, (run.key * (m + 1) * 7919 % 10007) / 10007.0, 0, 0, 0, 0, 1
  from experiments_runs as run, generate_series(1, ${OF_RUN}::integer) as m`.execute(db);
await sql`insert into experiments_params (run_key, experiment_key, name, value)
  select run.key, ${key}, 'p' || p, 'v' || (run.key + p) % 500
  from experiments_runs as run, generate_series(1, ${OF_RUN}::integer) as p`.execute(db);
await sql`insert into experiments_tags (run_key, experiment_key, name, value)
  select run.key, ${key}, 't' || t, md5(run.key::text || t)
  from experiments_runs as run, generate_series(1, ${OF_RUN}::integer) as t`.execute(db);
await sql`vacuum analyze experiments_runs, experiments_metrics, experiments_params, experiments_tags`.execute(
  db,
);

/** How often each table was read from end to end, as the database has counted. */
async function wholeReads({ db, keyed } = database): Promise<Record<string, number>> {
  // What a connection did is counted for others only when it says so.
  await sql`select pg_stat_force_next_flush()`.execute(db);
  await keyed.query("select pg_stat_force_next_flush()");
  await sql`select pg_stat_clear_snapshot()`.execute(db);
  const { rows } = await sql<{ name: string; reads: number }>`select relname as name, seq_scan as reads
    from pg_stat_user_tables where relname in
      ('experiments_metrics', 'experiments_params', 'experiments_tags', 'experiments_points')`.execute(db);
  return Object.fromEntries(rows.map(({ name, reads }) => [name, reads]));
}

it.each([
  ["", []],
  ["metrics.m3 > 0.5 and params.p1 = 'v7'", []],
  ["metrics.m3 > 0.5 and params.p1 = 'v7'", ["metrics.m2 DESC"]],
  ["", ["metrics.m2 DESC"]],
  ["", ["metrics.m2"]],
  ["", ["params.p1"]],
  ["tags.t1 LIKE 'abc%'", []],
  ["tags.t1 LIKE '%abc%'", []],
  ["tags.t1 LIKE '%not there%'", ["metrics.m2"]],
  ["params.p1 = 'v7' OR NOT tags.t1 LIKE '%a%'", []],
  ["params.none IS NOT NULL", []],
  ["params.p1 IS NULL", []],
])("E3/grammar reads no table of values from end to end for %j in the order %j", async (filter, orderBy) => {
  const search = createRunSearch({ database });
  const before = await wholeReads();
  await search.searchRuns({ filter, orderBy, view: "active", limit: 100, experiments: ["0"] }, call);
  expect(await wholeReads()).toEqual(before);
});

it("would have counted a read from end to end", async () => {
  const before = await wholeReads();
  await sql`select count(*) from experiments_params where value like '%9'`.execute(db);
  const after = await wholeReads();
  expect(after["experiments_params"]).toBe((before["experiments_params"] ?? 0) + 1);
});

it("reads found runs by their keys also where the tables were small when it planned", async () => {
  const small = await testDatabase();
  await small.db
    .insertInto("experiments_experiments")
    .values({ project: "default", number: 0, name: "small" })
    .execute();
  await sql`insert into experiments_runs (id, project, experiment, experiment_key, name, state, record, started_at, created_by)
    select md5('one'), 'default', 0, key, 'one', 'finished', '{}', now(), '{}' from experiments_experiments`.execute(
    small.db,
  );
  await sql`insert into experiments_metrics (run_key, experiment_key, name, last_value, last_step, last_at_ms, points)
    select key, experiment_key, 'm', 1, 0, 0, 1 from experiments_runs`.execute(small.db);
  await sql`vacuum analyze experiments_metrics, experiments_params, experiments_tags`.execute(small.db);
  const search = createRunSearch(small);
  const before = await wholeReads(small.database);
  const asked = { filter: "", orderBy: [], view: "active", limit: 10, experiments: ["0"] } as const;
  const { items } = await search.searchRuns(asked, call);
  expect(items[0]?.metrics).toHaveLength(1);
  expect(await wholeReads(small.database)).toEqual(before);
});
