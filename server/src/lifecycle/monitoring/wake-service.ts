import type { Call } from "../../platform/access/index.ts";
import type { Tx } from "../../platform/database/index.ts";
import type { WorkQueue } from "../../platform/work/index.ts";
import { monitorPath } from "./monitor-path.ts";
import { type MonitorKey, monitorsStore } from "./monitors-store.ts";

/** Kind of the work that takes a monitor through all that is due. */
export const ADVANCE = "monitoring.advance";

/** Makes what has a monitor look at the log: one piece of work at a time, and one more look for all that came meanwhile. */
export function createWake({ work }: { work: Pick<WorkQueue, "enqueue"> }) {
  /** Has the monitor look in the caller's transaction; answers false where it looks already or is gone. */
  return async function wake(tx: Tx, call: Call, key: MonitorKey): Promise<boolean> {
    const store = monitorsStore(tx);
    const monitor = await store.lock(key);
    if (monitor === undefined || monitor.paused) return false;
    if (monitor.work !== null) {
      if (!monitor.wanted) await store.putWork(key, { work: monitor.work, wanted: true });
      return false;
    }
    const { project, environment, name } = key;
    const id = await work.enqueue(
      tx,
      { ...call, scope: { project, environment } },
      { kind: ADVANCE, subject: monitorPath(key), payload: { project, environment, name } },
    );
    await store.putWork(key, { work: id, wanted: false });
    return true;
  };
}

/** Wakes a monitor in the caller's transaction. */
export type Wake = ReturnType<typeof createWake>;
