import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { finished } from "node:stream/promises";
import type { LogState } from "@causeway/contract";
import type { Call } from "../../platform/access/index.ts";
import type { Database } from "../../platform/database/index.ts";
import { type DeploymentKey, deploymentsStore, type StoredDeployment } from "./deployments-store.ts";
import type { LogSources } from "./log/log-sources.ts";
import { logTable } from "./log/log-tables.ts";
import { type AskLog, isoTime } from "./log-duck-reader.ts";
import { createSnapshots, type EventTimes, retrying } from "./log-snapshot-reader.ts";
import { noDeployment } from "./serving-service.ts";
import { trafficStore } from "./traffic-store.ts";
import { type ExportPosition, truthStore } from "./truth-store.ts";

/** How far a deployment's event time and its receipt have come. */
export type LogWatermark = { readonly lastOccurredAt: Date | null; readonly lastReceivedAt: Date | null };

/** Event times touched since a position, both ends included. */
export type ChangedRange = {
  readonly from: Date;
  readonly until: Date;
  readonly what: "truth" | "predictions";
};

/** Truth read at a time from the database: enough that round trips do not count, little enough for memory. */
const EXPORT_ROWS = 20_000;
/** Labelled rows, the newest, from which the lag is told. */
const LAG_SAMPLE = 20_000;
/** Changes told at a time. */
const MOST_CHANGES = 1_000;

/** Makes the service by which stages to the right read the log: its watermark, its files, its truth, its changes. */
export function createLogService({
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

  async function idOf(key: DeploymentKey): Promise<number> {
    return (await deploymentOf(key)).id;
  }

  async function deploymentOf(key: DeploymentKey): Promise<StoredDeployment> {
    const found = await deploymentsStore(db).find(key);
    if (found === undefined) throw noDeployment(key);
    return found;
  }

  /** The greatest event time that is in the log for certain, and the receipt of its newest row. */
  async function watermark(key: DeploymentKey): Promise<LogWatermark> {
    const found = await trafficStore(db).findWatermark(await idOf(key));
    return { lastOccurredAt: found?.lastOccurredAt ?? null, lastReceivedAt: found?.lastReceivedAt ?? null };
  }

  /**
   * Files that hold the rows of these event times, each row once. They may be compacted or pruned away while they are read:
   * whoever reads asks again then (`isMoved` knows the error).
   */
  function sources(key: DeploymentKey, times: EventTimes = {}): Promise<LogSources> {
    return snapshots.sourcesOf(key, { times });
  }

  /** Writes the newest truth of the predictions of these event times to a file that `truthTable` reads. */
  async function exportTruth(key: DeploymentKey, times: EventTimes, path: string): Promise<{ rows: number }> {
    const deployment = await idOf(key);
    const { from = null, until = null } = times;
    const file = createWriteStream(path, { mode: 0o600 });
    let after: ExportPosition | null = null;
    let rows = 0;
    do {
      const page = await truthStore(db).exportLines({ deployment, from, until, after, limit: EXPORT_ROWS });
      rows += page.rows;
      after = page.last;
      if (!file.write(page.lines)) await once(file, "drain");
    } while (after !== null);
    file.end();
    await finished(file);
    return { rows };
  }

  /**
   * Event times that truth or late predictions touched after a position, and the position to ask from next time; from null
   * it tells of nothing and gives the position of now.
   */
  async function changedSince(
    key: DeploymentKey,
    position: number | null,
  ): Promise<{ position: number; ranges: ChangedRange[] }> {
    const deployment = await idOf(key);
    if (position === null) {
      const found = await trafficStore(db).findWatermark(deployment);
      return { position: found?.position ?? 0, ranges: [] };
    }
    const changes = await trafficStore(db).listChanges({ deployment, after: position, limit: MOST_CHANGES });
    return {
      position: changes.at(-1)?.position ?? position,
      ranges: changes.map(({ firstAt, lastAt, what }) => ({ from: firstAt, until: lastAt, what })),
    };
  }

  /** What the log holds and how much of it is known to be right or wrong. */
  async function getLog(input: { deployment: string }, call: Call): Promise<LogState> {
    const key = { ...call.scope, name: input.deployment };
    const { id, retentionDays } = await deploymentOf(key);
    const [counted, known, mark] = await Promise.all([
      countLog(key),
      truthStore(db).countTruths(id, LAG_SAMPLE),
      trafficStore(db).findWatermark(id),
    ]);
    const { labelled, held, lastOccurredAt, lagP50, lagP95 } = known;
    return {
      deployment: key.name,
      rows: counted.rows,
      firstOccurredAt: counted.firstOccurredAt,
      lastOccurredAt: later(counted.lastOccurredAt, mark?.lastOccurredAt ?? null),
      lastReceivedAt: later(counted.lastReceivedAt, mark?.lastReceivedAt ?? null),
      truth: {
        labelled,
        coverage: counted.rows === 0 ? null : Math.min(1, labelled / counted.rows),
        lagSeconds: lagP50 === null || lagP95 === null ? null : { p50: lagP50, p95: lagP95 },
        held,
        lastOccurredAt: lastOccurredAt?.toISOString() ?? null,
      },
      retentionDays,
    };
  }

  async function countLog(key: DeploymentKey) {
    const [row] = await retrying(async () => {
      const table = logTable(await sources(key));
      return askLog((duck) =>
        duck.rows(
          `select count(*)::double, min("occurredAt"), max("occurredAt"), max("receivedAt") from ${table}`,
        ),
      );
    });
    const [rows, first, last, received] = row ?? [];
    const iso = (value: typeof first) => (value === null || value === undefined ? null : isoTime(value));
    return {
      rows: Number(rows ?? 0),
      firstOccurredAt: iso(first),
      lastOccurredAt: iso(last),
      lastReceivedAt: iso(received),
    };
  }

  return { log: { watermark, sources, exportTruth, changedSince }, getLog };
}

function later(text: string | null, mark: Date | null): string | null {
  const other = mark?.toISOString() ?? null;
  if (text === null || other === null) return text ?? other;
  return text > other ? text : other;
}
