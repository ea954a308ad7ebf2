import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fail } from "@causeway/contract";
import { sql } from "kysely";
import { type AppliedMigration, type MigrationFile, planMigrations } from "./migration-plan.ts";
import type { Database, Db } from "./open-database.ts";
import { assertUsableServer, explainRefusal, type ServerFacts } from "./server-check.ts";

const FOLDER = join(import.meta.dirname, "migrations");

/** Names the advisory lock that keeps two programs from migrating one database at once; any constant would do. */
const LOCK_KEY = 7_420_000_001;

/** Brings a database to this program's schema. A database that is up to date costs one query. */
export async function migrate(
  { db, url }: Pick<Database, "db" | "url">,
  folder = FOLDER,
): Promise<{ applied: string[] }> {
  const files = await readMigrations(folder);
  const before = await readApplied(db).catch((error: unknown) => {
    throw explainRefusal(error, url);
  });
  if (before !== undefined && planMigrations(files, before).length === 0) return { applied: [] };

  const applied: string[] = [];
  await db.connection().execute(async (connection) => {
    await sql`select pg_advisory_lock(${LOCK_KEY})`.execute(connection);
    try {
      assertUsableServer(await readServer(connection));
      await createJournal(connection).catch((error: unknown) => {
        throw explainRefusal(error, url);
      });
      // Read again under the lock: another program may have just done the work.
      for (const file of planMigrations(files, (await readApplied(connection)) ?? [])) {
        await apply(connection, file);
        applied.push(file.name);
      }
    } finally {
      await sql`select pg_advisory_unlock(${LOCK_KEY})`.execute(connection);
    }
  });
  return { applied };
}

async function readMigrations(folder: string): Promise<MigrationFile[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".sql")).sort();
  return Promise.all(
    names.map(async (file) => {
      const text = await readFile(join(folder, file), "utf8");
      return {
        name: file.slice(0, -".sql".length),
        sha256: createHash("sha256").update(text).digest("hex"),
        text,
      };
    }),
  );
}

/** The journal's rows, or undefined where there is no journal yet. */
async function readApplied(db: Db): Promise<AppliedMigration[] | undefined> {
  try {
    return await db.selectFrom("platform_migrations").select(["name", "sha256"]).orderBy("name").execute();
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "42P01") return undefined; // undefined_table
    throw error;
  }
}

async function readServer(db: Db): Promise<ServerFacts> {
  const { rows } = await sql<ServerFacts>`select current_setting('server_version_num')::int as version,
    current_setting('server_encoding') as encoding`.execute(db);
  const [server] = rows;
  if (server === undefined) throw new Error("A select without from gives one row");
  return server;
}

async function createJournal(db: Db): Promise<void> {
  await sql`create table if not exists platform_migrations (
    name text primary key,
    sha256 text not null,
    applied_at timestamptz(3) not null default now()
  )`.execute(db);
}

async function apply(db: Db, file: MigrationFile): Promise<void> {
  try {
    await db.transaction().execute(async (tx) => {
      await sql.raw(file.text).execute(tx);
      await tx.insertInto("platform_migrations").values({ name: file.name, sha256: file.sha256 }).execute();
    });
  } catch (cause) {
    throw fail("DATABASE_FAILED", {
      message: `The migration ${file.name} failed and was undone: ${cause instanceof Error ? cause.message : cause}`,
      value: file.name,
      help: "Nothing of it was kept. Mend the cause and start again; it is tried from its beginning.",
      cause,
    });
  }
}
