import type { Artifacts } from "../../platform/artifacts/index.ts";
import type { Database } from "../../platform/database/index.ts";
import type { Events } from "../../platform/events/index.ts";
import type { Lineage } from "../../platform/lineage/index.ts";
import type { WorkQueue } from "../../platform/work/index.ts";
import { createImports } from "./import-service.ts";
import { createLooks } from "./look-service.ts";
import { createSplits } from "./split-service.ts";
import { createVersions } from "./version-service.ts";

/** What the stage is built from. */
export interface DataParts {
  database: Database;
  artifacts: Artifacts;
  events: Events;
  lineage: Lineage;
  work: WorkQueue;
  now: () => Date;
  newId: () => string;
}

/** The stage: one method per endpoint, and what stages to the right build on. */
export type Data = ReturnType<typeof createData>;

/** Builds the stage. */
export function createData(parts: DataParts) {
  const { database, work } = parts;
  const shared = { ...parts, db: database.db };
  const versions = createVersions(shared);
  const imports = createImports({ ...shared, versions });
  const splits = createSplits({ ...shared, work, versions });
  const looks = createLooks({ ...shared, versions });
  return { ...versions, ...imports, ...splits, ...looks };
}
