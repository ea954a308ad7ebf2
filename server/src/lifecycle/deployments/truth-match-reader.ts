import type { Json } from "@causeway/contract";
import { literal } from "../data/index.ts";
import type { DeploymentKey } from "./deployments-store.ts";
import { timestamp } from "./log/log-tables.ts";
import { matchById, matchByKey } from "./log/truth-match.ts";
import { type AskLog, isoTime } from "./log-duck-reader.ts";
import { type createSnapshots, retrying } from "./log-snapshot-reader.ts";
import { parsePredictionId, timeOf } from "./prediction-id.ts";
import type { RowName } from "./truth-rule.ts";

/** A row of the log that was found for the n-th of what was asked. */
export type Found = RowName & {
  readonly n: number;
  readonly predictedAt: Date;
  readonly model: string;
  readonly version: number;
};

/** Makes what finds the rows of the log that truths belong to. */
export function createTruthMatch({
  snapshots,
  askLog,
}: {
  snapshots: Pick<ReturnType<typeof createSnapshots>, "sourcesOf">;
  askLog: AskLog;
}) {
  /** By id of a row, or of a request, which finds each of its rows. */
  function byId(
    deployment: DeploymentKey,
    asked: readonly { readonly n: number; readonly request: string; readonly row: number | null }[],
  ): Promise<Found[]> {
    const requests = asked.map(({ request }) => request).toSorted();
    const [least, greatest] = [requests[0], requests.at(-1)];
    if (least === undefined || greatest === undefined) return Promise.resolve([]);
    const table = asked.map(({ n, request, row }) => ({
      n,
      id: row === null ? request : `${request}.${row}`,
    }));
    return retrying(async () => {
      const ids = { first: timeOf({ request: least }), last: timeOf({ request: greatest }) };
      const sources = await snapshots.sourcesOf(deployment, { ids });
      const named = {
        rows: asked.some(({ row }) => row !== null),
        requests: asked.some(({ row }) => row === null),
        least,
        greatest,
      };
      return find(table, '{"n":"INTEGER","id":"VARCHAR"}', matchById(sources, named));
    });
  }

  /** By key: the newest row with it that occurred no later than the truth. */
  function byKey(
    deployment: DeploymentKey,
    asked: readonly { readonly n: number; readonly key: string; readonly occurredAt: Date }[],
  ): Promise<Found[]> {
    if (asked.length === 0) return Promise.resolve([]);
    const newest = Math.max(...asked.map(({ occurredAt }) => occurredAt.getTime()));
    const table = asked.map((one) => ({ ...one, occurredAt: plainTime(one.occurredAt) }));
    return retrying(async () => {
      const sources = await snapshots.sourcesOf(deployment, { times: { until: new Date(newest + 1) } });
      return find(table, '{"n":"INTEGER","key":"VARCHAR","occurredAt":"TIMESTAMP"}', matchByKey(sources));
    });
  }

  function find(asked: readonly object[], shape: string, query: string): Promise<Found[]> {
    return askLog(async (duck) => {
      await duck.run(`create or replace temp table asked as select one.* from
        (select unnest(from_json(${literal(JSON.stringify(asked))}, ${literal(`[${shape}]`)})) as one)`);
      return (await duck.rows(query)).map(foundOf);
    });
  }

  return { byId, byKey };
}

function foundOf([n, id, occurredAt, model, version]: Json[]): Found {
  const { request, row } = parsePredictionId(String(id), "id");
  return {
    n: Number(n),
    request,
    row: row ?? 0,
    predictedAt: new Date(isoTime(occurredAt)),
    model: String(model),
    version: Number(version),
  };
}

function plainTime(at: Date): string {
  return timestamp(at.toISOString()).slice("timestamp '".length, -1);
}
