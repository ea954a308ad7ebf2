import { join } from "node:path";
import type { Db } from "../../platform/database/index.ts";
import type { DeploymentKey } from "./deployments-store.ts";
import { isMoved, type LogFile, type LogSources } from "./log/log-sources.ts";
import { listSpool } from "./log/spool.ts";
import { filesWithin, type PredictionFile } from "./prediction-files.ts";
import { timeOf } from "./prediction-id.ts";
import { predictionsStore } from "./predictions-store.ts";

/** A file may be compacted away between being listed and being read; then everything is listed again. */
const MOST_TRIES = 5;
/** A request that takes long is logged after younger ones: a spool file may hold ids older than its name by this much. */
const SPOOL_SLACK_MS = 60_000;

/** Spool files and compacted files that hold each row once. */
export type Snapshot = { readonly spool: readonly string[]; readonly files: readonly PredictionFile[] };

/** Ids of which requests are looked for, by the times in them; null is open. */
export type IdTimes = { readonly first: Date | null; readonly last: Date | null };

/** Event times that are looked for: from is inside, until outside. */
export type EventTimes = { readonly from?: Date | undefined; readonly until?: Date | undefined };

/** Makes what finds the files of the log: the spool of every gateway and the Parquet files behind it. */
export function createSnapshots({ db, dataDir }: { db: Db; dataDir: string }) {
  /**
   * The spool is listed first and the compacted segments are taken out of it last: a segment that is compacted in between
   * is then found in one place, not in two and not in none.
   */
  async function take(
    { first, last }: IdTimes,
    listFiles: (store: ReturnType<typeof predictionsStore>) => Promise<PredictionFile[]>,
  ): Promise<Snapshot> {
    const segments = await listSpool(dataDir);
    const [files, compacted] = await db
      .transaction()
      .setIsolationLevel("repeatable read")
      .execute(async (tx) => {
        const store = predictionsStore(tx);
        return [await listFiles(store), await store.listCompacted(segments)] as const;
      });
    const gone = new Set(compacted.map(({ gateway, segment }) => `${gateway}/${segment}`));
    const latest = last === null ? Number.POSITIVE_INFINITY : last.getTime() + SPOOL_SLACK_MS;
    const earliest = first === null ? Number.NEGATIVE_INFINITY : first.getTime() - SPOOL_SLACK_MS;
    const spool = segments.filter(
      ({ gateway, segment, bytes, closed, modifiedAt }) =>
        bytes > 0 &&
        !gone.has(`${gateway}/${segment}`) &&
        timeOf({ request: segment }).getTime() <= latest &&
        // A closed file holds nothing younger than its last change.
        (!closed || modifiedAt.getTime() >= earliest),
    );
    return { files, spool: spool.map(({ path }) => path) };
  }

  /** Where the rows of a deployment lie, or those of some of its requests or event times. */
  async function sourcesOf(
    { project, environment, name }: DeploymentKey,
    { times = {}, ids = { first: null, last: null } }: { times?: EventTimes; ids?: IdTimes } = {},
  ): Promise<LogSources> {
    const { from = null, until = null } = times;
    const { spool, files } = await take(ids, (store) => store.listFiles({ project, environment, name }));
    const within = filesWithin(files, { from, until }).filter(
      ({ firstAt, lastAt }) =>
        (ids.first === null || lastAt >= ids.first) && (ids.last === null || firstAt <= ids.last),
    );
    return {
      project,
      environment,
      deployment: name,
      from: from?.toISOString() ?? null,
      until: until?.toISOString() ?? null,
      spool,
      files: logFiles(within),
    };
  }

  function logFiles(files: readonly PredictionFile[]): LogFile[] {
    return files.map(({ path, columns }) => ({ path: join(dataDir, "predictions", path), columns }));
  }

  return { take, sourcesOf, logFiles };
}

/** Reads again where a file was moved between being listed and being read. */
export async function retrying<Value>(read: () => Promise<Value>): Promise<Value> {
  for (let tries = 1; ; tries++) {
    try {
      return await read();
    } catch (error) {
      if (!isMoved(error) || tries === MOST_TRIES) throw error;
    }
  }
}
