import { fail, type Json, type JudgedPrediction, LoggedPrediction, type Truth } from "@causeway/contract";
import type { Call } from "../../platform/access/index.ts";
import type { Database } from "../../platform/database/index.ts";
import { keysetPage } from "../../platform/paging/index.ts";
import { literal } from "../data/index.ts";
import { deploymentsStore, type StoredDeployment } from "./deployments-store.ts";
import type { LogSources } from "./log/log-sources.ts";
import { LOG_COLUMNS, logTable } from "./log/log-tables.ts";
import { type AskLog, isoTime } from "./log-duck-reader.ts";
import { createSnapshots, retrying } from "./log-snapshot-reader.ts";
import { chooseNewest, filesWithin, type PredictionFile } from "./prediction-files.ts";
import { type PredictionId, parsePredictionId, timeOf } from "./prediction-id.ts";
import { noDeployment } from "./serving-service.ts";
import { isWrong, rowKey } from "./truth-rule.ts";
import { truthStore } from "./truth-store.ts";

/** Which rows of the log are asked for. */
type Asked = {
  readonly deployment: string;
  readonly limit: number;
  readonly after?: string | undefined;
  readonly version?: number | undefined;
  readonly from?: string | undefined;
  readonly until?: string | undefined;
  readonly key?: string | undefined;
  readonly truth?: "known" | "unknown" | "wrong" | undefined;
};

/** A row that was looked at, with what was answered where that was asked for. */
type Seen = { readonly id: string; readonly predicted: Json };

/** Rows looked at in the first step where only some of them count; each step looks at four times as many. */
const FIRST_LOOK = 1_000;
const LARGEST_LOOK = 64_000;

