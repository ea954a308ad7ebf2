import { setTimeout as sleep } from "node:timers/promises";
import { type Call, systemCall } from "../../platform/access/index.ts";
import type { Database } from "../../platform/database/index.ts";
import type { Logger } from "../../platform/log/index.ts";
import { type Deployments, LOG_CHANNEL } from "../deployments/index.ts";
import { decideDue } from "./advance-due.ts";
import { monitorsStore, type StoredMonitor } from "./monitors-store.ts";
import type { Wake } from "./wake-service.ts";
import { reachedTime } from "./watermark-rule.ts";

/** Rows arrive all the time; what came within this is looked at together. */
const GATHER_MS = 500;
/** Monitors that count rows look at most so often. */
const COUNT_MS = 5_000;

/** What the loop is made from. */
export type LogLoopParts = {
  readonly database: Pick<Database, "db" | "listen">;
  readonly deployments: Pick<Deployments, "log">;
  readonly wake: Wake;
  readonly log: Pick<Logger, "warn">;
  readonly now: () => Date;
};

/** Makes what wakes monitors: as rows and truth arrive, and by the clock, because a silent stream closes windows too. */
export function createLogLoop({ database, deployments, wake, log, now }: LogLoopParts) {
  const { db } = database;
  /** When each monitor that counts rows looked last. */
  const counted = new Map<string, number>();

  /** Wakes monitors that have something to do, all of them or those of one deployment. Answers when to ask again. */
  async function wakeDue(of?: {
    project: string;
    environment: string;
    deployment: string;
  }): Promise<number | null> {
    const monitors = (await monitorsStore(db).listActive()).filter(
      (monitor) =>
        of === undefined ||
        (monitor.project === of.project &&
          monitor.environment === of.environment &&
          monitor.deployment === of.deployment),
    );
    const waits = await Promise.all(monitors.map(tryToWake));
    const known = waits.filter((wait) => wait !== null);
    return known.length === 0 ? null : Math.min(...known);
  }

  /** One monitor that cannot be looked at leaves the others alone. */
  async function tryToWake(monitor: StoredMonitor): Promise<number | null> {
    try {
      return await wakeIfDue(monitor);
    } catch (error) {
      const { name, deployment } = monitor;
      log.warn(
        { err: error, monitor: name, deployment },
        "the monitor was not woken; the next minute tries again",
      );
      return null;
    }
  }

  async function wakeIfDue(monitor: StoredMonitor): Promise<number | null> {
    const { project, environment, deployment } = monitor;
    const key = { project, environment, name: deployment };
    const position = typeof monitor.logPosition === "number" ? monitor.logPosition : null;
    const mark = await deployments.log.watermark(key);
    const { ranges } = await deployments.log.changedSince(key, position);
    const due = decideDue(monitor, { reached: reachedTime(mark, now()), ranges, now: now() });
    if (!due.look) return due.waitMs;
    const waitMs = sinceCounted(monitor);
    if (waitMs === null) await wakeNow(monitor);
    return waitMs;
  }

  /** Windows by count may close with any row: they are looked at from time to time. Null: now. */
  function sinceCounted({ project, environment, name, settings }: StoredMonitor): number | null {
    if (typeof settings.window === "string") return null;
    const key = `${project}/${environment}/${name}`;
    const wait = (counted.get(key) ?? 0) + COUNT_MS - now().getTime();
    if (wait > 0) return wait;
    counted.set(key, now().getTime());
    return null;
  }

  async function wakeNow(monitor: StoredMonitor): Promise<void> {
    const { project, environment, name } = monitor;
    const call: Call = systemCall({ project, environment }, "monitoring");
    await db.transaction().execute((tx) => wake(tx, call, { project, environment, name }));
  }

  /** Has every monitor look, whatever is known of it: for truth that does not come, and for what was missed. */
  async function wakeAll(): Promise<void> {
    for (const monitor of await monitorsStore(db).listActive()) await wakeNow(monitor);
  }

  /** Follows the log until the signal aborts. */
  async function follow(signal: AbortSignal): Promise<void> {
    const waiting = new Set<string>();
    let arrived = () => {};
    const unlisten = await database.listen(
      LOG_CHANNEL,
      (payload) => {
        waiting.add(payload);
        arrived();
      },
      {
        onReconnect: () => {
          waiting.add("");
          arrived();
        },
      },
    );
    const stop = () => arrived();
    signal.addEventListener("abort", stop);
    try {
      while (!signal.aborted) {
        if (waiting.size === 0) {
          await new Promise<void>((resolve) => {
            arrived = resolve;
          });
        }
        await sleep(GATHER_MS, undefined, { signal }).catch(() => undefined);
        const payloads = [...waiting];
        waiting.clear();
        for (const payload of payloads) {
          if (signal.aborted) return;
          const waitMs = await wakeFor(payload);
          if (waitMs === null) continue;
          const again = setTimeout(() => {
            waiting.add(payload);
            arrived();
          }, waitMs);
          again.unref();
        }
      }
    } finally {
      signal.removeEventListener("abort", stop);
      await unlisten();
    }
  }

  async function wakeFor(payload: string): Promise<number | null> {
    const [project, environment, ...rest] = payload.split("/");
    try {
      if (project === undefined || environment === undefined || rest.length === 0) return await wakeDue();
      return await wakeDue({ project, environment, deployment: rest.join("/") });
    } catch (error) {
      log.warn(
        { err: error, deployment: payload },
        "monitors could not be woken; the next minute tries again",
      );
      return null;
    }
  }

  return {
    follow,
    wakeDue: async () => {
      await wakeDue();
    },
    wakeAll,
  };
}
