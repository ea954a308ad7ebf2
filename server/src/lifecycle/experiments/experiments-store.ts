import type { Run, RunState } from "@causeway/contract";
import { sql } from "kysely";
import { askWithin, type Db, type Statement, type Tx } from "../../platform/database/index.ts";
import type { Texts } from "./tracking.ts";

/** An experiment with the number of its runs. */
export type StoredExperiment = {
  number: number;
  name: string;
  location: string | null;
  tags: Texts | null;
  runs: number;
  createdAt: Date;
  updatedAt: Date;
  deletedAt: Date | null;
};

/** A row of a run with its experiment's name. */
export type StoredRun = {
  id: string;
  key: number;
  experimentKey: number;
  experiment: number;
  experimentName: string;
  name: string;
  state: RunState;
  record: Run["record"];
  step: Run["step"];
  startedAt: Date;
  endedAt: Date | null;
  deletedAt: Date | null;
  user: string;
  createdBy: Run["createdBy"];
};

/** What writing to a run asks of it. */
export type LockedRun = { key: number; experimentKey: number; deletedAt: Date | null };

/** Where a page of runs goes on: before this moment and id. */
export type RunCursor = { startedAt: Date; id: string };

/** What names an experiment in other tables, and whether it is deleted. */
export type ExperimentRow = { key: number; number: number; deletedAt: Date | null };

/** The experiment that always exists. */
const DEFAULT = { number: 0, name: "Default" };

/** A run, its tags and the notice of it, which leaves with the commit. */
const OPEN_RUN: Statement = {
  text: `with run as (
    insert into experiments_runs (id, project, experiment, experiment_key, name, state, record, step, started_at, user_name, created_by)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) returning key, experiment_key
  ), tagged as (
    insert into experiments_tags (run_key, experiment_key, name, value)
    select run.key, run.experiment_key, tag.name, tag.value from run, unnest($12::text[], $13::text[]) as tag (name, value)
  )
  select key, pg_notify($14, $15) from run`,
};

/** A run as it is put down. */
type NewRunRow = Omit<StoredRun, "key" | "experimentName" | "endedAt" | "deletedAt"> & { project: string };

