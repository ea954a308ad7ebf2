import type { Environment } from "@causeway/contract";
import { sql } from "kysely";
import type { Db, Tx } from "../../platform/database/index.ts";
import type { DeploymentKey } from "./deployments-store.ts";
import type { PredictionFile } from "./prediction-files.ts";

/** Names a closed segment of a gateway's spool. */
type Segment = { readonly gateway: string; readonly segment: string };

/** A Parquet file of the log with the deployment that it belongs to. */
export type StoredPredictionFile = PredictionFile & {
  readonly project: string;
  readonly environment: Environment;
  readonly deployment: string;
  readonly bytes: number;
};

/** Names the advisory lock that lets one compaction commit at a time; any constant would do. */
const COMPACTION_LOCK = 7_420_000_006;

const FILE_COLUMNS = [
  "path",
  "rows",
  "columns",
  "first_at as firstAt",
  "last_at as lastAt",
  "first_occurred_at as firstOccurredAt",
  "last_occurred_at as lastOccurredAt",
] as const;

/** Statements on the files of the prediction log and the segments that went into them. */
export function predictionsStore(db: Db | Tx) {
  return {
    /** Held until the transaction's end: what was compacted is looked up and added to by one at a time. */
    async lockCompaction(): Promise<void> {
      await sql`select pg_advisory_xact_lock(${COMPACTION_LOCK})`.execute(db);
    },

    /** Which of these segments stand in Parquet already. */
    async listCompacted(segments: readonly Segment[]): Promise<Segment[]> {
      if (segments.length === 0) return [];
      return db
        .selectFrom("deployments_segments")
        .select(["gateway", "segment"])
        .where(
          sql<boolean>`(gateway, segment) in (select * from unnest(${segments.map(({ gateway }) => gateway)}::text[],
            ${segments.map(({ segment }) => segment)}::text[]))`,
        )
        .execute();
    },

    async insertSegments(segments: readonly (Segment & { rows: number })[]): Promise<void> {
      if (segments.length === 0) return;
      await db
        .insertInto("deployments_segments")
        .values(segments.map(({ gateway, segment, rows }) => ({ gateway, segment, rows })))
        .execute();
    },

    async insertFiles(files: readonly StoredPredictionFile[]): Promise<void> {
      if (files.length === 0) return;
      await db
        .insertInto("deployments_prediction_files")
        .values(
          files.map(({ columns, firstAt, lastAt, firstOccurredAt, lastOccurredAt, ...file }) => ({
            ...file,
            columns: columns === null ? null : [...columns],
            first_at: firstAt,
            last_at: lastAt,
            first_occurred_at: firstOccurredAt,
            last_occurred_at: lastOccurredAt,
          })),
        )
        .execute();
    },

    /** The files of a deployment, newest first. */
    async listFiles({ project, environment, name }: DeploymentKey): Promise<PredictionFile[]> {
      const rows = await db
        .selectFrom("deployments_prediction_files")
        .select(FILE_COLUMNS)
        .where("project", "=", project)
        .where("environment", "=", environment)
        .where("deployment", "=", name)
        .orderBy("last_at", "desc")
        .execute();
      return rows;
    },

    /** Forgets the files of a deployment of which every row occurred before a time, and answers which they were. */
    async deleteFilesBefore(
      { project, environment, name }: DeploymentKey,
      before: Date,
    ): Promise<{ path: string; rows: number }[]> {
      return (
        db
          .deleteFrom("deployments_prediction_files")
          .where("project", "=", project)
          .where("environment", "=", environment)
          .where("deployment", "=", name)
          // Of files of before only the times of receipt are known, which event times seldom pass.
          .where(sql<boolean>`coalesce(last_occurred_at, last_at) < ${before}`)
          .returning(["path", "rows"])
          .execute()
      );
    },

    /** The files of a scope that may hold a request of this moment. */
    async listFilesAt(scope: {
      project: string;
      environment: Environment;
      at: Date;
    }): Promise<PredictionFile[]> {
      return db
        .selectFrom("deployments_prediction_files")
        .select(FILE_COLUMNS)
        .where("project", "=", scope.project)
        .where("environment", "=", scope.environment)
        .where("first_at", "<=", scope.at)
        .where("last_at", ">=", scope.at)
        .execute();
    },
  };
}
