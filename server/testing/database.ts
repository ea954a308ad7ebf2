import { randomUUID } from "node:crypto";
import { afterAll, inject } from "vitest";
import { type Database, type Db, openDatabase } from "../src/platform/database/index.ts";
import { administer, databaseUrl } from "./administration.ts";

/** A migrated database of a test file's own. */
export interface TestDatabase {
  database: Database;
  db: Db;
  url: string;
}

/**
 * Makes a fresh copy of the migrated template and drops it after the file's tests. Call it once at the top of a test
 * file: `const { database, db } = await testDatabase();`
 */
export async function testDatabase(): Promise<TestDatabase> {
  const server = inject("databaseServer");
  const name = `causeway_test_${randomUUID().replaceAll("-", "")}`;
  await administer(server, `create database ${name} template ${inject("databaseTemplate")}`);
  const url = databaseUrl(server, name);
  const database = openDatabase({ url, applicationName: name });
  afterAll(async () => {
    await database.close();
    await administer(server, `drop database if exists ${name} with (force)`);
  });
  return { database, db: database.db, url };
}
