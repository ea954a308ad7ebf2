import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fail } from "@causeway/contract";
import { sql } from "kysely";
import { type AppliedMigration, type MigrationFile, planMigrations } from "./migration-plan.ts";
import type { Database, Db } from "./open-database.ts";

const FOLDER = join(import.meta.dirname, "migrations");

/** Names the advisory lock that keeps two programs from migrating one database at once; any constant would do. */
const LOCK_KEY = 7_420_000_001;

/** Brings a database to this program's schema. A database that is up to date costs one query. */
export async function migrate({ db }: Pick<Database, "db">, folder = FOLDER): Promise<{ applied: string[] }> {
  const files = await readMigrations(folder);
  const before = await readApplied(db);
  if (before !== undefined && planMigrations(files, before).length === 0) return { applied: [] };

  const applied: string[] = [];
  await db.connection().execute(async (connection) => {
    await sql`select pg_advisory_lock(${LOCK_KEY})`.execute(connection);
    try {
      await createJournal(connection);
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
