import { randomUUID } from "node:crypto";
import { chmodSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { pino } from "pino";
import type { TestProject } from "vitest/node";
import { isRunning } from "../src/platform/database/embedded/postmaster.ts";
import { migrate, openDatabase, startEmbedded, stopEmbedded } from "../src/platform/database/index.ts";
import { administer, databaseUrl } from "./administration.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** A server for tests, by the address of its maintenance database. */
    databaseServer: string;
    /** A migrated database that every test file gets a copy of. */
    databaseTemplate: string;
  }
}

const TEMPORARY = "/tmp";
const PREFIX = "causeway-test-";

/**
 * One server per test run, with one migrated template: the embedded server in a folder of its own, or the one that
 * `CAUSEWAY_TEST_DATABASE_URL` names, to prove the same tests on another PostgreSQL.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env["CAUSEWAY_TEST_DATABASE_URL"];
  const server =
    given === undefined || given === "" ? await startTestServer() : { url: given, stop: async () => {} };
  const template = `causeway_template_${randomUUID().slice(0, 8)}`;
  await administer(server.url, `create database ${template}`);
  const database = openDatabase({ url: databaseUrl(server.url, template), applicationName: "test setup" });
  await migrate(database);
  await database.close();
  project.provide("databaseServer", server.url);
  project.provide("databaseTemplate", template);
  return async () => {
    await administer(server.url, `drop database if exists ${template} with (force)`);
    await server.stop();
  };
}

async function startTestServer(): Promise<{ url: string; stop: () => Promise<void> }> {
  await sweepLeftovers();
  const folder = mkdtempSync(join(TEMPORARY, `${PREFIX}${process.pid}-`));
  chmodSync(folder, 0o711); // as root the server runs as nobody, which must get to its own folder
  const embedded = await startEmbedded({ dataDir: folder, log: pino({ level: "warn" }) });
  return {
    url: embedded.url,
    stop: async () => {
      await embedded.remove();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A killed test run leaves its server behind; the next run ends it. */
async function sweepLeftovers(): Promise<void> {
  for (const name of readdirSync(TEMPORARY).filter((entry) => entry.startsWith(PREFIX))) {
    const owner = Number(name.slice(PREFIX.length).split("-")[0]);
    if (!Number.isInteger(owner) || isRunning(owner)) continue;
    const folder = join(TEMPORARY, name);
    try {
      await stopEmbedded({ dataDir: folder, withinMs: 1_000 });
      rmSync(folder, { recursive: true, force: true });
    } catch {
      // Another account's leftovers are that account's to remove.
    }
  }
}
