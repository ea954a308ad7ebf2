import pg from "pg";
import { columnParsers } from "./column-parsers.ts";
import { isConnectionLost } from "./connection-failure.ts";
import { waitForServer } from "./wait-for-server.ts";

/** A pool that is used up for this long has a fault somewhere; an error shows it, endless waiting hides it. */
const LONGEST_WAIT_MS = 30_000;

/** What a pool is made with. */
export interface PoolOptions {
  url: string;
  applicationName: string;
  poolSize: number;
  /** How long a new connection waits for a server that is starting or restarting. */
  connectWithinMs: number;
  /** Settings of the server for these connections. */
  settings?: Readonly<Record<string, string>>;
  onConnectionError: (error: Error) => void;
}

/**
 * Creates the driver's pool and makes it live through restarts of the server: whoever asks for a connection meanwhile
 * waits, a broken connection is never handed out again, and none ends the process.
 */
export function createPool(options: PoolOptions): pg.Pool {
  const pool = new pg.Pool({
    connectionString: options.url,
    application_name: options.applicationName,
    max: options.poolSize,
    options: Object.entries(options.settings ?? {})
      .map(([name, value]) => `-c ${name}=${value}`)
      .join(" "),
    connectionTimeoutMillis: LONGEST_WAIT_MS,
    idleTimeoutMillis: 30_000,
    // A program that hangs inside a transaction must not hold its locks for ever.
    idle_in_transaction_session_timeout: 60_000,
    keepAlive: true,
    types: columnParsers,
  });
  const lost = new WeakSet<pg.PoolClient>();
  pool.on("connect", (client) => {
    // The driver has no listener of its own while a connection is in use, and an unheard error ends the process.
    client.on("error", options.onConnectionError);
    noteLoss(client, () => lost.add(client));
  });
  pool.on("error", () => {}); // heard on the connection itself
  const connectOnce = pool.connect.bind(pool) as () => Promise<pg.PoolClient>; // the overload without a callback

  async function connect(): Promise<pg.PoolClient> {
    const patience = { withinMs: options.connectWithinMs, isOver: () => pool.ending };
    return dropIfLost(await waitForServer(connectOnce, patience));
  }

  /** The error of a dying connection arrives before its end: given back in between, it would look healthy. */
  function dropIfLost(client: pg.PoolClient): pg.PoolClient {
    const release = client.release;
    client.release = (destroy) => release(destroy || lost.has(client));
    return client;
  }

  // `pool.query` asks with a callback; the query builder awaits.
  pool.connect = ((done?: Parameters<pg.Pool["connect"]>[0]) => {
    if (done === undefined) return connect();
    connect().then(
      (client) => done(undefined, client, client.release),
      (error: Error) => done(error, undefined, () => {}),
    );
    return undefined;
  }) as pg.Pool["connect"]; // two overloads behind one body
  return pool;
}

/** Tells when a query fails because its connection broke. */
function noteLoss(client: pg.PoolClient, onLoss: () => void): void {
  const query = client.query.bind(client) as (...given: unknown[]) => unknown; // whatever overload the caller uses
  client.query = ((...given: unknown[]) => {
    const result = query(...given);
    if (result instanceof Promise) {
      result.catch((error: unknown) => {
        if (isConnectionLost(error)) onLoss();
      });
    }
    return result;
  }) as pg.PoolClient["query"];
}
