import type { Actor } from "@causeway/contract";
import { sql } from "kysely";
import type { Db, Tx } from "../../platform/database/index.ts";
import type { LoggedModel, LoggedModelState, Texts, TrackedPoint } from "./tracking.ts";

type MetricRow = [
  name: string,
  value: number | string,
  step: number,
  atMs: number,
  run: string,
  datasetName: string,
  datasetDigest: string,
];

/** Statements on models that runs log. */
export function loggedModelsStore(db: Db | Tx) {
  const models = (project: string) =>
    db
      .selectFrom("experiments_models as model")
      .innerJoin("experiments_experiments as experiment", "experiment.key", "model.experiment_key")
      .select((select) => [
        "model.id",
        "experiment.number",
        "experiment.name as experimentName",
        "model.name",
        "model.model_type as modelType",
        "model.status",
        "model.status_message as stateMessage",
        "model.source_run as sourceRun",
        "model.artifact_uri as artifactUri",
        "model.created_at as createdAt",
        "model.updated_at as updatedAt",
        "model.deleted_at as deletedAt",
        "model.created_by as createdBy",
        select
          .selectFrom("experiments_model_params as param")
          .select(sql<Texts | null>`json_object_agg(param.name, param.value)`.as("params"))
          .whereRef("param.model", "=", "model.id")
          .$asScalar()
          .as("params"),
        select
          .selectFrom("experiments_model_tags as tag")
          .select(sql<Texts | null>`json_object_agg(tag.name, tag.value)`.as("tags"))
          .whereRef("tag.model", "=", "model.id")
          .$asScalar()
          .as("tags"),
        select
          .selectFrom("experiments_model_metrics as metric")
          .select(
            sql<
              MetricRow[] | null
            >`json_agg(json_build_array(metric.name, metric.value, metric.step, metric.at_ms,
              metric.run, metric.dataset_name, metric.dataset_digest) order by metric.name, metric.at_ms)`.as(
              "metrics",
            ),
          )
          .whereRef("metric.model", "=", "model.id")
          .$asScalar()
          .as("metrics"),
      ])
      .where("experiment.project", "=", project);

  return {
    async find(project: string, id: string): Promise<LoggedModel | undefined> {
      const row = await models(project).where("model.id", "=", id).executeTakeFirst();
      return row === undefined ? undefined : toLoggedModel(row);
    },

    /** Models in the order of the ids. */
    async listByIds(project: string, ids: readonly string[]): Promise<LoggedModel[]> {
      if (ids.length === 0) return [];
      const rows = await models(project).where("model.id", "in", ids).execute();
      const byId = new Map(rows.map((row) => [row.id, toLoggedModel(row)]));
      return ids.flatMap((id) => byId.get(id) ?? []);
    },

    /** Living models, newest first, with the names of their experiments. */
    async listNewest(filter: {
      project: string;
      run: string | undefined;
      experiment: number | undefined;
      after: { createdAt: Date; id: string } | undefined;
      limit: number;
    }): Promise<{ model: LoggedModel; experimentName: string }[]> {
      const { after, run, experiment } = filter;
      const rows = await models(filter.project)
        .where("model.deleted_at", "is", null)
        .$if(run !== undefined, (query) => query.where("model.source_run", "=", run ?? ""))
        .$if(experiment !== undefined, (query) => query.where("experiment.number", "=", experiment ?? 0))
        .$if(after !== undefined, (query) =>
          query.where(sql<boolean>`(model.created_at, model.id) < (${after?.createdAt}, ${after?.id})`),
        )
        .orderBy("model.created_at", "desc")
        .orderBy("model.id", "desc")
        .limit(filter.limit)
        .execute();
      return rows.map((row) => ({ model: toLoggedModel(row), experimentName: row.experimentName }));
    },

    async insert(model: {
      id: string;
      experimentKey: number;
      name: string;
      modelType: string | null;
      sourceRun: string | null;
      artifactUri: string;
      createdAt: Date;
      createdBy: Actor;
    }): Promise<void> {
      await db
        .insertInto("experiments_models")
        .values({
          id: model.id,
          experiment_key: model.experimentKey,
          name: model.name,
          model_type: model.modelType,
          status: "pending",
          source_run: model.sourceRun,
          artifact_uri: model.artifactUri,
          created_at: model.createdAt,
          updated_at: model.createdAt,
          created_by: JSON.stringify(model.createdBy),
        })
        .execute();
    },

    /** Locks a model of the project that is not deleted; says whether there is one. */
    async lock(project: string, id: string): Promise<boolean> {
      const row = await db
        .selectFrom("experiments_models as model")
        .innerJoin("experiments_experiments as experiment", "experiment.key", "model.experiment_key")
        .select("model.id")
        .where("experiment.project", "=", project)
        .where("model.id", "=", id)
        .where("model.deleted_at", "is", null)
        .forNoKeyUpdate("model")
        .executeTakeFirst();
      return row !== undefined;
    },

    async update(
      id: string,
      change: { status?: LoggedModelState; deletedAt?: Date; updatedAt: Date },
    ): Promise<void> {
      await db
        .updateTable("experiments_models")
        .set({
          updated_at: change.updatedAt,
          ...(change.status === undefined ? {} : { status: change.status }),
          ...(change.deletedAt === undefined ? {} : { deleted_at: change.deletedAt }),
        })
        .where("id", "=", id)
        .execute();
    },

    /** Keeps params that are new; answers what the names hold now. */
    async insertParams(model: string, params: Texts): Promise<{ name: string; value: string }[]> {
      const rows = Object.entries(params).map(([name, value]) => ({ model, name, value }));
      if (rows.length === 0) return [];
      await db
        .insertInto("experiments_model_params")
        .values(rows)
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      return db
        .selectFrom("experiments_model_params")
        .select(["name", "value"])
        .where("model", "=", model)
        .where("name", "in", Object.keys(params))
        .execute();
    },

    async upsertTags(model: string, tags: Texts): Promise<void> {
      const rows = Object.entries(tags).map(([name, value]) => ({ model, name, value }));
      if (rows.length === 0) return;
      await db
        .insertInto("experiments_model_tags")
        .values(rows)
        .onConflict((conflict) =>
          conflict.columns(["model", "name"]).doUpdateSet((set) => ({ value: set.ref("excluded.value") })),
        )
        .execute();
    },

    async deleteTags(model: string, names: readonly string[]): Promise<void> {
      if (names.length === 0) return;
      await db
        .deleteFrom("experiments_model_tags")
        .where("model", "=", model)
        .where("name", "in", names)
        .execute();
    },

    /** Keeps the newest point of each name, dataset and run; each of them once in `points`. */
    async mergeMetrics(
      run: string,
      points: readonly (TrackedPoint & { model: string; datasetName: string; datasetDigest: string })[],
    ): Promise<void> {
      await db
        .insertInto("experiments_model_metrics")
        .values(
          points.map((point) => ({
            model: point.model,
            name: point.name,
            dataset_name: point.datasetName,
            dataset_digest: point.datasetDigest,
            run,
            step: point.step,
            at_ms: point.atMs,
            value: point.value,
          })),
        )
        .onConflict((conflict) =>
          conflict
            .columns(["model", "name", "dataset_name", "dataset_digest", "run"])
            .doUpdateSet((set) => ({
              step: set.ref("excluded.step"),
              at_ms: set.ref("excluded.at_ms"),
              value: set.ref("excluded.value"),
            }))
            .where(
              sql<boolean>`(excluded.step, excluded.at_ms, excluded.value) >
                (experiments_model_metrics.step, experiments_model_metrics.at_ms, experiments_model_metrics.value)`,
            ),
        )
        .execute();
    },
  };
}

function toLoggedModel(row: {
  id: string;
  number: number;
  name: string;
  modelType: string | null;
  status: LoggedModelState;
  stateMessage: string | null;
  sourceRun: string | null;
  artifactUri: string;
  createdAt: Date;
  updatedAt: Date;
  deletedAt: Date | null;
  createdBy: Actor;
  params: Texts | null;
  tags: Texts | null;
  metrics: MetricRow[] | null;
}): LoggedModel {
  return {
    id: row.id,
    experiment: String(row.number),
    name: row.name,
    modelType: row.modelType,
    state: row.status,
    stateMessage: row.stateMessage,
    sourceRun: row.sourceRun,
    artifactUri: row.artifactUri,
    params: row.params ?? {},
    tags: row.tags ?? {},
    metrics: (row.metrics ?? []).map(([name, value, step, atMs, run, datasetName, digest]) => ({
      name,
      value: Number(value),
      step,
      atMs,
      run,
      dataset: datasetName === "" ? null : { name: datasetName, digest },
    })),
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
    deletedAt: row.deletedAt,
    createdBy: row.createdBy,
  };
}
