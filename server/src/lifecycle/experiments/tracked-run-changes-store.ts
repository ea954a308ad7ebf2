import { sql } from "kysely";
import type { Db, Tx } from "../../platform/database/index.ts";
import type { TrackedState } from "./tracking.ts";

/** A run that is held against other writers; an orphan's experiment is deleted. */
type LockedRun = {
  id: string;
  key: number;
  experimentKey: number;
  deletedAt: Date | null;
  isOrphan: boolean;
};

/** Statements that change runs as such: their names, states and deletion. */
export function trackedRunChangesStore(db: Db | Tx) {
  return {
    /** Locks runs of a project in the order of their keys; answers those that are there. */
    async lock(project: string, ids: readonly string[]): Promise<LockedRun[]> {
      if (ids.length === 0) return [];
      const { rows } = await sql<LockedRun>`select run.id, run.key, run.experiment_key as "experimentKey",
          run.deleted_at as "deletedAt",
          exists (select from experiments_experiments as experiment
            where experiment.key = run.experiment_key and experiment.deleted_at is not null) as "isOrphan"
        from experiments_runs as run where run.project = ${project} and run.id = any(${ids}::text[])
        order by run.key for no key update of run`.execute(db);
      return rows;
    },

    async update(key: number, change: { state?: TrackedState; endedAt?: Date | null }): Promise<void> {
      const { state, endedAt } = change;
      if (state === undefined && endedAt === undefined) return;
      await db
        .updateTable("experiments_runs")
        .set({
          ...(state === undefined ? {} : { state }),
          ...(endedAt === undefined ? {} : { ended_at: endedAt }),
        })
        .where("key", "=", key)
        .execute();
    },

    async markDeleted(keys: readonly number[], at: Date | null): Promise<void> {
      if (keys.length === 0) return;
      await db
        .updateTable("experiments_runs")
        .set({ deleted_at: at, deleted_with_experiment: false })
        .where("key", "in", keys)
        .execute();
    },

    /** Removes tags; answers how many were there. */
    async deleteTags(keys: readonly number[], names: readonly string[]): Promise<number> {
      if (keys.length === 0 || names.length === 0) return 0;
      const { numDeletedRows } = await db
        .deleteFrom("experiments_tags")
        .where("run_key", "in", keys)
        .where("name", "in", names)
        .executeTakeFirst();
      return Number(numDeletedRows);
    },

    /** Keeps datasets of an experiment, and answers their ids in the given order. */
    async ensureDatasets(
      experimentKey: number,
      datasets: readonly {
        name: string;
        digest: string;
        sourceType: string;
        source: string;
        schema: string | null;
        profile: string | null;
      }[],
    ): Promise<number[]> {
      const ids: number[] = [];
      for (const dataset of datasets) {
        const row = await db
          .insertInto("experiments_datasets")
          .values({
            experiment_key: experimentKey,
            name: dataset.name,
            digest: dataset.digest,
            source_type: dataset.sourceType,
            source: dataset.source,
            schema: dataset.schema,
            profile: dataset.profile,
          })
          .onConflict((conflict) =>
            // The digest is the content: what is there stays. The write without effect answers its id.
            conflict
              .columns(["experiment_key", "name", "digest"])
              .doUpdateSet({ name: sql<string>`experiments_datasets.name` }),
          )
          .returning("id")
          .executeTakeFirstOrThrow();
        ids.push(row.id);
      }
      return ids;
    },

    async insertRunDatasets(
      runKey: number,
      used: readonly { dataset: number; tags: Readonly<Record<string, string>> }[],
    ): Promise<void> {
      if (used.length === 0) return;
      await db
        .insertInto("experiments_run_datasets")
        .values(used.map(({ dataset, tags }) => ({ run_key: runKey, dataset, tags: JSON.stringify(tags) })))
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    },

    /** Links models that are there to a run; answers those of the ids that are there. */
    async linkModels(
      run: { project: string; key: number; direction: "input" | "output" },
      models: readonly { model: string; step: number }[],
    ): Promise<string[]> {
      const { project, key, direction } = run;
      if (models.length === 0) return [];
      const there = await db
        .selectFrom("experiments_models as model")
        .innerJoin("experiments_experiments as experiment", "experiment.key", "model.experiment_key")
        .select("model.id")
        .where("experiment.project", "=", project)
        .where(
          "model.id",
          "in",
          models.map(({ model }) => model),
        )
        .where("model.deleted_at", "is", null)
        .execute();
      const known = new Set(there.map(({ id }) => id));
      const rows = models.filter(({ model }) => known.has(model));
      if (rows.length > 0) {
        await db
          .insertInto("experiments_run_models")
          .values(rows.map(({ model, step }) => ({ run_key: key, model, direction, step })))
          .onConflict((conflict) =>
            conflict
              .columns(["run_key", "model", "direction"])
              .doUpdateSet((set) => ({ step: set.ref("excluded.step") })),
          )
          .execute();
      }
      return [...known];
    },
  };
}
