import { rm } from "node:fs/promises";
import { join } from "node:path";
import { CausewayError, type Json, type Scope } from "@causeway/contract";
import { SYSTEM_SCOPE, systemCall } from "../../platform/access/index.ts";
import type { Database, Tx } from "../../platform/database/index.ts";
import { attemptOf, type RunTask } from "../../platform/processes/index.ts";
import { defineWork, hasEnded, type WorkDefinition, type WorkQueue } from "../../platform/work/index.ts";
import type { Registry } from "../registry/index.ts";
import { orderSegments } from "./compaction-rule.ts";
import { deploymentsStore } from "./deployments-store.ts";
import { Compacted, type CompactOrder, compactTask } from "./log/compact-task.ts";
import { listSpool, removeSegment, type SegmentName, type SpoolSegment } from "./log/spool.ts";
import { parsePredictionId, timeOf } from "./prediction-id.ts";
import { predictionsStore, type StoredPredictionFile } from "./predictions-store.ts";
import { trafficStore } from "./traffic-store.ts";

const KIND = "deployments.compact";
/** Revisions that were replaced longer ago have long been compacted. */
const REVISIONS_MS = 7 * 24 * 3_600_000;

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
  readonly registry: Pick<Registry, "getVersion">;
  readonly runTask: RunTask;
  readonly dataDir: string;
  readonly now: () => Date;
}): WorkDefinition {
  const { database, registry, runTask, dataDir, now } = parts;

  /** The inputs of every revision that may have answered lately; rows of others keep their JSON alone. */
  async function listInputs(): Promise<CompactOrder["revisions"]> {
    const since = new Date(now().getTime() - REVISIONS_MS);
    const revisions = await deploymentsStore(database.db).listRevisionsSince(since);
    const described: CompactOrder["revisions"][number][] = [];
    for (const { number: revision, ...one } of revisions) {
      const version = await registry.getVersion(one, { scope: one }).catch(goneIsNothing);
      if (version === undefined) continue;
      const { signature } = version;
      const { project, environment, deployment } = one;
      const inputs = signature.inputs.map(({ name, type }) => ({ name, type }));
      described.push({ project, environment, deployment, revision, inputs });
    }
    return described;
  }

  return defineWork<Pick<CompactOrder, "segments">>({
    kind: KIND,
    async run(job) {
      const done = await predictionsStore(database.db).listCompacted(job.payload.segments);
      for (const segment of done) await removeSegment(dataDir, segment);
      const known = new Set(done.map(nameOf));
      const segments = job.payload.segments.filter((segment) => !known.has(nameOf(segment)));
      if (segments.length === 0) return job.finish(async () => ({ segments: 0, rows: 0 }));

      const { result } = await runTask({
        task: compactTask.name,
        input: { segments, revisions: await listInputs() } as unknown as Json, // made of JSON's own values
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
        await advance(tx, compacted);
        const rows = compacted.segments.reduce((sum, segment) => sum + segment.rows, 0);
        return { segments: segments.length, rows };
      });
      if (lateness.length > 0) return removeFiles(dataDir, compacted);
      for (const segment of segments) await removeSegment(dataDir, segment);
    },
  });
}

/** A gateway that was killed may not have told of its last rows: the watermark is moved by what was found, too. */
async function advance(tx: Tx, { files }: Compacted): Promise<void> {
  const store = trafficStore(tx);
  for (const owner of await store.findIds(files.map((file) => ({ ...file, name: file.deployment })))) {
    const own = files.filter((file) => file.deployment === owner.name && isSameScope(file, owner));
    const occurredAt = greatest(own.map(({ lastOccurredAt }) => lastOccurredAt));
    const receivedAt = greatest(own.map(({ lastReceivedAt }) => lastReceivedAt));
    const { position } = await store.lockWatermark(owner.id);
    await store.moveWatermark(owner.id, { occurredAt, receivedAt, position });
  }
}

function isSameScope(a: Scope, b: Scope): boolean {
  return a.project === b.project && a.environment === b.environment;
}

function greatest(times: readonly string[]): Date {
  return new Date(Math.max(...times.map((time) => Date.parse(time))));
}

/** Another compaction was first with some of the segments: its files count; the rest is enqueued again. */
async function removeFiles(dataDir: string, { files }: Compacted): Promise<void> {
  for (const { path } of files) await rm(join(dataDir, "predictions", path), { force: true });
}

function storedFile(file: Compacted["files"][number]): StoredPredictionFile {
  const { firstId, lastId, firstOccurredAt, lastOccurredAt, lastReceivedAt: _, ...rest } = file;
  return {
    ...rest,
    firstOccurredAt: new Date(firstOccurredAt),
    lastOccurredAt: new Date(lastOccurredAt),
    firstAt: timeOf(parsePredictionId(firstId, "id")),
    lastAt: timeOf(parsePredictionId(lastId, "id")),
  };
}

function nameOf({ gateway, segment }: SegmentName): string {
  return `${gateway}/${segment}`;
}

/** Of an ended deployment the model may have been deleted since. */
function goneIsNothing(error: unknown): undefined {
  if (error instanceof CausewayError && error.code === "NOT_FOUND") return undefined;
  throw error;
}
