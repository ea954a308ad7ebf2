import { fail, type TruthColumns, type TruthImport, type TruthSource } from "@causeway/contract";
import type { Call } from "../../platform/access/index.ts";
import type { Artifacts } from "../../platform/artifacts/index.ts";
import type { Database } from "../../platform/database/index.ts";
import { hasEnded, type Work, type WorkQueue } from "../../platform/work/index.ts";
import type { Data } from "../data/index.ts";
import { truthImportPath } from "./deployment-path.ts";
import { deploymentsStore, type StoredDeployment } from "./deployments-store.ts";
import { noDeployment } from "./serving-service.ts";
import { type TruthImportRow, truthImportsStore } from "./truth-imports-store.ts";

/** The kind of work that a bulk of truth is. */
export const TRUTH_IMPORT_KIND = "deployments.import-truth";

/** What its work is given. */
export type TruthImportPayload = { readonly import: string };

/** What bulks of truth are taken with. */
export type TruthImportsParts = {
  readonly database: Database;
  readonly artifacts: Pick<Artifacts, "retain">;
  readonly data: Pick<Data, "resolve" | "requireUpload">;
  readonly work: Pick<WorkQueue, "enqueue" | "get" | "follow">;
  readonly newId: () => string;
  readonly now: () => Date;
};

/** Makes the service of truth in bulk as callers see it; the work itself is a worker's. */
export function createTruthImportsService(parts: TruthImportsParts) {
  const { database, artifacts, data, work, newId, now } = parts;
  const { db } = database;

  async function importTruth(
    input: { deployment: string; source: TruthSource; columns: TruthColumns },
    call: Call,
  ): Promise<TruthImport> {
    const { columns } = input;
    const key = { ...call.scope, name: input.deployment };
    const deployment = await deploymentsStore(db).find(key);
    if (deployment === undefined) throw noDeployment(key);
    checkColumns(columns, deployment);
    const source = await pin(input.source, call);
    const id = newId();
    await db.transaction().execute(async (tx) => {
      const subject = truthImportPath(id);
      if ("upload" in source)
        await artifacts.retain(tx, { project: call.scope.project, subject }, [source.upload]);
      const payload: TruthImportPayload = { import: id };
      const queued = await work.enqueue(tx, call, { kind: TRUTH_IMPORT_KIND, subject, payload });
      await truthImportsStore(tx).insert({
        id,
        deployment: deployment.id,
        source,
        columns,
        work: queued,
        createdAt: now(),
        createdBy: call.actor,
      });
    });
    return getTruthImport({ import: id }, call);
  }

  /** An upload that may be read here, or the dataset's version of now. */
  async function pin(source: TruthSource, call: Call): Promise<TruthSource> {
    if ("upload" in source) {
      await data.requireUpload(source.upload, call);
      return source;
    }
    const { dataset, id } = await data.resolve(source.dataset, call);
    return { dataset: `${dataset}@${id}` };
  }

  async function getTruthImport(input: { import: string }, call: Call): Promise<TruthImport> {
    const { row, deployment } = await find(input.import, call);
    if (row.outcome !== null) return shown(row, deployment, undefined);
    const state = await work.get(row.work);
    // The work is read after the row: where it has ended meanwhile, the row read again knows how.
    return shown(hasEnded(state) ? (await find(input.import, call)).row : row, deployment, state);
  }

  async function* followTruthImport(input: { import: string }, call: Call): AsyncIterable<TruthImport> {
    const { row: first, deployment } = await find(input.import, call);
    for await (const state of work.follow(first.work, call.signal)) {
      const { row } = await find(input.import, call);
      yield shown(row, deployment, state);
    }
  }

  async function find(
    id: string,
    { scope }: Call,
  ): Promise<{ row: TruthImportRow; deployment: StoredDeployment }> {
    const row = await truthImportsStore(db).find(id);
    const deployment = row === undefined ? undefined : await deploymentsStore(db).findById(row.deployment);
    if (
      row !== undefined &&
      deployment?.project === scope.project &&
      deployment.environment === scope.environment
    )
      return { row, deployment };
    throw fail("NOT_FOUND", {
      message: `There is no import of truth ${id} here`,
      field: "import",
      value: id,
      help: "Give the id that the start of the import answered, under the same project and environment.",
    });
  }

  return { importTruth, getTruthImport, followTruthImport };
}

function shown(
  row: TruthImportRow,
  { name }: StoredDeployment,
  state: Pick<Work, "state" | "progress"> | undefined,
): TruthImport {
  return {
    id: row.id,
    deployment: name,
    source: "upload" in row.source ? row.source.file : row.source.dataset,
    state: row.outcome ?? state?.state ?? "queued",
    progress: row.outcome === null ? (state?.progress ?? null) : null,
    receipt: row.receipt,
    problem: row.problem,
    badLines: row.bad_lines,
    createdAt: row.created_at.toISOString(),
    endedAt: row.ended_at?.toISOString() ?? null,
  };
}

function checkColumns({ predictionId, key }: TruthColumns, deployment: StoredDeployment): void {
  if ((predictionId === undefined) === (key === undefined)) {
    throw fail("INVALID_FIELD", {
      message: "columns: give either predictionId or key",
      field: "columns",
      value: { predictionId, key },
      help: "Name the column that holds the ids of predictions, or the one that holds the deployment's key.",
    });
  }
  if (key !== undefined && deployment.key === null) {
    throw fail("INVALID_FIELD", {
      message: `columns.key: the deployment ${deployment.name} logs no key`,
      field: "columns.key",
      value: key,
      help: `npx --no causeway deployments switch ${deployment.name} --key <column> names the column; predictions made from then on are found by it.`,
    });
  }
}
