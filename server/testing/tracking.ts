import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import {
  createArtifactTree,
  createExperiments,
  createRunArtifacts,
  createRunSearch,
  createRunWriter,
  createTracking,
} from "../src/lifecycle/experiments/index.ts";
import { createArtifacts } from "../src/platform/artifacts/index.ts";
import { createAudit } from "../src/platform/audit/index.ts";
import { createNewId, type Database } from "../src/platform/database/index.ts";
import { createEvents } from "../src/platform/events/index.ts";
import { createLineage } from "../src/platform/lineage/index.ts";

/** Experiments and all that they stand on, over a database of a test, with files in a folder that goes after the tests. */
export function createTestTracking(database: Database, now: () => Date = () => new Date()) {
  const folder = mkdtempSync(join(tmpdir(), "causeway-tracking-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const { db } = database;
  const newId = createNewId();
  const newRunId = () => randomBytes(16).toString("hex");
  const artifacts = createArtifacts({ root: join(folder, "artifacts"), database });
  const audit = createAudit({ db, newId });
  const events = createEvents({ database, audit, newId, now });
  const lineage = createLineage({ db });
  const tree = createArtifactTree({ database, artifacts });
  const writer = createRunWriter({ artifacts, tree, events, lineage, now, newRunId });
  const search = createRunSearch({ database });
  const tracking = createTracking({
    database,
    events,
    audit,
    now,
    newRunId,
    random: Math.random,
    writer,
    search,
  });
  const runs = createExperiments({ database, writer, tracking, now });
  const experiments = { ...runs, ...createRunArtifacts({ tree, getRun: runs.getRun }) };
  return { artifacts, events, lineage, tree, writer, tracking, experiments };
}
