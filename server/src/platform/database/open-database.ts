import { Kysely, PostgresDialect, type Transaction } from "kysely";
import type pg from "pg";
import { createPool } from "./create-pool.ts";
import { createListener, type Listener } from "./listener.ts";
import type { Schema } from "./schema.ts";

/** The query builder over every table; a store takes `Db | Tx`. */
export type Db = Kysely<Schema>;

/** The query builder inside one transaction. */
export type Tx = Transaction<Schema>;

/** Plans once for all values, and by nested loops over indexes. */
const BY_KEY = {
  plan_cache_mode: "force_generic_plan",
  enable_seqscan: "off",
  enable_hashjoin: "off",
  enable_mergejoin: "off",
  enable_bitmapscan: "off",
};
/** A writer, and three readers. */
const KEYED_POOL_SIZE = 4;

/** A pool of connections to one PostgreSQL database, with a dedicated connection for notifications. */
export interface Database {
  readonly url: string;
  readonly db: Db;
  /** The driver's pool, for the job queue and for protocols that the query builder does not speak (COPY). */
  readonly pool: pg.Pool;
  /**
   * Connections for named statements that find rows by key, all the time: they go by index whatever the tables' statistics
   * say. A plan that was made while a table was empty would read all of it ever after.
   */
  readonly keyed: pg.Pool;
  readonly listen: Listener["listen"];
  readonly close: () => Promise<void>;
}

/** What a database handle is opened with. */
export interface DatabaseOptions {
  url: string;
  /** Shown in `pg_stat_activity`, so that an operator sees whose connection it is. */
  applicationName: string;
  /** Connections held at most; the listening one comes on top. */
  poolSize?: number;
  /** How long a new connection waits for a server that is starting or restarting. */
  connectWithinMs?: number;
  /** Told of connections that break while idle; queries report their own failures. */
  onConnectionError?: (error: Error) => void;
}

/** Opens a pool lazily: no connection is made before the first query or `listen`. */
export function openDatabase(options: DatabaseOptions): Database {
  const { url, applicationName, poolSize = 10, connectWithinMs = 5_000 } = options;
  const onConnectionError = options.onConnectionError ?? (() => {});
  const pooled = { url, connectWithinMs, onConnectionError };
  const pool = createPool({ ...pooled, applicationName, poolSize });
  const keyed = createPool({
    ...pooled,
    applicationName: `${applicationName} by key`,
    poolSize: KEYED_POOL_SIZE,
    settings: BY_KEY,
  });
  const db = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) });
  const listener = createListener({
    url,
    applicationName: `${applicationName} listen`,
    connectWithinMs,
    onConnectionError,
  });
  let closing: Promise<void> | undefined;

  async function closeAll(): Promise<void> {
    await listener.close();
    await Promise.all([pool.end(), keyed.end()]);
  }

  return {
    url,
    db,
    pool,
    keyed,
    listen: listener.listen,
    close: () => {
      closing ??= closeAll();
      return closing;
    },
  };
}
