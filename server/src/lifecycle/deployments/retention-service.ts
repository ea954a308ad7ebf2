import { rm } from "node:fs/promises";
import { join } from "node:path";
import { systemCall } from "../../platform/access/index.ts";
import type { Database } from "../../platform/database/index.ts";
import type { Events } from "../../platform/events/index.ts";
import { deploymentPath } from "./deployment-path.ts";
import { deploymentsStore, type StoredDeployment } from "./deployments-store.ts";
import { predictionsStore } from "./predictions-store.ts";
import { retentionCutoff } from "./retention-rule.ts";
import { trafficStore } from "./traffic-store.ts";
import { truthStore } from "./truth-store.ts";

/** What was changed so long ago has been looked at by everyone who follows it. */
const CHANGES_MS = 30 * 86_400_000;

/** Makes the service that forgets what is older than a deployment keeps. */
export function createRetentionService(parts: {
  readonly database: Pick<Database, "db">;
  readonly dataDir: string;
  readonly events: Pick<Events, "record">;
  readonly now: () => Date;
}) {
  const { database, dataDir, events, now } = parts;
  const { db } = database;

  /** Forgets old log files and truth of every deployment that keeps them for a time, and old notes of what changed. */
  async function pruneLogs(): Promise<void> {
    for (const deployment of await deploymentsStore(db).listRetaining()) await pruneLog(deployment);
    await trafficStore(db).deleteChanges(new Date(now().getTime() - CHANGES_MS));
  }

  /** A file goes when its newest row is too old: what is removed is removed whole, in one transaction with its truth. */
  async function pruneLog(deployment: StoredDeployment): Promise<void> {
    const { retentionDays: days, project, environment } = deployment;
    const mark = await trafficStore(db).findWatermark(deployment.id);
    const before =
      days === null || mark === undefined ? null : retentionCutoff({ ...mark, days, now: now() });
    if (before === null) return;
    const call = systemCall({ project, environment }, "deployments.prune-logs");
    const paths = await db.transaction().execute(async (tx) => {
      await truthStore(tx).lockTruth(deployment.id);
      const files = await predictionsStore(tx).deleteFilesBefore(deployment, before);
      const truths = await truthStore(tx).deleteBefore(deployment.id, before);
      if (files.length + truths === 0) return [];
      const rows = files.reduce((sum, file) => sum + file.rows, 0);
      await events.record(tx, call, {
        type: "deployments.log-pruned",
        subject: deploymentPath(deployment),
        data: { deployment: deployment.name, before: before.toISOString(), rows, truths },
      });
      return files.map(({ path }) => path);
    });
    for (const path of paths) await rm(join(dataDir, "predictions", path), { force: true });
  }

  return { pruneLogs };
}