/** Statements on experiments and runs. */
export function experimentsStore(db: Db | Tx) {
  const runs = () =>
    db
      .selectFrom("experiments_runs as run")
      .innerJoin("experiments_experiments as experiment", (join) =>
        join
          .onRef("experiment.project", "=", "run.project")
          .onRef("experiment.number", "=", "run.experiment"),
      )
      .select([
        "run.id",
        "run.key",
        "run.experiment_key as experimentKey",
        "run.experiment",
        "experiment.name as experimentName",
        "run.name",
        "run.state",
        "run.record",
        "run.step",
        "run.started_at as startedAt",
        "run.ended_at as endedAt",
        "run.deleted_at as deletedAt",
        "run.user_name as user",
        "run.created_by as createdBy",
      ]);

  return {
    /** The experiment of that name, also a deleted one; nobody deletes it before the transaction's end. */
    findByName(project: string, name: string): Promise<ExperimentRow | undefined> {
      return db
        .selectFrom("experiments_experiments")
        .select(["key", "number", "deleted_at as deletedAt"])
        .where("project", "=", project)
        .where("name", "=", name)
        .forShare()
        .executeTakeFirst();
    },

    /** The experiment of a number, also a deleted one; nobody deletes it before the transaction's end. */
    async shareByNumber(
      project: string,
      number: number,
    ): Promise<(ExperimentRow & { name: string; location: string | null }) | undefined> {
      const { rows } = await sql<ExperimentRow & { name: string; location: string | null }>`select
          key, number, name, artifact_location as location, deleted_at as "deletedAt"
        from experiments_experiments where project = ${project} and number = ${number} for share`.execute(db);
      return rows[0];
    },

    /** Locks the project's numbering until the transaction's end, and answers the last number; 0 is Default's. */
    async lockNumbers(project: string): Promise<number> {
      const row = await db
        .insertInto("experiments_numbers")
        .values({ project, last: DEFAULT.number })
        .onConflict((conflict) =>
          conflict.column("project").doUpdateSet((set) => ({ last: set.ref("experiments_numbers.last") })),
        )
        .returning("last")
        .executeTakeFirstOrThrow();
      return row.last;
    },

    /** Adds the experiment Default where it is missing. */
    async insertDefault(project: string): Promise<void> {
      await db
        .insertInto("experiments_experiments")
        .values({ project, ...DEFAULT })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    },

    /** Adds an experiment; `lockNumbers` comes first. */
    async insertExperiment(experiment: {
      project: string;
      number: number;
      name: string;
      artifactLocation: string | null;
      createdAt: Date;
    }): Promise<number> {
      const { project, number, name, artifactLocation, createdAt } = experiment;
      await db
        .updateTable("experiments_numbers")
        .set({ last: number })
        .where("project", "=", project)
        .execute();
      const row = await db
        .insertInto("experiments_experiments")
        .values({
          project,
          number,
          name,
          artifact_location: artifactLocation,
          created_at: createdAt,
          updated_at: createdAt,
        })
        .returning("key")
        .executeTakeFirstOrThrow();
      return row.key;
    },

    /** Living experiments by number, or the one of a number, also a deleted one. */
    listExperiments(
      filter: { project: string } & ({ number: number } | { after: number | undefined; limit: number }),
    ): Promise<StoredExperiment[]> {
      const one = "number" in filter ? filter.number : undefined;
      const page = "number" in filter ? { after: undefined, limit: 1 } : filter;
      return db
        .selectFrom("experiments_experiments as experiment")
        .select((select) => [
          "experiment.number",
          "experiment.name",
          "experiment.artifact_location as location",
          "experiment.created_at as createdAt",
          "experiment.updated_at as updatedAt",
          "experiment.deleted_at as deletedAt",
          select
            .selectFrom("experiments_experiment_tags as tag")
            .select(sql<Texts | null>`json_object_agg(tag.name, tag.value order by tag.name)`.as("tags"))
            .whereRef("tag.experiment_key", "=", "experiment.key")
            .$asScalar()
            .as("tags"),
          select
            .selectFrom("experiments_runs as run")
            .select((count) => count.fn.countAll<number>().as("runs"))
            .whereRef("run.experiment_key", "=", "experiment.key")
            .where((is) =>
              is.or([is("run.deleted_at", "is", null), is("run.deleted_with_experiment", "is", true)]),
            )
            .$asScalar()
            .$notNull()
            .as("runs"),
        ])
        .where("experiment.project", "=", filter.project)
        .$if(one === undefined, (query) => query.where("experiment.deleted_at", "is", null))
        .$if(one !== undefined, (query) => query.where("number", "=", one ?? 0))
        .$if(page.after !== undefined, (query) => query.where("number", ">", page.after ?? 0))
        .orderBy("number")
        .limit(page.limit)
        .execute();
    },

    /** The experiment's number by its name, or by its number written as text. */
    async findExperiment(project: string, experiment: string): Promise<number | undefined> {
      const row = await db
        .selectFrom("experiments_experiments")
        .select("number")
        .where("project", "=", project)
        .where((is) =>
          /^\d{1,9}$/.test(experiment)
            ? is.or([is("name", "=", experiment), is("number", "=", Number(experiment))])
            : is("name", "=", experiment),
        )
        .orderBy(sql`name = ${experiment}`, "desc")
        .executeTakeFirst();
      return row?.number;
    },

    /** Puts a run down with its tags, and tells of it; answers its key. */
    async openRun(
      run: NewRunRow,
      { tags, notice }: { tags: Texts; notice: { channel: string; payload: string } },
    ): Promise<number> {
      const [row] = await askWithin(db)<{ key: number }>(OPEN_RUN, [
        run.id,
        run.project,
        run.experiment,
        run.experimentKey,
        run.name,
        run.state,
        JSON.stringify(run.record),
        run.step === null ? null : JSON.stringify(run.step),
        run.startedAt,
        run.user,
        JSON.stringify(run.createdBy),
        Object.keys(tags),
        Object.values(tags),
        notice.channel,
        notice.payload,
      ]);
      if (row === undefined) throw new Error(`the run ${run.id} was put down without an answer`);
      return row.key;
    },

    async insertRun(run: NewRunRow): Promise<number> {
      const row = await db
        .insertInto("experiments_runs")
        .values({
          id: run.id,
          project: run.project,
          experiment: run.experiment,
          experiment_key: run.experimentKey,
          name: run.name,
          state: run.state,
          record: JSON.stringify(run.record),
          step: run.step === null ? null : JSON.stringify(run.step),
          started_at: run.startedAt,
          user_name: run.user,
          created_by: JSON.stringify(run.createdBy),
        })
        .returning("key")
        .executeTakeFirstOrThrow();
      return row.key;
    },

    /** Locks a run against other writers, deletion among them, until the transaction's end. */
    lockRun(id: string): Promise<LockedRun | undefined> {
      return db
        .selectFrom("experiments_runs")
        .select(["key", "experiment_key as experimentKey", "deleted_at as deletedAt"])
        .where("id", "=", id)
        .forNoKeyUpdate()
        .executeTakeFirst();
    },

    /** Runs whose id begins with a prefix; two are enough to tell that it is ambiguous. */
    findRuns(project: string, prefix: string): Promise<StoredRun[]> {
      return runs()
        .where("run.project", "=", project)
        .where("run.id", ">=", prefix.padEnd(32, "0"))
        .where("run.id", "<=", prefix.padEnd(32, "f"))
        .limit(2)
        .execute();
    },

    listRuns(filter: {
      project: string;
      experiment: number | undefined;
      after: RunCursor | undefined;
      limit: number;
    }): Promise<StoredRun[]> {
      const { after, experiment } = filter;
      return runs()
        .where("run.project", "=", filter.project)
        .where("run.deleted_at", "is", null)
        .$if(experiment !== undefined, (query) => query.where("run.experiment", "=", experiment ?? 0))
        .$if(after !== undefined, (query) =>
          query.where(sql<boolean>`(run.started_at, run.id) < (${after?.startedAt}, ${after?.id})`),
        )
        .orderBy("run.started_at", "desc")
        .orderBy("run.id", "desc")
        .limit(filter.limit)
        .execute();
    },

    /** Runs of these keys, in no order. */
    listByKeys(keys: readonly number[]): Promise<StoredRun[]> {
      return runs().where("run.key", "in", keys).execute();
    },

    /** Closes a run that is open; answers the key of its experiment, or undefined where it was not. */
    async endRun(id: string, state: RunState, endedAt: Date): Promise<number | undefined> {
      const row = await db
        .updateTable("experiments_runs")
        .set({ state, ended_at: endedAt })
        .where("id", "=", id)
        .where("state", "in", ["running", "scheduled"])
        .returning("experiment_key")
        .executeTakeFirst();
      return row?.experiment_key;
    },

    /** Puts the given members in place of those of the record; the rest stays. */
    async mergeRecord(id: string, record: Partial<Run["record"]>): Promise<void> {
      await db
        .updateTable("experiments_runs")
        .set({ record: sql`record || ${JSON.stringify(record)}::jsonb` })
        .where("id", "=", id)
        .execute();
    },
  };
}