/** Makes the service that reads the prediction log with its truth. */
export function createPredictionsService({
  database,
  dataDir,
  askLog,
}: {
  database: Pick<Database, "db">;
  dataDir: string;
  askLog: AskLog;
}) {
  const { db } = database;
  const snapshots = createSnapshots({ db, dataDir });

  async function listPredictions(
    input: Asked,
    call: Call,
  ): Promise<{ items: JudgedPrediction[]; next: string | null }> {
    const of = { ...call.scope, name: input.deployment };
    const deployment = await deploymentsStore(db).find(of);
    if (deployment === undefined) throw noDeployment(of);
    const wanted = input.limit + 1;
    const rows = await retrying(async () => {
      const chosen: string[] = [];
      let after = input.after;
      let look = input.truth === undefined ? wanted : FIRST_LOOK;
      while (chosen.length < wanted) {
        const seen = await newest({ ...input, after, limit: look }, deployment);
        const fitting = await filter(deployment, input.truth, seen);
        chosen.push(...fitting.slice(0, wanted - chosen.length).map(({ id }) => id));
        if (seen.length < look) break;
        after = seen.at(-1)?.id;
        look = Math.min(LARGEST_LOOK, look * 4);
      }
      return rowsOf(deployment, chosen);
    });
    const { items, next } = keysetPage(rows, input.limit, ({ id }) => id);
    return { items: await judge(deployment.id, items), next };
  }

  /**
   * The newest rows that fit, in the order of the text of their ids: by it a sorted file is read from its end. What was
   * answered is read where it matters: records and answers are wide, and most of them are not asked for.
   */
  async function newest(asked: Asked, deployment: StoredDeployment): Promise<Seen[]> {
    const after = asked.after === undefined ? null : parsePredictionId(asked.after, "after");
    const before = after === null ? null : timeOf(after);
    const from = asked.from === undefined ? null : new Date(asked.from);
    const until = asked.until === undefined ? null : new Date(asked.until);
    const snapshot = await snapshots.take({ first: null, last: before }, (store) =>
      store.listFiles(deployment),
    );
    const files = filesWithin(snapshot.files, { from, until });
    const conditions = [
      "true",
      ...(asked.version === undefined ? [] : [`version = ${asked.version}`]),
      ...(asked.key === undefined ? [] : [`key = ${literal(asked.key)}`]),
      ...(asked.after === undefined ? [] : [`id < ${literal(asked.after)}`]),
    ].join(" and ");
    const answer = asked.truth === "wrong" ? "prediction->>'value'" : "null";
    // Rows that do not fit do not count, so that more files may have to be read than their sizes promise.
    for (let hoped = asked.limit; ; hoped *= 4) {
      const chosen = chooseNewest(files, { wanted: hoped, before });
      const sources: LogSources = {
        project: deployment.project,
        environment: deployment.environment,
        deployment: deployment.name,
        from: from?.toISOString() ?? null,
        until: until?.toISOString() ?? null,
        spool: snapshot.spool,
        files: snapshots.logFiles(chosen),
      };
      const found = await askLog((duck) =>
        duck.rows(
          `select id, ${answer} from ${logTable(sources)} where ${conditions} order by id desc limit ${asked.limit}`,
        ),
      );
      if (found.length >= asked.limit || chosen.length === files.length || hoped > totalRows(files))
        return found.map(([id, predicted]) => ({ id: String(id), predicted: predicted ?? null }));
    }
  }

  /** Whole rows, newest first. */
  async function rowsOf(deployment: StoredDeployment, ids: readonly string[]): Promise<LoggedPrediction[]> {
    const [youngest, oldest] = [ids[0], ids.at(-1)];
    if (youngest === undefined || oldest === undefined) return [];
    const sources = await snapshots.sourcesOf(deployment, {
      ids: { first: timeOf(namedRow(oldest)), last: timeOf(namedRow(youngest)) },
    });
    const range = `id between ${literal(oldest)} and ${literal(youngest)}`;
    return query(sources, `${range} and id in (${ids.map(literal).join(", ")}) order by id desc`);
  }

  function query(sources: LogSources, where: string): Promise<LoggedPrediction[]> {
    return askLog(async (duck) => {
      const rows = await duck.rows(`select ${LOG_COLUMNS} from ${logTable(sources)} where ${where}`);
      return rows.map(predictionOf);
    });
  }

  async function filter(
    deployment: StoredDeployment,
    wanted: Asked["truth"],
    rows: readonly Seen[],
  ): Promise<readonly Seen[]> {
    if (wanted === undefined) return rows;
    const truths = await truthsOf(deployment.id, rows);
    return rows.filter(({ id, predicted }) => {
      const truth = truths.get(id);
      if (truth === undefined) return wanted === "unknown";
      return wanted === "known" || (wanted === "wrong" && isWrong(predicted, truth.value));
    });
  }

  async function judge(deployment: number, rows: readonly LoggedPrediction[]): Promise<JudgedPrediction[]> {
    const truths = await truthsOf(deployment, rows);
    return rows.map((row) => ({ ...row, truth: truths.get(row.id) ?? null }));
  }

  /** The newest truth by the id of its row; one that was taken back is none. */
  async function truthsOf(
    deployment: number,
    rows: readonly { readonly id: string }[],
  ): Promise<Map<string, Truth>> {
    const found = await truthStore(db).findTruths(
      deployment,
      rows.map(({ id }) => namedRow(id)),
    );
    const known = found.filter(({ value }) => value !== null);
    return new Map(known.map(({ request, row, ...truth }) => [rowKey({ request, row }), truth]));
  }

  /** Every row of a request, or the one that is named. */
  async function getPrediction(
    { prediction }: { prediction: string },
    call: Call,
  ): Promise<{ rows: JudgedPrediction[] }> {
    const id = parsePredictionId(prediction, "prediction");
    const rows = await findRows(id, call);
    const [first] = rows;
    if (first === undefined) throw noPrediction(prediction);
    const deployment = await deploymentsStore(db).find({ ...call.scope, name: first.deployment });
    if (deployment === undefined) throw noPrediction(prediction);
    const ordered = rows.toSorted((a, b) => namedRow(a.id).row - namedRow(b.id).row);
    return { rows: await judge(deployment.id, ordered) };
  }

  function findRows(id: PredictionId, call: Call): Promise<LoggedPrediction[]> {
    const at = timeOf(id);
    return retrying(async () => {
      const { spool, files } = await snapshots.take({ first: at, last: at }, (store) =>
        store.listFilesAt({ ...call.scope, at }),
      );
      const open = { deployment: null, from: null, until: null };
      return query({ ...call.scope, ...open, spool, files: snapshots.logFiles(files) }, isOfRequest(id));
    });
  }

  /** What was said of one row of the log, newest first. */
  async function listTruths({ prediction }: { prediction: string }, call: Call): Promise<{ items: Truth[] }> {
    const { rows } = await getPrediction({ prediction }, call);
    const [row] = rows;
    if (row === undefined || rows.length > 1) throw manyRows(prediction, rows.length);
    const deployment = await deploymentsStore(db).find({ ...call.scope, name: row.deployment });
    if (deployment === undefined) throw noPrediction(prediction);
    return { items: await truthStore(db).listTruths(deployment.id, namedRow(row.id)) };
  }

  return { listPredictions, getPrediction, listTruths };
}

function totalRows(files: readonly PredictionFile[]): number {
  return files.reduce((sum, { rows }) => sum + rows, 0);
}

/** A range of text, which skips what a sorted file holds elsewhere: '/' is the character after '.'. */
function isOfRequest({ request, row }: PredictionId): string {
  if (row !== null) return `id = ${literal(`${request}.${row}`)}`;
  return `id >= ${literal(`${request}.`)} and id < ${literal(`${request}/`)}`;
}

/** A row by its id in the log, which always names it. */
function namedRow(id: string): { request: string; row: number } {
  const { request, row } = parsePredictionId(id, "id");
  return { request, row: row ?? 0 };
}

function predictionOf(columns: Json[]): LoggedPrediction {
  const [id, project, environment, deployment, revision, model, version, ...rest] = columns;
  const [occurredAt, receivedAt, latencyMs, key, record, prediction, gateway] = rest;
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
    key,
    record: JSON.parse(String(record)),
    prediction: JSON.parse(String(prediction)),
    gateway,
  });
}

function noPrediction(prediction: string): Error {
  return fail("NOT_FOUND", {
    message: `There is no prediction ${prediction} here`,
    field: "prediction",
    value: prediction,
    help: "It may belong to another project or environment, or the gateway could not log it: then its answer carried no id.",
  });
}

function manyRows(prediction: string, rows: number): Error {
  return fail("INVALID_FIELD", {
    message: `The request ${prediction} has ${rows} rows`,
    field: "prediction",
    value: prediction,
    help: `Name one of them: ${prediction}.0 to ${prediction}.${rows - 1}.`,
  });
}
