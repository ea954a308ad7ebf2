import type { Failure } from "@causeway/contract";
import type { Db, Tx } from "../../platform/database/index.ts";

/** Tables of what versions are judged by: a row is queued, runs, and ends. */
const TABLES = { gates: "registry_gates", evaluations: "registry_evaluations" } as const;

/** How something ended that could not be judged. */
type FailedEnd = {
  readonly state: "failed" | "cancelled";
  readonly failure: Failure;
  readonly endedAt: Date;
};

/** Statements on the state of what a worker judges; how it succeeds is each table's own. */
export function judgingStateStore(db: Db | Tx, judged: keyof typeof TABLES) {
  const table = TABLES[judged];
  return {
    async markRunning(id: string): Promise<void> {
      await db.updateTable(table).set({ state: "running" }).where("id", "=", id).execute();
    },

    /** Ends what could not be judged. */
    async fail(id: string, { state, failure, endedAt }: FailedEnd): Promise<void> {
      const change = { state, problem: failure.detail, failure: JSON.stringify(failure), ended_at: endedAt };
      await db.updateTable(table).set(change).where("id", "=", id).execute();
    },
  };
}
