import { join } from "node:path";
import { fail, type Json, LoggedPrediction } from "@causeway/contract";
import type { Call } from "../../platform/access/index.ts";
import type { Database } from "../../platform/database/index.ts";
import { keysetPage } from "../../platform/paging/index.ts";
import { type Duck, literal, openDuck } from "../data/index.ts";
import { type DeploymentKey, deploymentsStore } from "./deployments-store.ts";
import { LOG_COLUMNS, parquetTable, spoolTable } from "./log/log-tables.ts";
import { listSpool } from "./log/spool.ts";
import { chooseNewest, type PredictionFile } from "./prediction-files.ts";
import { type PredictionId, parsePredictionId, timeOf } from "./prediction-id.ts";
import { predictionsStore } from "./predictions-store.ts";
import { noDeployment } from "./serving-service.ts";

const MEMORY_BYTES = 256 * 2 ** 20;
/** A file may be compacted away between being listed and being read; then everything is listed again. */
const MOST_TRIES = 5;
/** A request that takes long is logged after younger ones: a spool file may hold ids older than its name by this much. */
const SPOOL_SLACK_MS = 60_000;

/** Where to look for rows. */
type Sources = { readonly spool: readonly string[]; readonly parquet: readonly string[] };

/** Makes the service that reads the prediction log: the spool of every gateway and the Parquet files behind it. */
export function createPredictionsService({
  database,
  dataDir,
}: {
  database: Pick<Database, "db">;
  dataDir: string;
}) {
  const { db } = database;
  const query = createLogQuery();

  async function listPredictions(
    input: { deployment: string; limit: number; after?: string | undefined; version?: number | undefined },
    call: Call,
  ): Promise<{ items: LoggedPrediction[]; next: string | null }> {
    const of = { ...call.scope, name: input.deployment };
    if ((await deploymentsStore(db).find(of)) === undefined) throw noDeployment(of);
    const after = input.after === undefined ? null : parsePredictionId(input.after, "after");
    const wanted = input.limit + 1;
    const conditions = [
      ...inScope(of),
      `deployment = ${literal(of.name)}`,
      ...(input.version === undefined ? [] : [`version = ${input.version}`]),
      ...(input.after === undefined ? [] : [`id < ${literal(input.after)}`]),
    ];
    const rows = await retrying(async () => {
      const before = after === null ? null : timeOf(after);
      const { spool, files } = await snapshot(before, () => predictionsStore(db).listFiles(of));
      // Rows of other versions do not count, so that more files may have to be read than their sizes promise.
      for (let hoped = wanted; ; hoped *= 4) {
        const chosen = chooseNewest(files, { wanted: hoped, before });
        const found = await query({ spool, parquet: pathsOf(chosen) }, { conditions, limit: wanted });
        if (found.length >= wanted || chosen.length === files.length || hoped > totalRows(files))
          return found;
      }
    });
    return keysetPage(rows, input.limit, ({ id }) => id);
  }

  /** Every row of a request, or the one that is named. */
  async function getPrediction(
    { prediction }: { prediction: string },
    call: Call,
  ): Promise<{ rows: LoggedPrediction[] }> {
    const id = parsePredictionId(prediction, "prediction");
    const at = timeOf(id);
    const conditions = [...inScope(call.scope), isOfRequest(id)];
    const rows = await retrying(async () => {
      const { spool, files } = await snapshot(at, () =>
        predictionsStore(db).listFilesAt({ ...call.scope, at }),
      );
      return query({ spool, parquet: pathsOf(files) }, { conditions, limit: null });
    });
    if (rows.length === 0) throw noPrediction(prediction);
    return { rows: rows.toSorted((a, b) => rowOf(a) - rowOf(b)) };
  }

  /**
   * The spool is listed first and the compacted segments are taken out of it last: a segment that is compacted in between
   * is then found in one place, not in two and not in none.
   */
  async function snapshot(before: Date | null, listFiles: () => Promise<PredictionFile[]>) {
    const segments = await listSpool(dataDir);
    const [files, compacted] = await db
      .transaction()
      .setIsolationLevel("repeatable read")
      .execute(
        async (tx) => [await listFiles(), await predictionsStore(tx).listCompacted(segments)] as const,
      );
    const gone = new Set(compacted.map(({ gateway, segment }) => `${gateway}/${segment}`));
    const latest = before === null ? Number.POSITIVE_INFINITY : before.getTime() + SPOOL_SLACK_MS;
    const spool = segments.filter(
      ({ gateway, segment, bytes }) =>
        bytes > 0 && !gone.has(`${gateway}/${segment}`) && timeOf({ request: segment }).getTime() <= latest,
    );
    return { files, spool: spool.map(({ path }) => path) };
  }

  function pathsOf(files: readonly PredictionFile[]): string[] {
    return files.map(({ path }) => join(dataDir, "predictions", path));
  }

  return { listPredictions, getPrediction };
}

