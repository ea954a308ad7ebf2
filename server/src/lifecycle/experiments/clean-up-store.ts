import { sql } from "kysely";
import type { Db, Tx } from "../../platform/database/index.ts";

/** What a clean-up may take: deleted things of a project, older than a time; only some runs where they are named. */
export type Doom = {
  readonly project: string;
  readonly deletedBefore: Date;
  readonly runs: readonly string[] | undefined;
};

/** A deleted run or logged model. */
export type Doomed = { readonly key: number; readonly id: string };

/** Files by their owner. */
export type DoomedFile = { readonly owner: string; readonly digest: string; readonly bytes: number };

/** Statements of a clean-up. */
export function cleanUpStore(db: Db | Tx) {
  return {
    /** Deleted runs by key, a batch after a key. */
    async listRuns(doom: Doom, after: number, limit: number): Promise<Doomed[]> {
      return db
        .selectFrom("experiments_runs")
        .select(["key", "id"])
        .where("project", "=", doom.project)
        .where("deleted_at", "<=", doom.deletedBefore)
        .where("key", ">", after)
        .$if(doom.runs !== undefined, (query) => query.where("id", "in", [...(doom.runs ?? [])]))
        .orderBy("key")
        .limit(limit)
        .execute();
    },

    /** Those of the ids that are runs of the project and not deleted long enough. */
    async listLiving(doom: Doom): Promise<{ id: string; deletedAt: Date | null }[]> {
      if (doom.runs === undefined || doom.runs.length === 0) return [];
      return db
        .selectFrom("experiments_runs")
        .select(["id", "deleted_at as deletedAt"])
        .where("project", "=", doom.project)
        .where("id", "in", [...doom.runs])
        .where((is) => is.or([is("deleted_at", "is", null), is("deleted_at", ">", doom.deletedBefore)]))
        .execute();
    },

    /** Logged models to take: deleted ones, and those of deleted experiments; a batch after an id. */
    async listModels(doom: Doom, after: string, limit: number): Promise<{ id: string }[]> {
      return db
        .selectFrom("experiments_models as model")
        .innerJoin("experiments_experiments as experiment", "experiment.key", "model.experiment_key")
        .select("model.id")
        .where("experiment.project", "=", doom.project)
        .where((is) =>
          is.or([
            is("model.deleted_at", "<=", doom.deletedBefore),
            is("experiment.deleted_at", "<=", doom.deletedBefore),
          ]),
        )
        .where("model.id", ">", after)
        .orderBy("model.id")
        .limit(limit)
        .execute();
    },

    listExperiments(doom: Doom): Promise<{ key: number; number: number }[]> {
      return db
        .selectFrom("experiments_experiments")
        .select(["key", "number"])
        .where("project", "=", doom.project)
        .where("deleted_at", "<=", doom.deletedBefore)
        .orderBy("key")
        .execute();
    },

    /** Locks those runs that are still deleted, in the order in which all lock runs. */
    async lockDeleted(keys: readonly number[]): Promise<Doomed[]> {
      if (keys.length === 0) return [];
      return db
        .selectFrom("experiments_runs")
        .select(["key", "id"])
        .where("key", "in", [...keys])
        .where("deleted_at", "is not", null)
        .orderBy("key")
        .forUpdate()
        .execute();
    },

    async countPoints(keys: readonly number[]): Promise<number> {
      if (keys.length === 0) return 0;
      const { points } = await db
        .selectFrom("experiments_metrics")
        .select(sql<number>`coalesce(sum(points), 0)::bigint`.as("points"))
        .where("run_key", "in", [...keys])
        .executeTakeFirstOrThrow();
      return points;
    },

    async listFiles(owners: readonly string[]): Promise<DoomedFile[]> {
      if (owners.length === 0) return [];
      return db
        .selectFrom("experiments_artifacts")
        .select(["owner", "digest", "bytes"])
        .where("owner", "in", [...owners])
        .execute();
    },

    /** Removes runs and all that is about them; their points are noted for `deletePoints`. */
    async deleteRuns(runs: readonly Doomed[]): Promise<void> {
      const keys = runs.map(({ key }) => key);
      const ids = runs.map(({ id }) => id);
      await sql`with gone as (delete from experiments_metrics where run_key = any(${keys}::bigint[]) returning id)
        insert into experiments_doomed_series (series) select id from gone`.execute(db);
      await db.deleteFrom("experiments_params").where("run_key", "in", keys).execute();
      await db.deleteFrom("experiments_tags").where("run_key", "in", keys).execute();
      await db.deleteFrom("experiments_usage").where("run", "in", ids).execute();
      await db.deleteFrom("experiments_trace_runs").where("run", "in", ids).execute();
      // What runs measured of models goes with the run, as its own metrics do.
      await db.deleteFrom("experiments_model_metrics").where("run", "in", ids).execute();
      await db.deleteFrom("experiments_runs").where("key", "in", keys).execute();
    },

    async deleteModels(ids: readonly string[]): Promise<number> {
      if (ids.length === 0) return 0;
      const { numDeletedRows } = await db
        .deleteFrom("experiments_models")
        .where("id", "in", [...ids])
        .executeTakeFirst();
      return Number(numDeletedRows);
    },

    /** Experiments that runs or models belong to. */
    async listHolders(runs: readonly string[], models: readonly string[]): Promise<number[]> {
      const { rows } = await sql<{ key: number }>`
        select experiment_key as key from experiments_runs where id = any(${[...runs]}::text[])
        union select experiment_key from experiments_models where id = any(${[...models]}::text[])`.execute(
        db,
      );
      return rows.map(({ key }) => key);
    },

    /** Locks a deleted experiment that has neither runs nor models; says whether it is one. */
    async lockEmpty(key: number): Promise<boolean> {
      const { rows } = await sql<{ key: number }>`select key from experiments_experiments as experiment
        where key = ${key} and deleted_at is not null
          and not exists (select from experiments_runs where experiment_key = experiment.key)
          and not exists (select from experiments_models where experiment_key = experiment.key)
        for update`.execute(db);
      return rows.length > 0;
    },

    /** Removes an experiment with its tags, datasets and views. */
    async deleteExperiment(key: number): Promise<void> {
      await db.deleteFrom("experiments_experiments").where("key", "=", key).execute();
    },

    /** Traces of an experiment, a batch. */
    async listTraces(experiment: number, limit: number): Promise<string[]> {
      const rows = await db
        .selectFrom("experiments_traces")
        .select("id")
        .where("experiment_key", "=", experiment)
        .limit(limit)
        .execute();
      return rows.map(({ id }) => id);
    },

    async deleteTraces(experiment: number, ids: readonly string[]): Promise<void> {
      await db
        .deleteFrom("experiments_traces")
        .where("experiment_key", "=", experiment)
        .where("id", "in", [...ids])
        .execute();
    },

    /** Removes points of series that are gone, about as many as given; says whether there is more. */
    async deletePoints(most: number): Promise<boolean> {
      const { rows } = await sql<{ series: number }>`select series from experiments_doomed_series
        order by series limit 1 for update skip locked`.execute(db);
      const series = rows[0]?.series;
      if (series === undefined) return false;
      const { numAffectedRows = 0n } = await sql`delete from experiments_points
        where (series, step, at_ms, value) in (
          select series, step, at_ms, value from experiments_points where series = ${series} limit ${most}
        )`.execute(db);
      if (numAffectedRows < BigInt(most)) {
        await db.deleteFrom("experiments_doomed_series").where("series", "=", series).execute();
      }
      return true;
    },
  };
}
