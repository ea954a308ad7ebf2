import type {
  Actor,
  Environment,
  Json,
  PipelineDefinition,
  PipelineRun,
  PipelineRunState,
  RunRecord,
  StepOutput,
  StepState,
} from "@causeway/contract";
import { type Selectable, sql } from "kysely";
import type { Db, Schema, Tx } from "../../platform/database/index.ts";
import type { Ingredients } from "./ingredients.ts";

/** A run with the names that its id stands for. */
export type RunRow = {
  readonly id: string;
  readonly pipeline: string;
  readonly pipelineId: string;
  readonly number: number;
  readonly project: string;
  readonly environment: Environment;
  readonly version: string;
  readonly state: PipelineRunState;
  readonly params: PipelineRun["params"];
  readonly datasets: PipelineRun["datasets"];
  readonly record: Partial<RunRecord>;
  readonly fresh: boolean;
  readonly problem: string | null;
  readonly createdAt: Date;
  readonly createdBy: Actor;
  readonly startedAt: Date | null;
  readonly endedAt: Date | null;
};

/** A step of a run. */
export type StepRow = {
  readonly run: string;
  readonly name: string;
  readonly state: StepState;
  readonly params: Readonly<Record<string, Json>>;
  readonly why: string | null;
  readonly cachedFrom: number | null;
  readonly summary: string | null;
  readonly work: string | null;
  readonly cacheKey: string | null;
  readonly ingredients: Ingredients | null;
  readonly outputs: Readonly<Record<string, StepOutput>>;
  readonly problem: string | null;
  readonly failures: number;
  readonly kills: number;
  readonly startedAt: Date | null;
  readonly endedAt: Date | null;
};

/** A result that the cache holds. */
export type ResultRow = {
  readonly number: number;
  readonly outputs: Readonly<Record<string, StepOutput>>;
  readonly summary: string | null;
};

/** What may change of a step. */
export type StepChange = Partial<Omit<StepRow, "run" | "name" | "params">>;

/** How an advance moves a step that was waiting; what it does not name stays empty. */
export type StepMove = Pick<StepChange, "why" | "cachedFrom" | "summary" | "work" | "cacheKey"> &
  Pick<StepChange, "ingredients" | "outputs" | "startedAt" | "endedAt"> & { readonly state: StepState };

const OVER: PipelineRunState[] = ["succeeded", "failed", "cancelled"];