function totalRows(files: readonly PredictionFile[]): number {
  return files.reduce((sum, { rows }) => sum + rows, 0);
}

/** Makes the query of the log. Its DuckDB is opened with the first question and kept: opening costs more than most answers. */
function createLogQuery() {
  let opened: Promise<Duck> | undefined;

  function open(): Promise<Duck> {
    opened ??= openDuck({ threads: 1, memoryBytes: MEMORY_BYTES }).catch((error: unknown) => {
      opened = undefined;
      throw error;
    });
    return opened;
  }

  /** Newest first, in the order of the text of ids: by it a sorted file is read from its end. */
  return async function query(
    { spool, parquet }: Sources,
    { conditions, limit }: { conditions: readonly string[]; limit: number | null },
  ): Promise<LoggedPrediction[]> {
    const tables = [
      ...(spool.length === 0 ? [] : [spoolTable(spool)]),
      ...(parquet.length === 0 ? [] : [parquetTable(parquet)]),
    ];
    if (tables.length === 0) return [];
    const duck = await (await open()).fork();
    try {
      const rowsWhere = (more: readonly string[]) => {
        const where = [...conditions, ...more].join(" and ");
        return `(${tables.map((table) => `select * from ${table} where ${where}`).join(" union all ")})`;
      };
      const newest = `order by id desc ${limit === null ? "" : `limit ${limit}`}`;
      // The ids alone are read first: records are wide, and most of them are not asked for.
      const ids = limit === null ? [] : await duck.rows(`select id from ${rowsWhere([])} ${newest}`);
      const least = ids.at(-1)?.[0];
      if (limit !== null && least === undefined) return [];
      const within = least === undefined ? [] : [`id >= ${literal(String(least))}`];
      const rows = await duck.rows(`select ${LOG_COLUMNS} from ${rowsWhere(within)} ${newest}`);
      return rows.map(predictionOf);
    } finally {
      duck.close();
    }
  };
}

function inScope({ project, environment }: Omit<DeploymentKey, "name">): string[] {
  return [`project = ${literal(project)}`, `environment = ${literal(environment)}`];
}

/** A range of text, which skips what a sorted file holds elsewhere: '/' is the character after '.'. */
function isOfRequest({ request, row }: PredictionId): string {
  if (row !== null) return `id = ${literal(`${request}.${row}`)}`;
  return `id >= ${literal(`${request}.`)} and id < ${literal(`${request}/`)}`;
}

function rowOf({ id }: LoggedPrediction): number {
  return parsePredictionId(id, "id").row ?? 0;
}

function predictionOf(row: Json[]): LoggedPrediction {
  const [
    id,
    project,
    environment,
    deployment,
    revision,
    model,
    version,
    occurredAt,
    receivedAt,
    latencyMs,
    ...rest
  ] = row;
  const [record, prediction, gateway] = rest;
  return LoggedPrediction.parse({
    id,
    project,
    environment,
    deployment,
    revision,
    model,
    version,
    occurredAt: isoTime(occurredAt),
    receivedAt: isoTime(receivedAt),
    latencyMs,
    record: JSON.parse(String(record)),
    prediction: JSON.parse(String(prediction)),
    gateway,
  });
}

/** DuckDB writes `2026-11-21 10:00:00.123`, without a zone: UTC. */
function isoTime(text: Json | undefined): string {
  return new Date(`${String(text).replace(" ", "T")}Z`).toISOString();
}

async function retrying<Value>(read: () => Promise<Value>): Promise<Value> {
  for (let tries = 1; ; tries++) {
    try {
      return await read();
    } catch (error) {
      const isGone = error instanceof Error && /No files found|No such file/.test(error.message);
      if (!isGone || tries === MOST_TRIES) throw error;
    }
  }
}

function noPrediction(prediction: string): Error {
  return fail("NOT_FOUND", {
    message: `There is no prediction ${prediction} here`,
    field: "prediction",
    value: prediction,
    help: "It may belong to another project or environment, or the gateway could not log it: then its answer carried no id.",
  });
}
