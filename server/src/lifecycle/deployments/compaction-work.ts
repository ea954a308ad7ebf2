import { rm } from "node:fs/promises";
import { join } from "node:path";
import { SYSTEM_SCOPE, systemCall } from "../../platform/access/index.ts";
import type { Database } from "../../platform/database/index.ts";
import { attemptOf, type RunTask } from "../../platform/processes/index.ts";
import { defineWork, hasEnded, type WorkDefinition, type WorkQueue } from "../../platform/work/index.ts";
import { orderSegments } from "./compaction-rule.ts";
import { Compacted, type CompactOrder, compactTask } from "./log/compact-task.ts";
import { listSpool, removeSegment, type SegmentName, type SpoolSegment } from "./log/spool.ts";
import { parsePredictionId, timeOf } from "./prediction-id.ts";
import { predictionsStore, type StoredPredictionFile } from "./predictions-store.ts";

const KIND = "deployments.compact";

/** Makes what looks at the spool from time to time and has it compacted when there is enough. */
export function createCompactionStarter(parts: {
  readonly database: Pick<Database, "db">;
  readonly work: Pick<WorkQueue, "enqueue" | "get">;
  readonly dataDir: string;
  readonly now: () => Date;
}) {
  const { database, work, dataDir, now } = parts;
  /** The work that each enqueued segment waits for. */
  let underway = new Map<string, string>();

  /** Enqueues what is due; answers how many segments that is. What failed is enqueued again. */
  async function startIfDue(): Promise<number> {
    const closed = (await listSpool(dataDir)).filter((segment) => segment.closed);
    const kept = await predictionsStore(database.db).listCompacted(closed);
    const done = new Set(kept.map(nameOf));
    // A worker that died between its commit and its tidying left them.
    for (const segment of kept) await removeSegment(dataDir, segment);
    underway = await stillUnderway();
    const waiting = closed.filter((segment) => !done.has(nameOf(segment)) && !underway.has(nameOf(segment)));
    const orders = orderSegments(waiting, now());
    for (const order of orders) await enqueue(order);
    return orders.flat().length;
  }

  async function stillUnderway(): Promise<Map<string, string>> {
    const ids = new Set(underway.values());
    for (const id of ids) if (hasEnded(await work.get(id))) ids.delete(id);
    return new Map([...underway].filter(([, id]) => ids.has(id)));
  }

  async function enqueue(due: readonly SpoolSegment[]): Promise<void> {
    const call = systemCall(SYSTEM_SCOPE, KIND);
    const segments = due.map(({ gateway, segment }) => ({ gateway, segment }));
    const request = { kind: KIND, subject: "/api/deployments/predictions", payload: { segments } };
    const id = await database.db.transaction().execute((tx) => work.enqueue(tx, call, request));
    for (const segment of due) underway.set(nameOf(segment), id);
  }

  return { startIfDue };
}

/**
 * Moves closed segments into Parquet exactly once: the rows count as moved in the transaction that names both the files and
 * the segments. A segment that lies there afterwards is only yet to be removed.
 */
export function defineCompaction(parts: {
  readonly database: Pick<Database, "db">;
  readonly runTask: RunTask;
  readonly dataDir: string;
}): WorkDefinition {
  const { database, runTask, dataDir } = parts;
  return defineWork<CompactOrder>({
    kind: KIND,
    async run(job) {
      const done = await predictionsStore(database.db).listCompacted(job.payload.segments);
      for (const segment of done) await removeSegment(dataDir, segment);
      const known = new Set(done.map(nameOf));
      const segments = job.payload.segments.filter((segment) => !known.has(nameOf(segment)));
      if (segments.length === 0) return job.finish(async () => ({ segments: 0, rows: 0 }));

      const { result } = await runTask({
        task: compactTask.name,
        input: { segments },
        attempt: attemptOf(job),
        onProgress: job.progress,
        signal: job.signal,
      });
      const compacted = Compacted.parse(result);
      let lateness: SegmentName[] = [];
      await job.finish(async (tx) => {
        const store = predictionsStore(tx);
        await store.lockCompaction();
        lateness = await store.listCompacted(segments);
        if (lateness.length > 0) return { segments: 0, rows: 0 };
        await store.insertSegments(compacted.segments);
        await store.insertFiles(compacted.files.map(storedFile));
        const rows = compacted.segments.reduce((sum, segment) => sum + segment.rows, 0);
        return { segments: segments.length, rows };
      });
      if (lateness.length > 0) return removeFiles(dataDir, compacted);
      for (const segment of segments) await removeSegment(dataDir, segment);
    },
  });
}

/** Another compaction was first with some of the segments: its files count; the rest is enqueued again. */
async function removeFiles(dataDir: string, { files }: Compacted): Promise<void> {
  for (const { path } of files) await rm(join(dataDir, "predictions", path), { force: true });
}

function storedFile({ firstId, lastId, ...file }: Compacted["files"][number]): StoredPredictionFile {
  return {
    ...file,
    firstAt: timeOf(parsePredictionId(firstId, "id")),
    lastAt: timeOf(parsePredictionId(lastId, "id")),
  };
}

function nameOf({ gateway, segment }: SegmentName): string {
  return `${gateway}/${segment}`;
}
