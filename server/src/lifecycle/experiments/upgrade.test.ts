import { randomUUID } from "node:crypto";
import { cpSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import { afterAll, expect, inject, it } from "vitest";
import { administer, databaseUrl } from "../../../testing/administration.ts";
import { migrate, openDatabase } from "../../platform/database/index.ts";
import { experimentsStore } from "./experiments-store.ts";
import { runDetailsStore } from "./run-details-store.ts";

const server = inject("databaseServer");
const name = `causeway_test_${randomUUID().replaceAll("-", "")}`;
await administer(server, `create database ${name}`);
const url = databaseUrl(server, name);
const database = openDatabase({ url, applicationName: name });
const earlier = mkdtempSync(join(tmpdir(), "causeway-migrations-"));
afterAll(async () => {
  await database.close();
  await administer(server, `drop database if exists ${name} with (force)`);
  rmSync(earlier, { recursive: true, force: true });
});

const MIGRATIONS = join(import.meta.dirname, "../../platform/database/migrations");
const RUN = "a".repeat(32);

it("keeps runs, params, tags, metrics, points and files of a database from before narrow keys", async () => {
  for (const file of readdirSync(MIGRATIONS).filter((one) => one < "0014"))
    cpSync(join(MIGRATIONS, file), join(earlier, file));
  const { db } = database;
  await migrate(database, earlier);
  await sql`insert into experiments_experiments (project, number, name) values ('default', 0, 'Default'), ('default', 7, 'churn')`.execute(
    db,
  );
  await sql`insert into experiments_runs (id, project, experiment, name, state, record, started_at, created_by)
    values (${RUN}, 'default', 7, 'first', 'running', '{}', '2026-11-21T10:00:00Z', '{}')`.execute(db);
  await sql`insert into experiments_params values (${RUN}, 'depth', '6')`.execute(db);
  await sql`insert into experiments_tags values (${RUN}, 'team', 'risk')`.execute(db);
  await sql`insert into experiments_metrics values (${RUN}, 'auc', 0.5, 1, '2026-11-21T10:00:01Z', 0.4, 0.5, 3)`.execute(
    db,
  );
  // The same point twice: it is one from now on.
  await sql`insert into experiments_points (run, name, step, occurred_at, value) values
    (${RUN}, 'auc', 0, '2026-11-21T10:00:00Z', 0.4), (${RUN}, 'auc', 1, '2026-11-21T10:00:01Z', 0.5),
    (${RUN}, 'auc', 1, '2026-11-21T10:00:01Z', 0.5)`.execute(db);
  await sql`insert into experiments_artifacts values (${RUN}, 'a.txt', 'd', 1)`.execute(db);

  await migrate(database);

  const [run] = await experimentsStore(db).findRuns("default", RUN);
  expect(run).toMatchObject({ experiment: 7, experimentName: "churn", name: "first" });
  const details = await runDetailsStore(db).load(run === undefined ? [] : [run]);
  expect(details.get(run?.key ?? 0)).toMatchObject({
    params: { depth: "6" },
    tags: { "mlflow.runName": "first", team: "risk" },
    metrics: [["auc", 0.5, 1, Date.UTC(2026, 10, 21, 10, 0, 1), 0.4, 0.5, 2]],
  });
  const series = await runDetailsStore(db).findSeries(run?.key ?? 0, "auc");
  const points = await runDetailsStore(db).listPoints({ series: series ?? 0, after: undefined, limit: 10 });
  expect(points.map(({ value }) => value)).toEqual([0.4, 0.5]);
  expect(await experimentsStore(db).lockNumbers("default")).toBe(7);
});
