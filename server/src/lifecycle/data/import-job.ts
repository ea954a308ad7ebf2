import { rm } from "node:fs/promises";
import type { Json } from "@causeway/contract";
import type { Artifacts } from "../../platform/artifacts/index.ts";
import type { Db, Tx } from "../../platform/database/index.ts";
import type { Events } from "../../platform/events/index.ts";
import { attemptOf, type RunTask } from "../../platform/processes/index.ts";
import { defineWork, type Job, type WorkDefinition } from "../../platform/work/index.ts";
import { importPath } from "./data-paths.ts";
import { IMPORT_KIND, type ImportPayload } from "./import-service.ts";
import { type ImportRow, importsStore } from "./imports-store.ts";
import { DATA_TASKS } from "./tasks/data-tasks.ts";
import type { ImportOrder, ImportOutcome } from "./tasks/import-file.ts";
import { handoverFolder, keepVersion } from "./tasks/keep-version.ts";
import type { Base, Refusal } from "./tasks/prepared-version.ts";
import type { Versions } from "./version-service.ts";
import { versionsStore } from "./versions-store.ts";

/** What the worker's side of data is made from. */
export interface DataJobParts {
  db: Db;
  artifacts: Artifacts;
  events: Events;
  versions: Versions;
  runTask: RunTask;
  dataDir: string;
  now: () => Date;
}

/** Thrown inside the last transaction: rows were added by somebody else meanwhile. */
class MovedOn extends Error {}

/** The work of an import: a process reads the file, the parts go into the store, one transaction makes the version. */
export function importJob(parts: DataJobParts): WorkDefinition {
  const { db, artifacts, events, versions, runTask, dataDir, now } = parts;

  async function run(job: Job<ImportPayload>): Promise<void> {
    const row = await importsStore(db).findImport(job.call.scope.project, job.payload.import);
    if (row === undefined) throw new Error(`the import ${job.payload.import} has no row`);
    const out = handoverFolder(dataDir, attemptOf(job));
    try {
      await importRow(job, row, out);
    } finally {
      await rm(out, { recursive: true, force: true });
    }
  }

  async function importRow(job: Job<ImportPayload>, row: ImportRow, out: string): Promise<void> {
    const base = row.options.append ? await loadBase(row) : undefined;
    await artifacts.verify(row.upload);
    const order: ImportOrder = {
      path: artifacts.path(row.upload),
      file: row.file,
      options: { ...row.options, ...keyOf(row, base) },
      base: base ?? null,
      out,
    };
    const { result } = await runTask({
      task: DATA_TASKS.import,
      input: order as unknown as Json, // made of JSON's own values
      attempt: attemptOf(job),
      onProgress: job.progress,
      signal: job.signal,
    });
    const outcome = result as unknown as ImportOutcome; // written by the task of the same name
    if (outcome.kind === "refused") {
      await job.finish(async (tx) => {
        await recordFailure(tx, job, { row, refusal: outcome.refusal });
        return null;
      });
      return;
    }
    const kept = await keepVersion(artifacts, outcome.version, base);
    try {
      await job.finish(async (tx) => {
        const stored = await versions.storeVersion(tx, job.call, {
          dataset: row.dataset,
          kept,
          source: { kind: "file", name: row.file, digest: row.upload },
          parent: base?.id ?? null,
          ...(row.options.append ? { onlyAfter: base?.id ?? null } : {}),
        });
        if (stored.kind === "moved-on") throw new MovedOn();
        const { version, unchanged } = stored;
        await importsStore(tx).succeedImport(row.id, { version: version.id, unchanged, at: now() });
        await artifacts.release(tx, { project: row.project, subject: importPath(row.id) });
        return { version: version.id };
      });
    } catch (error) {
      if (!(error instanceof MovedOn)) throw error;
      await job.requeue(0, async () => {});
    }
  }

  async function loadBase(row: ImportRow): Promise<(Base & { key: string | null }) | undefined> {
    const store = versionsStore(db);
    const latest = (await store.findDataset(row.project, row.dataset))?.latest;
    if (latest === undefined || latest === null) return undefined;
    const version = await store.findVersion(row.project, row.dataset, latest);
    if (version === undefined) return undefined;
    const held = await store.listParts(row.project, row.dataset, [latest]);
    return {
      id: latest,
      key: version.key,
      schema: version.schema,
      parts: (held.get(latest) ?? []).map((part) => ({ ...part, path: artifacts.path(part.artifact) })),
    };
  }

  async function recordFailure(
    tx: Tx,
    job: Pick<Job<ImportPayload>, "call">,
    { row, refusal }: { row: ImportRow; refusal: Refusal },
  ): Promise<void> {
    await importsStore(tx).failImport(row.id, { ...refusal, at: now() });
    await artifacts.release(tx, { project: row.project, subject: importPath(row.id) });
    await events.record(tx, job.call, {
      type: "data.import-failed",
      subject: importPath(row.id),
      data: {
        dataset: row.dataset,
        file: row.file,
        code: refusal.problem.code,
        message: refusal.problem.message,
      },
    });
  }

  return defineWork<ImportPayload>({
    kind: IMPORT_KIND,
    run,
    ended: async (tx, work, { problem }) => {
      const id = (work.payload as ImportPayload).import; // what the service enqueued
      const row = await importsStore(tx).findImport(work.scope.project, id);
      if (row === undefined || row.outcome !== null) return;
      const { code, detail, help = null } = problem;
      const call = {
        actor: work.actor,
        scope: work.scope,
        permissions: new Set<never>(),
        requestId: work.requestId,
        signal: new AbortController().signal,
      };
      await recordFailure(
        tx,
        { call },
        { row, refusal: { problem: { code, message: detail, help }, badRows: null } },
      );
    },
  });
}

/** Rows that are added are named by the key of the version, unless another is given. */
function keyOf(row: ImportRow, base: { key: string | null } | undefined): { key?: string } {
  const key = row.options.key ?? base?.key ?? undefined;
  return key === undefined ? {} : { key };
}
