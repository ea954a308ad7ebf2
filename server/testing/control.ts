import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { afterAll } from "vitest";
import { createControl } from "../src/control.ts";
import { createNewId } from "../src/platform/database/index.ts";
import { testDatabase } from "./database.ts";

const newId = createNewId();
/** The host that requests of tests are sent to. */
export const TEST_HOST = "127.0.0.1:7420";
/** The administrator's token in tests. */
export const ADMIN_TOKEN = `cwa_${"a".repeat(43)}`;

/** Control on a database and in a folder of its own, which answers `app.inject`; both are gone when the file's tests are done. */
export async function testControl(options: { readonly allowPrivateChannels?: boolean } = {}) {
  const { database } = await testDatabase();
  const dataDir = await mkdtemp(join(tmpdir(), "causeway-control-"));
  const control = await createControl({
    database,
    dataDir,
    log: pino({ enabled: false }),
    now: () => new Date(),
    newId,
    url: `http://${TEST_HOST}`,
    http: { host: "127.0.0.1", port: 7420, allowedHosts: [], noAuth: false },
    version: "9.9.9",
    databaseKind: "embedded",
    adminToken: ADMIN_TOKEN,
    gatewayToken: `cwg_${"g".repeat(43)}`,
    webFolder: join(dataDir, "web"),
    checkAnswers: true,
    ...options,
  });
  afterAll(async () => {
    control.endStreams();
    await control.stop();
    await rm(dataDir, { recursive: true, force: true });
  });
  return { control, database, dataDir };
}
