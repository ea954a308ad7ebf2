import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CausewayError } from "@causeway/contract";
import { sql } from "kysely";
import { afterAll, expect, it } from "vitest";
import { testDatabase } from "../../../testing/database.ts";
import { migrate } from "./migrate.ts";
import { openDatabase } from "./open-database.ts";

const { database, db, url } = await testDatabase();
const root = mkdtempSync(join(tmpdir(), "causeway-migrations-"));
afterAll(() => rmSync(root, { recursive: true }));

/** An empty database and a folder with the given migrations. */
async function begin(files: Record<string, string>): Promise<string> {
  await sql`drop table if exists platform_migrations, a, b, c`.execute(db);
  const folder = mkdtempSync(join(root, "case-"));
  write(folder, files);
  return folder;
}

function write(folder: string, files: Record<string, string>): void {
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, `${name}.sql`), text);
}

async function refusal(folder: string): Promise<CausewayError> {
  const error = await migrate(database, folder).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof CausewayError)) throw new Error("expected a refusal", { cause: error });
  return error;
}

async function tables(): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`select tablename as name from pg_tables
    where schemaname = 'public' and tablename in ('a', 'b', 'c') order by 1`.execute(db);
  return rows.map(({ name }) => name);
}

const A = { "0001-a": "create table a (id int); create index on a (id);" };
const B = { "0002-b": "create table b (id int);" };

it("finds a copy of the template up to date", async () => {
  expect(await migrate(database)).toEqual({ applied: [] });
});

it("applies files in order, once, and remembers when", async () => {
  const folder = await begin({ ...B, ...A });
  expect(await migrate(database, folder)).toEqual({ applied: ["0001-a", "0002-b"] });
  expect(await migrate(database, folder)).toEqual({ applied: [] });
  expect(await tables()).toEqual(["a", "b"]);
  const rows = await db.selectFrom("platform_migrations").selectAll().orderBy("name").execute();
  expect(rows.map(({ name }) => name)).toEqual(["0001-a", "0002-b"]);
  expect(Math.abs(Date.now() - Number(rows[0]?.applied_at))).toBeLessThan(60_000);
});

it("applies only what is new", async () => {
  const folder = await begin(A);
  await migrate(database, folder);
  write(folder, B);
  expect(await migrate(database, folder)).toEqual({ applied: ["0002-b"] });
});

it("undoes a failed file wholly, keeps those before it, and goes on once it is mended", async () => {
  const folder = await begin({ ...A, "0002-b": "create table b (id int); select 1 / 0;" });
  const error = await refusal(folder);
  expect(error.code).toBe("DATABASE_FAILED");
  expect(error.message).toContain("0002-b");
  expect(error.message).toContain("division by zero");
  expect(await tables()).toEqual(["a"]);
  write(folder, B);
  expect(await migrate(database, folder)).toEqual({ applied: ["0002-b"] });
});

it("refuses an applied file whose text has changed", async () => {
  const folder = await begin(A);
  await migrate(database, folder);
  write(folder, { "0001-a": "create table a (id bigint);" });
  const error = await refusal(folder);
  expect(error).toMatchObject({ code: "MIGRATION_CHANGED", value: "0001-a" });
  expect(error.help).toContain("new migration");
});

it("refuses a database that a newer program has migrated", async () => {
  const newer = await begin({ ...A, ...B });
  await migrate(database, newer);
  const older = mkdtempSync(join(root, "older-"));
  write(older, A);
  const error = await refusal(older);
  expect(error).toMatchObject({ code: "DATABASE_NEWER", value: "0002-b" });
  expect(error.help).toContain("newer Causeway");
});

it("refuses a new file that is numbered before an applied one", async () => {
  const folder = await begin({ "0001-a": A["0001-a"], "0003-c": "create table c (id int);" });
  await migrate(database, folder);
  write(folder, B);
  expect(await refusal(folder)).toMatchObject({ code: "MIGRATION_CHANGED", value: "0002-b" });
  expect(await tables()).toEqual(["a", "c"]);
});

it("lets one of several programs that start together do the work", async () => {
  const folder = await begin({ "0001-a": "select pg_sleep(0.1); create table a (id int);", ...B });
  const programs = Array.from({ length: 4 }, (_, index) =>
    openDatabase({ url, applicationName: `program ${index}` }),
  );
  const results = await Promise.all(programs.map((program) => migrate(program, folder)));
  expect(results.flatMap(({ applied }) => applied).sort()).toEqual(["0001-a", "0002-b"]);
  await Promise.all(programs.map((program) => program.close()));
});

it("checks a database that is up to date by one statement", async () => {
  const folder = await begin({ ...A, ...B });
  await migrate(database, folder);
  const statements: string[] = [];
  const counting = db.withPlugin({
    transformQuery: ({ node }) => {
      statements.push(node.kind);
      return node;
    },
    transformResult: async ({ result }) => result,
  });
  await migrate({ db: counting, url }, folder);
  expect(statements).toEqual(["SelectQueryNode"]);
});
