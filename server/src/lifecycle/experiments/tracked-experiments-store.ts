import { type SqlBool, sql } from "kysely";
import type { Db, Tx } from "../../platform/database/index.ts";
import { experimentArtifactUri } from "./artifact-uri.ts";
import type { Texts, TrackedExperiment } from "./tracking.ts";

/** An experiment as clients track it, with the tables' name of it. */
export type KeyedExperiment = { readonly key: number; readonly experiment: TrackedExperiment };

/** Statements on experiments for clients that track them. */
export function trackedExperimentsStore(db: Db | Tx) {
  const experiments = () =>
    db
      .selectFrom("experiments_experiments as experiment")
      .select((select) => [
        "experiment.key",
        "experiment.number",
        "experiment.name",
        "experiment.artifact_location as location",
        "experiment.created_at as createdAt",
        "experiment.updated_at as updatedAt",
        "experiment.deleted_at as deletedAt",
        select
          .selectFrom("experiments_experiment_tags as tag")
          .select(sql<Texts | null>`json_object_agg(tag.name, tag.value)`.as("tags"))
          .whereRef("tag.experiment_key", "=", "experiment.key")
          .$asScalar()
          .as("tags"),
      ]);

  return {
    async findByNumber(project: string, number: number): Promise<KeyedExperiment | undefined> {
      const row = await experiments()
        .where("experiment.project", "=", project)
        .where("experiment.number", "=", number)
        .executeTakeFirst();
      return row === undefined ? undefined : toKeyedExperiment(row);
    },

    async findByName(project: string, name: string): Promise<KeyedExperiment | undefined> {
      const row = await experiments()
        .where("experiment.project", "=", project)
        .where("experiment.name", "=", name)
        .executeTakeFirst();
      return row === undefined ? undefined : toKeyedExperiment(row);
    },

    /** Experiments in the order of the keys. */
    async listByKeys(keys: readonly number[]): Promise<TrackedExperiment[]> {
      if (keys.length === 0) return [];
      const rows = await experiments().where("experiment.key", "in", keys).execute();
      const byKey = new Map(rows.map((row) => [row.key, toKeyedExperiment(row).experiment]));
      return keys.flatMap((key) => byKey.get(key) ?? []);
    },

    /** Locks an experiment against other changes until the transaction's end. */
    lock(project: string, number: number): Promise<{ key: number; deletedAt: Date | null } | undefined> {
      return db
        .selectFrom("experiments_experiments")
        .select(["key", "deleted_at as deletedAt"])
        .where("project", "=", project)
        .where("number", "=", number)
        .forNoKeyUpdate()
        .executeTakeFirst();
    },

    async rename(key: number, name: string): Promise<void> {
      await db.updateTable("experiments_experiments").set({ name }).where("key", "=", key).execute();
    },

    async touch(key: number, at: Date): Promise<void> {
      await db
        .updateTable("experiments_experiments")
        .set({ updated_at: at })
        .where("key", "=", key)
        .execute();
    },

    async upsertTags(key: number, tags: Texts): Promise<void> {
      const rows = Object.entries(tags).map(([name, value]) => ({ experiment_key: key, name, value }));
      if (rows.length === 0) return;
      await db
        .insertInto("experiments_experiment_tags")
        .values(rows)
        .onConflict((conflict) =>
          conflict
            .columns(["experiment_key", "name"])
            .doUpdateSet((set) => ({ value: set.ref("excluded.value") })),
        )
        .execute();
    },

    /** Removes tags; answers those that were there. */
    async deleteTags(key: number, names: readonly string[]): Promise<string[]> {
      if (names.length === 0) return [];
      const rows = await db
        .deleteFrom("experiments_experiment_tags")
        .where("experiment_key", "=", key)
        .where("name", "in", names)
        .returning("name")
        .execute();
      return rows.map(({ name }) => name);
    },

    /** Locks the experiment's runs, in the one order in which all lock runs. */
    async lockRuns(key: number): Promise<void> {
      await sql`select count(*) from (
        select key from experiments_runs where experiment_key = ${key} order by key for no key update
      ) as locked`.execute(db);
    },

    /** Marks the experiment and its living runs as deleted. */
    async markDeleted(key: number, at: Date): Promise<void> {
      await db
        .updateTable("experiments_experiments")
        .set({ deleted_at: at, updated_at: at })
        .where("key", "=", key)
        .execute();
      await db
        .updateTable("experiments_runs")
        .set({ deleted_at: at, deleted_with_experiment: true })
        .where("experiment_key", "=", key)
        .where("deleted_at", "is", null)
        .execute();
    },

    /** Takes the mark away, also from the runs that went with the experiment. */
    async unmarkDeleted(key: number, at: Date): Promise<void> {
      await db
        .updateTable("experiments_experiments")
        .set({ deleted_at: null, updated_at: at })
        .where("key", "=", key)
        .execute();
      await db
        .updateTable("experiments_runs")
        .set({ deleted_at: null, deleted_with_experiment: false })
        .where("experiment_key", "=", key)
        .where("deleted_with_experiment", "is", true)
        .execute();
    },

    /** Datasets that living runs of the experiments used, each with each of its contexts. */
    async listDatasets(
      project: string,
      numbers: readonly number[],
      limit: number,
    ): Promise<{ experiment: string; name: string; digest: string; context: string | null }[]> {
      if (numbers.length === 0) return [];
      const rows = await db
        .selectFrom("experiments_experiments as experiment")
        .innerJoin("experiments_datasets as dataset", "dataset.experiment_key", "experiment.key")
        .innerJoin("experiments_run_datasets as used", "used.dataset", "dataset.id")
        .innerJoin("experiments_runs as run", "run.key", "used.run_key")
        .select([
          "experiment.number as experiment",
          "dataset.name",
          "dataset.digest",
          sql<string | null>`used.tags ->> 'mlflow.data.context'`.as("context"),
        ])
        .distinct()
        .where("experiment.project", "=", project)
        .where("experiment.number", "in", numbers)
        .where(sql<SqlBool>`run.deleted_at is null`)
        .orderBy("experiment.number")
        .orderBy("dataset.name")
        .orderBy("dataset.digest")
        .limit(limit)
        .execute();
      return rows.map((row) => ({ ...row, experiment: String(row.experiment) }));
    },
  };
}

function toKeyedExperiment(row: {
  key: number;
  number: number;
  name: string;
  location: string | null;
  createdAt: Date;
  updatedAt: Date;
  deletedAt: Date | null;
  tags: Texts | null;
}): KeyedExperiment {
  const { key, number, location, tags, ...rest } = row;
  const artifactLocation = experimentArtifactUri({ number, location });
  return { key, experiment: { id: String(number), artifactLocation, tags: tags ?? {}, ...rest } };
}
