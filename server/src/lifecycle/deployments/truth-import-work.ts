import { createReadStream } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { type CausewayError, fail, type Json, type TruthImport, TruthValue } from "@causeway/contract";
import { z } from "zod";
import type { Artifacts } from "../../platform/artifacts/index.ts";
import type { Database, Tx } from "../../platform/database/index.ts";
import type { Events } from "../../platform/events/index.ts";
import { attemptOf, type RunTask } from "../../platform/processes/index.ts";
import { defineWork, type Job, type WorkDefinition } from "../../platform/work/index.ts";
import type { Data } from "../data/index.ts";
import type { Registry } from "../registry/index.ts";
import { deploymentPath, truthImportPath } from "./deployment-path.ts";
import { deploymentsStore, type StoredDeployment } from "./deployments-store.ts";
import type { LogSources } from "./log/log-sources.ts";
import { type TruthImportOrder, TruthImportOutcome, truthImportTask } from "./log/truth-import-task.ts";
import type { EventTimes } from "./log-snapshot-reader.ts";
import { touchedSpans } from "./touched-spans.ts";
import { TRUTH_IMPORT_KIND, type TruthImportPayload } from "./truth-imports-service.ts";
import { type TruthImportEnd, type TruthImportRow, truthImportsStore } from "./truth-imports-store.ts";
import { type HeldTruth, truthStore } from "./truth-store.ts";
import { noteTruth } from "./watermark-service.ts";

/** What the worker's side of truth in bulk is made from. */
export type TruthImportParts = {
  readonly database: Pick<Database, "db">;
  readonly artifacts: Pick<Artifacts, "path" | "release" | "verify">;
  readonly events: Pick<Events, "record">;
  readonly data: Pick<Data, "resolve" | "listStoredParts">;
  readonly registry: Pick<Registry, "getVersion">;
  readonly deployments: {
    readonly log: { sources(of: StoredDeployment, times?: EventTimes): Promise<LogSources> };
  };
  readonly runTask: RunTask;
  readonly dataDir: string;
  readonly now: () => Date;
};

/** A line of the matched file: rows as arrays in the database's text. */
const Chunk = z.object({
  rowCount: z.int(),
  requests: z.string(),
  rows: z.string(),
  values: z.string(),
  occurredAt: z.string(),
  timed: z.string(),
  predictedAt: z.string(),
  versions: z.string(),
});
const HeldLine = z.object({
  request: z.string(),
  row: z.int().nullable(),
  value: z.string().transform((text) => TruthValue.parse(JSON.parse(text))),
  occurredAt: z.string(),
});

/** Pause before files that were moved while they were read are listed again. */
const MOVED_PAUSE_MS = 500;

