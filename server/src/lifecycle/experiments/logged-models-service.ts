import { fail } from "@causeway/contract";
import type { Call } from "../../platform/access/index.ts";
import type { Database, Tx } from "../../platform/database/index.ts";
import { modelArtifactUri } from "./artifact-uri.ts";
import { deletedExperiment } from "./ensure-experiment-step.ts";
import { experimentsStore } from "./experiments-store.ts";
import { loggedModelsStore } from "./logged-models-store.ts";
import { isLater } from "./metric-summary.ts";
import { paramClash } from "./param-clash.ts";
import { randomRunName } from "./random-run-name.ts";
import { refuseNul, refuseNulTexts } from "./storable-text.ts";
import type { TrackedExperiments } from "./tracked-experiments-service.ts";
import type { RunFacts } from "./tracked-runs-store.ts";
import type { LoggedModel, LoggedModelState, LoggedPoint, Texts } from "./tracking.ts";

/** What logged models are made from. */
export type LoggedModelsParts = {
  readonly database: Pick<Database, "db">;
  readonly now: () => Date;
  readonly random: () => number;
  /** 32 random hexadecimal digits. */
  readonly newRunId: () => string;
  readonly experiments: Pick<TrackedExperiments, "find">;
};

/** Models that runs log. */
export type LoggedModels = ReturnType<typeof createLoggedModels>;

/** Makes the service of logged models. */
export function createLoggedModels({ database, now, random, newRunId, experiments }: LoggedModelsParts) {
  const { db } = database;

  async function createLoggedModel(
    input: {
      experiment: string;
      name?: string | undefined;
      modelType?: string | undefined;
      sourceRun?: string | undefined;
      params: Texts;
      tags: Texts;
    },
    call: Call,
  ): Promise<LoggedModel> {
    const { name = randomRunName(random), modelType = null, sourceRun = null, params, tags } = input;
    refuseNul("name", `${name}${modelType ?? ""}${sourceRun ?? ""}`);
    refuseNulTexts("params", Object.entries(params));
    refuseNulTexts("tags", Object.entries(tags));
    const { key, experiment } = await experiments.find({ id: input.experiment }, call);
    const id = `m-${newRunId()}`;
    await db.transaction().execute(async (tx) => {
      // Held until the commit: a deletion of the experiment waits, and takes the model along.
      const row = await experimentsStore(tx).findByName(call.scope.project, experiment.name);
      if (row === undefined || row.deletedAt !== null) throw deletedExperiment(experiment.name);
      const store = loggedModelsStore(tx);
      const root = { number: Number(experiment.id), location: experiment.artifactLocation };
      const artifactUri = modelArtifactUri(root, id);
      const createdBy = call.actor;
      await store.insert({
        id,
        experimentKey: key,
        name,
        modelType,
        sourceRun,
        artifactUri,
        createdAt: now(),
        createdBy,
      });
      await store.insertParams(id, params);
      await store.upsertTags(id, tags);
    });
    return getLoggedModel({ model: id }, call);
  }

  async function getLoggedModel(
    { model, deleted = false }: { model: string; deleted?: boolean },
    call: Call,
  ): Promise<LoggedModel> {
    const found = await loggedModelsStore(db).find(call.scope.project, model);
    if (found === undefined || (found.deletedAt !== null && !deleted)) throw noModel(model);
    return found;
  }

  /** Changes a living model, alone with it until the commit. */
  async function change(
    model: string,
    call: Call,
    apply: (tx: Tx, at: Date) => Promise<void>,
  ): Promise<void> {
    await db.transaction().execute(async (tx) => {
      if (!(await loggedModelsStore(tx).lock(call.scope.project, model))) throw noModel(model);
      const at = now();
      await loggedModelsStore(tx).update(model, { updatedAt: at });
      await apply(tx, at);
    });
  }

  async function finishLoggedModel(
    { model, state }: { model: string; state: LoggedModelState },
    call: Call,
  ): Promise<LoggedModel> {
    await change(model, call, (tx, updatedAt) =>
      loggedModelsStore(tx).update(model, { status: state, updatedAt }),
    );
    return getLoggedModel({ model }, call);
  }

  async function deleteLoggedModel({ model }: { model: string }, call: Call): Promise<void> {
    await change(model, call, (tx, at) =>
      loggedModelsStore(tx).update(model, { deletedAt: at, updatedAt: at }),
    );
  }

  async function setLoggedModelTags(
    { model, set, remove }: { model: string; set: Texts; remove: readonly string[] },
    call: Call,
  ): Promise<LoggedModel> {
    refuseNulTexts("tags", Object.entries(set));
    await change(model, call, async (tx) => {
      await loggedModelsStore(tx).deleteTags(model, remove);
      await loggedModelsStore(tx).upsertTags(model, set);
    });
    return getLoggedModel({ model }, call);
  }

  async function addLoggedModelParams(
    { model, params }: { model: string; params: Texts },
    call: Call,
  ): Promise<void> {
    refuseNulTexts("params", Object.entries(params));
    await change(model, call, async (tx) => {
      for (const { name, value } of await loggedModelsStore(tx).insertParams(model, params)) {
        const given = params[name] ?? "";
        if (given !== value) throw paramClash({ name, kept: value, given });
      }
    });
  }

  /** Keeps what points of a run say of models: the newest of each name and dataset. */
  async function addPoints(run: RunFacts, points: readonly LoggedPoint[]): Promise<void> {
    const newest = new Map<
      string,
      LoggedPoint & { model: string; datasetName: string; datasetDigest: string }
    >();
    for (const point of points) {
      const { model, dataset } = point;
      if (model === undefined) continue;
      const { name: datasetName = "", digest: datasetDigest = "" } = dataset ?? {};
      const place = JSON.stringify([model, point.name, datasetName, datasetDigest]);
      const known = newest.get(place);
      if (known === undefined || isLater(point, known))
        newest.set(place, { ...point, model, datasetName, datasetDigest });
    }
    const models = [...new Set([...newest.values()].map(({ model }) => model))].sort();
    await db.transaction().execute(async (tx) => {
      const store = loggedModelsStore(tx);
      for (const model of models) if (!(await store.lock(run.project, model))) throw noModel(model);
      await store.mergeMetrics(run.id, [...newest.values()]);
    });
  }

  /** Refuses where one of the models is not there. */
  async function requireAll(ids: readonly string[], call: Call): Promise<void> {
    const asked = [...new Set(ids)];
    const found = await loggedModelsStore(db).listByIds(call.scope.project, asked);
    const living = new Set(found.filter(({ deletedAt }) => deletedAt === null).map(({ id }) => id));
    const missing = asked.find((id) => !living.has(id));
    if (missing !== undefined) throw noModel(missing);
  }

  return {
    requireAll,
    createLoggedModel,
    getLoggedModel,
    finishLoggedModel,
    deleteLoggedModel,
    setLoggedModelTags,
    addLoggedModelParams,
    addPoints,
  };
}

/** The refusal of a logged model that is not there. */
export function noModel(model: string) {
  return fail("NOT_FOUND", {
    message: `there is no logged model ${model}`,
    field: "model",
    value: model,
    help: "npx --no causeway experiments models",
  });
}