/** Statements on runs and their steps. */
export function runsStore(db: Db | Tx) {
  const selectRuns = () =>
    db
      .selectFrom("pipelines_runs as r")
      .innerJoin("pipelines_pipelines as p", "p.id", "r.pipeline")
      .select([
        "r.id",
        "p.name as pipeline",
        "p.id as pipelineId",
        "r.number",
        "r.project",
        "r.environment",
        "r.version",
        "r.state",
        "r.params",
        "r.datasets",
        "r.record",
        "r.fresh",
        "r.problem",
        "r.created_at as createdAt",
        "r.created_by as createdBy",
        "r.started_at as startedAt",
        "r.ended_at as endedAt",
      ]);

  return {
    async insert(run: Omit<RunRow, "pipeline" | "startedAt" | "endedAt" | "problem">): Promise<void> {
      await db
        .insertInto("pipelines_runs")
        .values({
          id: run.id,
          pipeline: run.pipelineId,
          number: run.number,
          project: run.project,
          environment: run.environment,
          version: run.version,
          state: run.state,
          params: JSON.stringify(run.params),
          datasets: JSON.stringify(run.datasets),
          record: JSON.stringify(run.record),
          fresh: run.fresh,
          created_at: run.createdAt,
          created_by: JSON.stringify(run.createdBy),
        })
        .execute();
    },

    async insertSteps(
      run: string,
      steps: readonly { name: string; params: Readonly<Record<string, Json>> }[],
    ): Promise<void> {
      await db
        .insertInto("pipelines_steps")
        .values(
          steps.map(({ name, params }, position) => ({
            run,
            name,
            position,
            state: "waiting" as const,
            params: JSON.stringify(params),
          })),
        )
        .execute();
    },

    async find(id: string): Promise<RunRow | undefined> {
      return selectRuns().where("r.id", "=", id).executeTakeFirst();
    },

    /** Locks the run: changes of its steps and its state happen one after the other. */
    async lock(id: string): Promise<RunRow | undefined> {
      return selectRuns().where("r.id", "=", id).forUpdate("r").executeTakeFirst();
    },

    async findByNumber(project: string, pipeline: string, number: number): Promise<RunRow | undefined> {
      return selectRuns()
        .where("r.project", "=", project)
        .where("p.name", "=", pipeline)
        .where("r.number", "=", number)
        .executeTakeFirst();
    },

    async list(filter: {
      project: string;
      pipeline?: string | undefined;
      limit: number;
      after?: string | undefined;
    }): Promise<RunRow[]> {
      let query = selectRuns()
        .where("r.project", "=", filter.project)
        .orderBy("r.id", "desc")
        .limit(filter.limit + 1);
      if (filter.pipeline !== undefined) query = query.where("p.name", "=", filter.pipeline);
      if (filter.after !== undefined) query = query.where("r.id", "<", filter.after);
      return query.execute();
    },

    async findDefinition(run: Pick<RunRow, "pipelineId" | "version">): Promise<PipelineDefinition> {
      const row = await db
        .selectFrom("pipelines_versions")
        .select("definition")
        .where("pipeline", "=", run.pipelineId)
        .where("digest", "=", run.version)
        .executeTakeFirstOrThrow();
      return row.definition;
    },

    async setState(id: string, change: { state: PipelineRunState; problem: string | null }): Promise<void> {
      const now = sql<Date>`clock_timestamp()`;
      await db
        .updateTable("pipelines_runs")
        .set({
          ...change,
          ...(change.state === "queued" ? {} : { started_at: sql<Date>`coalesce(started_at, ${now})` }),
          ...(OVER.includes(change.state) ? { ended_at: now } : {}),
        })
        .where("id", "=", id)
        .execute();
    },

    async listSteps(runs: readonly string[]): Promise<StepRow[]> {
      if (runs.length === 0) return [];
      const rows = await db
        .selectFrom("pipelines_steps")
        .selectAll()
        .where("run", "in", runs)
        .orderBy("run")
        .orderBy("position")
        .execute();
      return rows.map(stepFromRow);
    },

    async findStep(run: string, name: string): Promise<StepRow | undefined> {
      const row = await db
        .selectFrom("pipelines_steps")
        .selectAll()
        .where("run", "=", run)
        .where("name", "=", name)
        .executeTakeFirst();
      return row === undefined ? undefined : stepFromRow(row);
    },

    async updateStep(run: string, name: string, change: StepChange): Promise<void> {
      await db
        .updateTable("pipelines_steps")
        .set(stepColumns(change))
        .where("run", "=", run)
        .where("name", "=", name)
        .execute();
    },

    /** Applies what one advance decided, in one statement however many steps it moved. */
    async applyMoves(run: string, moves: ReadonlyMap<string, StepMove>): Promise<void> {
      if (moves.size === 0) return;
      const rows = [...moves].map(([name, move]) => ({ name, ...move }));
      await sql`update pipelines_steps s set
          state = m.state,
          why = m.why,
          cached_from = m."cachedFrom",
          summary = m.summary,
          work = m.work,
          cache_key = m."cacheKey",
          ingredients = m.ingredients,
          outputs = coalesce(m.outputs, s.outputs),
          started_at = m."startedAt",
          ended_at = m."endedAt"
        from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as m (
          name text, state text, why text, "cachedFrom" int, summary text, work uuid, "cacheKey" text,
          ingredients jsonb, outputs jsonb, "startedAt" timestamptz, "endedAt" timestamptz)
        where s.run = ${run} and s.name = m.name`.execute(db);
    },

    async findResult(pipeline: string, cacheKey: string): Promise<ResultRow | undefined> {
      return db
        .selectFrom("pipelines_results")
        .select(["number", "outputs", "summary"])
        .where("pipeline", "=", pipeline)
        .where("cache_key", "=", cacheKey)
        .executeTakeFirst();
    },

    async upsertResult(
      result: ResultRow & { pipeline: string; cacheKey: string; run: string; step: string; createdAt: Date },
    ): Promise<void> {
      const kept = {
        run: result.run,
        number: result.number,
        step: result.step,
        outputs: JSON.stringify(result.outputs),
        summary: result.summary,
        created_at: result.createdAt,
      };
      await db
        .insertInto("pipelines_results")
        .values({ pipeline: result.pipeline, cache_key: result.cacheKey, ...kept })
        .onConflict((conflict) => conflict.columns(["pipeline", "cache_key"]).doUpdateSet(kept))
        .execute();
    },

    /** What the newest earlier result of this step of this pipeline was made of. */
    async findLastIngredients(run: RunRow, step: string): Promise<Ingredients | undefined> {
      const row = await db
        .selectFrom("pipelines_steps as s")
        .innerJoin("pipelines_runs as r", "r.id", "s.run")
        .select("s.ingredients")
        .where("r.pipeline", "=", run.pipelineId)
        .where("r.number", "<", run.number)
        .where("s.name", "=", step)
        .where("s.state", "in", ["succeeded", "cached"])
        .where("s.ingredients", "is not", null)
        .orderBy("r.number", "desc")
        .limit(1)
        .executeTakeFirst();
      return ingredientsFrom(row?.ingredients ?? null) ?? undefined;
    },
  };
}

function stepColumns(change: StepChange) {
  const { outputs, ingredients, cachedFrom, cacheKey, startedAt, endedAt, ...same } = change;
  return {
    ...same,
    ...(outputs === undefined ? {} : { outputs: JSON.stringify(outputs) }),
    ...(ingredients === undefined ? {} : { ingredients: JSON.stringify(ingredients) }),
    ...(cachedFrom === undefined ? {} : { cached_from: cachedFrom }),
    ...(cacheKey === undefined ? {} : { cache_key: cacheKey }),
    ...(startedAt === undefined ? {} : { started_at: startedAt }),
    ...(endedAt === undefined ? {} : { ended_at: endedAt }),
  };
}

function stepFromRow(row: Selectable<Schema["pipelines_steps"]>): StepRow {
  return {
    run: row.run,
    name: row.name,
    state: row.state,
    params: row.params,
    why: row.why,
    cachedFrom: row.cached_from,
    summary: row.summary,
    work: row.work,
    cacheKey: row.cache_key,
    ingredients: ingredientsFrom(row.ingredients),
    outputs: row.outputs,
    problem: row.problem,
    failures: row.failures,
    kills: row.kills,
    startedAt: row.started_at,
    endedAt: row.ended_at,
  };
}

function ingredientsFrom(value: Json): Ingredients | null {
  return value as Ingredients | null; // written by `updateStep` alone
}
