import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Json } from "@causeway/contract";
import { attemptOf } from "../../platform/processes/index.ts";
import { defineWork, type Job, type WorkDefinition } from "../../platform/work/index.ts";
import type { DataJobParts } from "./import-job.ts";
import { importsStore, type SplitRow } from "./imports-store.ts";
import { planSplit } from "./split-plan.ts";
import { nameOfSide, SPLIT_KIND, type SplitPayload } from "./split-service.ts";
import { DATA_TASKS } from "./tasks/data-tasks.ts";
import { handoverFolder, type KeptVersion, keepVersion } from "./tasks/keep-version.ts";
import type { SplitOrder, SplitOutcome } from "./tasks/split-version.ts";
import { versionNode } from "./version-service.ts";

/** The work of a split: a process writes the sides, one transaction makes a version of each. */
export function splitJob(parts: DataJobParts): WorkDefinition {
  const { db, artifacts, versions, runTask, dataDir } = parts;

  async function run(job: Job<SplitPayload>): Promise<void> {
    const row = await importsStore(db).findSplit(job.call.scope.project, job.payload.split);
    if (row === undefined) throw new Error(`the split ${job.payload.split} has no row`);
    const out = handoverFolder(dataDir, attemptOf(job));
    try {
      await splitRow(job, row, out);
    } finally {
      await rm(out, { recursive: true, force: true });
    }
  }

  async function splitRow(job: Job<SplitPayload>, row: SplitRow, out: string): Promise<void> {
    const version = await versions.getVersion({ dataset: row.dataset, version: row.version }, job.call);
    for (const { artifact } of version.parts) await artifacts.verify(artifact);
    const plan = planSplit(row.request, version.schema);
    const order: SplitOrder = {
      paths: version.parts.map(({ artifact }) => artifacts.path(artifact)),
      schema: version.schema,
      key: version.key,
      plan,
      out: join(out, "sides"),
    };
    const { result } = await runTask({
      task: DATA_TASKS.split,
      input: order as unknown as Json, // made of JSON's own values
      attempt: attemptOf(job),
      onProgress: job.progress,
      signal: job.signal,
    });
    const outcome = result as unknown as SplitOutcome; // written by the task of the same name
    if (outcome.kind === "refused") {
      await job.finish(async (tx) => {
        await importsStore(tx).failSplit(row.id, outcome.refusal.problem);
        return null;
      });
      return;
    }
    const sides: { name: string; kept: KeptVersion }[] = [];
    for (const { name, version: side } of outcome.sides)
      sides.push({ name, kept: await keepVersion(artifacts, side) });
    const source = {
      kind: "split" as const,
      name: `${row.dataset}@${row.version.slice(0, 6)}`,
      digest: row.version,
    };
    await job.finish(async (tx) => {
      const made: SplitRow["parts"] = [];
      for (const { name, kept } of sides) {
        const dataset = nameOfSide(row.dataset, name);
        await versions.storeVersion(tx, job.call, {
          dataset,
          kept,
          source,
          madeFrom: [{ to: versionNode(row.dataset, row.version), relation: "split-from" }],
        });
        made.push({ name, dataset, version: kept.digest });
      }
      await importsStore(tx).succeedSplit(row.id, made);
      return { parts: made };
    });
  }

  return defineWork<SplitPayload>({
    kind: SPLIT_KIND,
    run,
    ended: async (tx, work, { problem }) => {
      const { split } = work.payload as SplitPayload; // what the service enqueued
      const { code, detail, help = null } = problem;
      await importsStore(tx).failSplit(split, { code, message: detail, help });
    },
  });
}