/** The work of a bulk of truth: a process reads and joins, one transaction takes all of it or nothing. */
export function defineTruthImport(parts: TruthImportParts): WorkDefinition {
  const { database, artifacts, events, data, registry, deployments, runTask, dataDir, now } = parts;
  const { db } = database;

  async function run(job: Job<TruthImportPayload>): Promise<void> {
    const row = await truthImportsStore(db).find(job.payload.import);
    const deployment = row === undefined ? undefined : await deploymentsStore(db).findById(row.deployment);
    if (row === undefined || deployment === undefined)
      throw new Error(`the import of truth ${job.payload.import} has no row`);
    const out = join(dataDir, "scratch", `${attemptOf(job)}.truth`);
    try {
      await take(job, { row, deployment, out });
    } finally {
      await rm(out, { recursive: true, force: true });
    }
  }

  async function take(
    job: Job<TruthImportPayload>,
    { row, deployment, out }: { row: TruthImportRow; deployment: StoredDeployment; out: string },
  ): Promise<void> {
    const recordedAt = now();
    const order: TruthImportOrder = {
      source: await sourceOf(row, job),
      columns: row.columns,
      sources: await deployments.log.sources(deployment),
      shapes: await shapesOf(deployment),
      now: recordedAt.toISOString(),
      out,
    };
    const { result } = await runTask({
      task: truthImportTask.name,
      input: order as unknown as Json, // made of JSON's own values
      attempt: attemptOf(job),
      onProgress: job.progress,
      signal: job.signal,
    });
    const outcome = TruthImportOutcome.parse(result);
    if (outcome.kind === "moved") return job.requeue(MOVED_PAUSE_MS, async () => {});
    if (outcome.kind === "unreadable") throw unreadable(row, outcome.reason);
    const { badLines } = outcome;
    if (badLines.total > 0) {
      await job.finish(async (tx) => {
        await end(tx, row, { outcome: "failed", problem: refusal(badLines), badLines, at: now() });
        return null;
      });
      return;
    }
    const held = await readHeld(outcome.held);
    const spans = touchedSpans(outcome.hours.flat());
    await job.finish(async (tx) => {
      const store = truthStore(tx);
      await store.lockTruth(deployment.id);
      const batch = await store.insertBatch({
        deployment: deployment.id,
        at: recordedAt,
        by: row.created_by,
      });
      const into = { deployment: deployment.id, batch };
      await store.holdTruths(into, held);
      const put = await putChunks(tx, into, outcome.matched);
      if (put.unchanged < put.rows) await noteTruth(tx, deployment, { spans, now: now() });
      const receipt = {
        accepted: outcome.rows,
        unchanged: put.unchanged,
        corrected: put.corrected + outcome.replaced,
        held: held.length,
      };
      await end(tx, row, { outcome: "succeeded", receipt, at: now() });
      await events.record(tx, job.call, {
        type: "deployments.truth-recorded",
        subject: deploymentPath(deployment),
        data: { deployment: deployment.name, import: row.id, ...receipt },
      });
      return receipt;
    });
  }

  async function sourceOf(
    { source }: TruthImportRow,
    { call }: Job<TruthImportPayload>,
  ): Promise<TruthImportOrder["source"]> {
    if ("upload" in source) {
      await artifacts.verify(source.upload);
      const path = artifacts.path(source.upload);
      return { kind: "file", path, file: source.file, format: source.format ?? null };
    }
    const { dataset, id } = await data.resolve(source.dataset, call);
    const held = await data.listStoredParts({ dataset, id }, call);
    return { kind: "dataset", paths: held.map(({ artifact }) => artifacts.path(artifact)) };
  }

  /** What truths of every version that the deployment ever served look like; the newest also stands for the unknown. */
  async function shapesOf(deployment: StoredDeployment): Promise<TruthImportOrder["shapes"]> {
    const versions = await deploymentsStore(db).listServedVersions(deployment);
    const shapes: TruthImportOrder["shapes"][number][] = [];
    for (const { model, version } of versions) {
      const { task, classes } = (await registry.getVersion({ model, version }, { scope: deployment }))
        .signature;
      if (shapes.length === 0) shapes.push({ model: null, version, task, classes });
      shapes.push({ model, version, task, classes });
    }
    return shapes;
  }

  async function end(tx: Tx, row: TruthImportRow, ending: TruthImportEnd): Promise<void> {
    await truthImportsStore(tx).end(row.id, ending);
    const deployment = await deploymentsStore(tx).findById(row.deployment);
    if (deployment === undefined || !("upload" in row.source)) return;
    await artifacts.release(tx, { project: deployment.project, subject: truthImportPath(row.id) });
  }

  return defineWork<TruthImportPayload>({
    kind: TRUTH_IMPORT_KIND,
    run,
    ended: async (tx, work, { state, problem }) => {
      const id = (work.payload as TruthImportPayload).import; // what the service enqueued
      const row = await truthImportsStore(tx).find(id);
      if (row === undefined || row.outcome !== null) return;
      const { code, detail, help = null } = problem;
      await end(tx, row, { outcome: state, problem: { code, message: detail, help }, at: now() });
    },
  });
}

async function putChunks(
  tx: Tx,
  into: { deployment: number; batch: number },
  path: string,
): Promise<{ rows: number; unchanged: number; corrected: number }> {
  let [rows, unchanged, corrected] = [0, 0, 0];
  for await (const line of createInterface({ input: createReadStream(path) })) {
    const { rowCount, ...chunk } = Chunk.parse(JSON.parse(line));
    const put = await truthStore(tx).putTruths(into, chunk);
    rows += rowCount;
    unchanged += put.unchanged;
    corrected += put.corrected;
  }
  return { rows, unchanged, corrected };
}

async function readHeld(path: string): Promise<HeldTruth[]> {
  const lines = (await readFile(path, "utf8")).split("\n").filter((line) => line !== "");
  return lines.map((line) => {
    const { occurredAt, ...held } = HeldLine.parse(JSON.parse(line));
    return { ...held, occurredAt: new Date(occurredAt) };
  });
}

function refusal(badLines: NonNullable<TruthImport["badLines"]>): NonNullable<TruthImportEnd["problem"]> {
  const [first] = badLines.first;
  const isUnknown = badLines.first.some(({ reason }) => /no such prediction|no prediction/.test(reason));
  const more = badLines.total > 1 ? `; and ${badLines.total - 1} more` : "";
  return {
    code: isUnknown ? "UNKNOWN_PREDICTION" : "BAD_DATA",
    message: `line ${first?.line}, ${first?.field}: ${first?.reason}, got ${first?.value ?? "nothing"}${more}`,
    help: "Nothing was recorded. Correct or leave out the lines that are named and import the file again.",
  };
}

function unreadable({ source }: TruthImportRow, reason: string): CausewayError {
  return fail("BAD_DATA", {
    message: `${"upload" in source ? source.file : source.dataset} cannot be read: ${reason}`,
    field: "source",
    help: "Check the names of the columns and the format of the file.",
  });
}
