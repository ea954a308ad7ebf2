import { setTimeout as sleep } from "node:timers/promises";
import type pg from "pg";
import { isServerAbsent } from "./connection-failure.ts";

const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 250;

/**
 * Makes `pool.connect()` wait for a server that is starting or restarting, so that a restart of the database
 * delays a query and does not fail it. Any other failure is reported at once.
 */
export function connectPatiently(pool: pg.Pool, withinMs: number): void {
  const connectOnce = pool.connect.bind(pool) as () => Promise<pg.PoolClient>; // the overload without a callback

  async function connect(): Promise<pg.PoolClient> {
    const deadline = performance.now() + withinMs;
    for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
      try {
        return await connectOnce();
      } catch (error) {
        if (!isServerAbsent(error) || pool.ending || performance.now() + pause > deadline) throw error;
        await sleep(pause);
      }
    }
  }

  // `pool.query` calls `connect` with a callback; the query builder and the job queue's transactions await it.
  pool.connect = ((done?: Parameters<pg.Pool["connect"]>[0]) => {
    if (done === undefined) return connect();
    connect().then(
      (client) => done(undefined, client, (release) => client.release(release)),
      (error: Error) => done(error, undefined, () => {}),
    );
    return undefined;
  }) as pg.Pool["connect"]; // two overloads behind one body
}
