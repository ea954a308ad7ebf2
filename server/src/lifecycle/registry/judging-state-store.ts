import type { Db, Tx } from "../../platform/database/index.ts";

/** Tables of what versions are judged by: a row is queued, runs, and ends. */
const TABLES = { gates: "registry_gates", evaluations: "registry_evaluations" } as const;

/** Statements on the state of what a worker judges; how it succeeds is each table's own. */
export function judgingStateStore(db: Db | Tx, judged: keyof typeof TABLES) {
  const table = TABLES[judged];
  return {
    async markRunning(id: string): Promise<void> {
      await db.updateTable(table).set({ state: "running" }).where("id", "=", id).execute();
    },

    /** Ends what could not be judged. */
    async fail(
      id: string,
      ending: { state: "failed" | "cancelled"; problem: string; endedAt: Date },
    ): Promise<void> {
      const { state, problem, endedAt } = ending;
      await db.updateTable(table).set({ state, problem, ended_at: endedAt }).where("id", "=", id).execute();
    },
  };
}
