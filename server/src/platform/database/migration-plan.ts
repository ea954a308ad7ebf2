import { fail } from "@causeway/contract";

/** A migration as the program carries it. */
export interface MigrationFile {
  name: string;
  sha256: string;
  text: string;
}

/** A migration as the database remembers it. */
export interface AppliedMigration {
  name: string;
  sha256: string;
}

const SEND_BACK = "Restore the file as it was released, and put the change in a new migration.";

/** Decides which files are still to run, in order, or refuses a database that this program does not understand. */
export function planMigrations(files: MigrationFile[], applied: AppliedMigration[]): MigrationFile[] {
  const known = new Map(files.map((file) => [file.name, file]));
  for (const { name, sha256 } of applied) {
    const file = known.get(name);
    if (file === undefined) {
      throw fail("DATABASE_NEWER", {
        message: `The database has the migration ${name}, which this program does not know`,
        value: name,
        help: "A newer Causeway has used this database. Start that version or a later one, or give another data folder.",
      });
    }
    if (file.sha256 !== sha256) {
      throw fail("MIGRATION_CHANGED", {
        message: `The migration ${name} was applied to this database with other contents`,
        value: name,
        help: SEND_BACK,
      });
    }
  }
  const done = new Set(applied.map(({ name }) => name));
  const pending = files.filter(({ name }) => !done.has(name));
  const last = files.findLast(({ name }) => done.has(name))?.name ?? "";
  const late = pending.find(({ name }) => name < last);
  if (late !== undefined) {
    throw fail("MIGRATION_CHANGED", {
      message: `The migration ${late.name} is new, yet the later ${last} is already applied to this database`,
      value: late.name,
      help: `Give ${late.name} a number after ${last}: migrations only go forward.`,
    });
  }
  return pending;
}
