import { rm } from "node:fs/promises";
import type { DatasetVersion, Json } from "@causeway/contract";
import type { Call } from "../../platform/access/index.ts";
import type { Artifacts } from "../../platform/artifacts/index.ts";
import type { Database, Tx } from "../../platform/database/index.ts";
import type { Events } from "../../platform/events/index.ts";
import type { LineageEdge } from "../../platform/lineage/index.ts";
import type { RunTask } from "../../platform/processes/index.ts";
import type { WorkDefinition } from "../../platform/work/index.ts";
import type { Data } from "./data-service.ts";
import { importJob } from "./import-job.ts";
import { splitJob } from "./split-job.ts";
import { DATA_TASKS } from "./tasks/data-tasks.ts";
import { handoverFolder, type KeptVersion, keepVersion } from "./tasks/keep-version.ts";
import type { PrepareOrder } from "./tasks/prepare-rows.ts";
import type { Base, PreparedVersion } from "./tasks/prepared-version.ts";

/** What the worker's side of the stage is built from. */
export interface DataWorkParts {
  database: Database;
  artifacts: Artifacts;
  events: Events;
  data: Data;
  runTask: RunTask;
  dataDir: string;
  now: () => Date;
}

/** The stage's kinds of work. */
export function dataWork({ database, data, ...parts }: DataWorkParts): WorkDefinition[] {
  const jobs = { ...parts, db: database.db, versions: data };
  return [importJob(jobs), splitJob(jobs)];
}

/** How steps of pipelines read dataset versions and leave new ones. */
export type DatasetDoor = ReturnType<typeof createDatasetDoor>;

/** Makes what a worker needs to turn the Parquet files of a step into dataset versions. */
export function createDatasetDoor(parts: {
  data: Data;
  artifacts: Artifacts;
  runTask: RunTask;
  dataDir: string;
}) {
  const { data, artifacts, runTask, dataDir } = parts;

  /** A version that rows can be added to, with the paths of its parts. */
  async function base(
    version: { readonly dataset: string; readonly version: string },
    call: Pick<Call, "scope">,
  ): Promise<Base & { key: string | null }> {
    const { id, schema, key } = await data.getVersion(version, call);
    const parts = await data.listStoredParts({ dataset: version.dataset, id }, call);
    for (const { artifact } of parts) await artifacts.verify(artifact);
    return {
      id,
      schema,
      key,
      parts: parts.map((part) => ({ ...part, path: artifacts.path(part.artifact) })),
    };
  }

  /**
   * Computes what a version is from Parquet files, in a process of its own, and puts its parts into the store. With a base
   * the rows are added to it, and its parts are used again.
   */
  async function prepare(
    files: {
      readonly paths: readonly string[];
      readonly key: string | null;
      readonly name: string;
      readonly base?: Base;
    },
    claim: { readonly attempt: string; readonly signal: AbortSignal },
  ): Promise<KeptVersion> {
    const attempt = `${claim.attempt}.${files.name.replaceAll(/[^A-Za-z0-9_-]/g, "_")}`;
    const out = handoverFolder(dataDir, attempt);
    const order: PrepareOrder = {
      paths: [...files.paths],
      name: files.name,
      key: files.key,
      out,
      base: files.base ?? null,
    };
    try {
      const { result } = await runTask({
        task: DATA_TASKS.prepare,
        input: order as unknown as Json, // made of JSON's own values
        attempt,
        signal: claim.signal,
      });
      const prepared = result as unknown as PreparedVersion; // written by the task of the same name
      return await keepVersion(artifacts, prepared, files.base);
    } finally {
      await rm(out, { recursive: true, force: true });
    }
  }

  /** Makes prepared rows the newest version of a dataset, in the caller's transaction. */
  async function store(
    tx: Tx,
    call: Call,
    version: {
      readonly dataset: string;
      readonly prepared: KeptVersion;
      readonly source: DatasetVersion["source"];
      /** The version that rows were added to. */
      readonly parent?: string;
      readonly madeFrom?: readonly Pick<LineageEdge, "to" | "relation">[];
    },
  ): Promise<DatasetVersion> {
    const { dataset, prepared, source, parent = null, madeFrom = [] } = version;
    const stored = await data.storeVersion(tx, call, { dataset, kept: prepared, source, parent, madeFrom });
    // Without `onlyAfter` nothing can have moved on.
    if (stored.kind === "moved-on") throw new Error(`${dataset} was not stored`);
    return stored.version;
  }

  return { resolve: data.resolve, base, prepare, store };
}
