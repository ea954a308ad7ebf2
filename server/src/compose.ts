import { join } from "node:path";
import type { Logger } from "pino";
import { createStepTokens } from "./platform/access/index.ts";
import { createArtifacts } from "./platform/artifacts/index.ts";
import { createAudit } from "./platform/audit/index.ts";
import type { Database } from "./platform/database/index.ts";
import { createEvents } from "./platform/events/index.ts";
import { createLineage } from "./platform/lineage/index.ts";
import type { TaskDefinition } from "./platform/processes/index.ts";
import { createWork, type WorkDefinition } from "./platform/work/index.ts";
import type { BoundRoute } from "./protocols/rest/bind.ts";

/** What a role brings with it. */
export type Foundation = {
  readonly database: Database;
  readonly dataDir: string;
  readonly log: Logger;
  readonly now: () => Date;
  readonly newId: () => string;
};

/** The platform's services, which know no stage. */
export type Platform = ReturnType<typeof composePlatform>;

/** Builds the platform's services. */
export function composePlatform(foundation: Foundation) {
  const { database, dataDir, now, newId } = foundation;
  const audit = createAudit({ db: database.db, newId });
  const events = createEvents({ database, audit, now, newId });
  const artifacts = createArtifacts({ root: join(dataDir, "artifacts"), db: database.db });
  const lineage = createLineage({ db: database.db });
  const work = createWork({ database, newId });
  const stepTokens = createStepTokens({ newId });
  return { ...foundation, audit, events, artifacts, lineage, stepTokens, work };
}

/** The services of the stages, each built from the platform and the stages to its left. */
export type Lifecycle = ReturnType<typeof composeLifecycle>;

/** Builds the stages' services, left to right. */
export function composeLifecycle(_platform: Platform) {
  return {};
}

/** What control answers: every route of every table. */
export function composeRoutes(_platform: Platform, _lifecycle: Lifecycle): BoundRoute[] {
  return [];
}

/** What workers do: every kind of work that a stage contributes. */
export function composeWork(_platform: Platform, _lifecycle: Lifecycle): WorkDefinition[] {
  return [];
}

/** What task processes do: heavy computing over files, without a database. */
export function composeTasks(): TaskDefinition[] {
  return [];
}
