import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { fail } from "@causeway/contract";
import type { BaseLogger } from "pino";
import { abandonedClusters } from "./abandoned-clusters.ts";
import { type Binaries, findBinaries, reachableBinaries } from "./binaries.ts";
import { type ClusterPlace, placeCluster, removePlace, writeMarker } from "./cluster-place.ts";
import { ensureCluster } from "./create-cluster.ts";
import { isRunning } from "./postmaster.ts";
import { explainFolderFailure } from "./server-failure.ts";
import { DATABASE, socketUrl } from "./server-settings.ts";
import { removeSocketFolder } from "./socket-folder.ts";
import { type RunningServer, runServer, stopServer } from "./start-server.ts";
import { withConnection } from "./with-connection.ts";

/** The part of a logger that the database speaks to. */
export type DatabaseLog = Pick<BaseLogger, "info" | "warn" | "error">;

/** The PostgreSQL of a data folder, running. */
export interface Embedded {
  /** For drivers; it stays the same when the server is started again. */
  readonly url: string;
  readonly pid: number;
  /** True when this start made the cluster. */
  readonly created: boolean;
  /** True when the server was found running, left by a program that was killed. */
  readonly adopted: boolean;
  /** Ends the server within about `withinMs`; the data stays. */
  readonly stop: (options?: { withinMs?: number }) => Promise<void>;
  /** Ends the server and deletes the cluster with all that is in it, wherever it lies. */
  readonly remove: () => Promise<void>;
}

/** What an embedded server is started with. */
export interface EmbeddedOptions {
  dataDir: string;
  log: DatabaseLog;
  /** Told when a server that died does not come back, say on a full disk. */
  onFailure?: (error: unknown) => void;
  /** The PostgreSQL to run; found among the installed packages by default. */
  binaries?: Binaries;
  /** Where root keeps what its unprivileged account could not reach otherwise. */
  sharedFolder?: string;
}

const SHARED_FOLDER = "/var/lib/causeway";
const WATCH_MS = 200;
const STOP_WITHIN_MS = 6_000;
const RESTARTS = 10;

/** A server that ran this long before it died has earned a fresh count of restarts. */
const STEADY_MS = 10_000;

/**
 * Creates the cluster of a data folder unless it is there, then adopts its running server or starts one, and keeps it
 * running: a server that dies is started again. It outlives this process unless `stop` is called.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  const { dataDir, log, onFailure = () => {} } = options;
  const began = performance.now();
  const { place, binaries, created, ...first } = await bringUp(options).catch((error: unknown) => {
    throw explainFolderFailure(error, dataDir);
  });
  let server = first.server;
  if (created) hintAtAbandoned(options);
  const adopted = server.origin === "adopted";
  const tookMs = Math.round(performance.now() - began);
  log.info({ pid: server.pid, home: place.home, created, adopted, tookMs }, "database is ready");

  const stopping = new AbortController();
  const watching = keepRunning();

  async function keepRunning(): Promise<void> {
    let restarts = 0;
    let since = performance.now();
    while (await diesUnlessStopped()) {
      restarts = performance.now() - since > STEADY_MS ? 1 : restarts + 1;
      log.warn({ pid: server.pid, restarts }, "database server has died; starting it again");
      try {
        server = await restart(restarts);
      } catch (error) {
        log.error({ err: error }, "database server does not start again");
        onFailure(error);
        return;
      }
      since = performance.now();
      log.info({ pid: server.pid }, "database server is back");
    }
  }

  async function diesUnlessStopped(): Promise<boolean> {
    const { pid } = server;
    while (!stopping.signal.aborted && isRunning(pid)) {
      await sleep(WATCH_MS, undefined, { ref: false, signal: stopping.signal }).catch(() => {});
    }
    return !stopping.signal.aborted;
  }

  async function restart(attempt: number): Promise<RunningServer> {
    if (attempt > RESTARTS) {
      throw fail("DATABASE_FAILED", {
        message: `The database server in ${place.home} died ${attempt} times in a row`,
        value: place.home,
        help: "logs/postgres.log in the data folder tells why.",
      });
    }
    await sleep((attempt - 1) * WATCH_MS);
    return runServer(place, binaries);
  }

  async function stop({ withinMs = STOP_WITHIN_MS } = {}): Promise<void> {
    stopping.abort();
    await watching;
    await stopServer(server.pid, withinMs);
    await removeSocketFolder(server.socketFolder);
  }

  return {
    get url() {
      return socketUrl(server.socketFolder);
    },
    get pid() {
      return server.pid;
    },
    created,
    adopted,
    stop,
    remove: async () => {
      await stop();
      await removePlace(place);
    },
  };
}

/** From whatever is in the data folder to a server that answers. */
async function bringUp({ dataDir, sharedFolder: shared = SHARED_FOLDER, ...given }: EmbeddedOptions) {
  const installed = given.binaries ?? findBinaries();
  const uid = process.getuid?.() ?? -1;
  const found = await placeCluster({ dataDir, uid, shared, newId: randomUUID });
  const binaries = await reachableBinaries(installed, found.account, shared);
  await ensureCluster(found, binaries);
  const server = await runServer(found, binaries);
  const place = await completeCluster(found, server);
  return { place, binaries, server, created: !found.marker.complete };
}

function hintAtAbandoned({ sharedFolder = SHARED_FOLDER, log }: EmbeddedOptions): void {
  const abandoned = abandonedClusters(sharedFolder);
  if (abandoned.length === 0) return;
  log.warn({ abandoned }, "the data folders of these databases are gone; rm -r them if you do not need them");
}

/** The last steps of a creation; a kill between them is made good by the next start. */
async function completeCluster(place: ClusterPlace, { socketFolder }: RunningServer): Promise<ClusterPlace> {
  if (place.marker.complete) return place;
  await withConnection(socketUrl(socketFolder, "postgres"), async (client) => {
    const { rowCount } = await client.query("select from pg_database where datname = $1", [DATABASE]);
    if (rowCount === 0) await client.query(`create database ${DATABASE}`);
  });
  return writeMarker(place, { ...place.marker, complete: true });
}
