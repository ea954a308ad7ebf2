import type { Database } from "../../platform/database/index.ts";
import type { WorkQueue } from "../../platform/work/index.ts";
import type { Advance } from "./advance-runner.ts";
import { isOver } from "./run-progress.ts";
import { runsStore } from "./runs-store.ts";

type Parts = {
  readonly database: Database;
  readonly work: Pick<WorkQueue, "cancel">;
  readonly advance: Advance;
  readonly now: () => Date;
};

/**
 * Makes the cancellation of runs. First the run is marked, after which nothing of it is started; then the work of its steps
 * is cancelled piece by piece. Everywhere work rows are locked before runs, so that no two of these wait for each other.
 */
export function createCancelRun({ database, work, advance, now }: Parts) {
  return async function cancelRun(id: string): Promise<void> {
    const marked = await database.db.transaction().execute(async (tx) => {
      const store = runsStore(tx);
      const run = await store.lock(id);
      if (run === undefined || isOver(run.state)) return false;
      await store.setState(id, { state: "cancelling", problem: null });
      await advance(tx, id);
      return true;
    });
    if (!marked) return;
    for (const step of await runsStore(database.db).listSteps([id])) {
      const { work: workId, name, state } = step;
      if (workId === null || (state !== "queued" && state !== "running")) continue;
      await database.db.transaction().execute(async (tx) => {
        if ((await work.cancel(tx, workId)) !== "cancelled") return;
        await runsStore(tx).updateStep(id, name, { state: "cancelled", endedAt: now() });
        await advance(tx, id);
      });
    }
  };
}
