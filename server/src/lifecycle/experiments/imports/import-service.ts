import { createHash } from "node:crypto";
import type { Readable } from "node:stream";
import {
  fail,
  type ImportedRun,
  type ImportedRunState,
  type ImportSource,
  type Real,
  type RunArtifact,
  RunRecord,
} from "@causeway/contract";
import type { Call } from "../../../platform/access/index.ts";
import { askWithin, type Database, type Tx } from "../../../platform/database/index.ts";
import type { Events } from "../../../platform/events/index.ts";
import { modelArtifactUri } from "../artifact-uri.ts";
import type { ArtifactTreeService } from "../artifacts/artifact-tree-service.ts";
import { ensureExperiment } from "../ensure-experiment-step.ts";
import { runPath } from "../experiment-paths.ts";
import { experimentsStore } from "../experiments-store.ts";
import { loggedModelsStore } from "../logged-models-store.ts";
import { fromReal } from "../real.ts";
import { writeLog } from "../run-log-step.ts";
import { RUN_NAME_TAG } from "../run-tags.ts";
import { refuseNulTexts } from "../storable-text.ts";
import { trackedExperimentsStore } from "../tracked-experiments-store.ts";
import { trackedRunChangesStore } from "../tracked-run-changes-store.ts";
import type { LoggedModelState, Texts } from "../tracking.ts";
import { modelIdsFor, runIdsFor } from "./imported-id.ts";
import { importsStore } from "./imports-store.ts";

/** What importing is made from. */
export type ImportParts = {
  readonly database: Pick<Database, "db">;
  readonly events: Pick<Events, "record">;
  readonly tree: Pick<ArtifactTreeService, "put" | "walk">;
  readonly now: () => Date;
};

/** Takes over what other trackers kept. */
export type Imports = ReturnType<typeof createImports>;

const CONTEXT_TAG = "mlflow.data.context";
const digestOf = (text: string) => createHash("sha256").update(text).digest("hex");

/** Makes the service of imports. Everything in it may be done twice: what is there already stays as it is. */
export function createImports({ database, events, tree, now }: ImportParts) {
  const { db } = database;

  async function importRun(input: ImportedRun, call: Call): Promise<ImportedRunState> {
    refuseNulTexts("params", Object.entries(input.params));
    refuseNulTexts("tags", Object.entries(input.tags));
    const { project } = call.scope;
    const { source, sourceId } = input;
    return db.transaction().execute(async (tx) => {
      const named = await importsStore(tx).name({
        project,
        source,
        sourceId,
        ...runIdsFor({ project, source, sourceId }, digestOf),
      });
      const known = await experimentsStore(tx).lockRun(named.target);
      if (known === undefined) await insertRun(tx, call, { id: named.target, input });
      else if (!named.complete) await bringUpToDate(tx, known, input);
      return { sourceId, run: named.target, complete: known !== undefined && named.complete };
    });
  }

  /** A run that went on elsewhere since the last import. */
  async function bringUpToDate(
    tx: Tx,
    known: { key: number; experimentKey: number; deletedAt: Date | null },
    input: ImportedRun,
  ): Promise<void> {
    const endedAt = input.endedAt === null ? null : new Date(input.endedAt);
    await trackedRunChangesStore(tx).update(known.key, { state: input.state, endedAt });
    const tags = { ...input.tags, [RUN_NAME_TAG]: input.name };
    await writeLog(askWithin(tx), known, { params: input.params, tags, metrics: [] });
  }

  async function insertRun(
    tx: Tx,
    call: Call,
    { id, input }: { id: string; input: ImportedRun },
  ): Promise<void> {
    const { project } = call.scope;
    const experiment = await ensureExperiment(tx, { project, name: input.experiment, now: now() });
    await trackedExperimentsStore(tx).upsertTags(experiment.key, input.experimentTags);
    const key = await experimentsStore(tx).insertRun({
      id,
      project,
      experiment: experiment.number,
      experimentKey: experiment.key,
      name: input.name,
      state: input.state,
      user: input.user,
      record: RunRecord.parse({}),
      step: null,
      startedAt: new Date(input.startedAt),
      createdBy: call.actor,
    });
    const endedAt = input.endedAt === null ? null : new Date(input.endedAt);
    await importsStore(tx).endRun(key, endedAt, input.deleted ? now() : null);
    const keys = { key, experimentKey: experiment.key };
    const tags = { ...input.tags, [RUN_NAME_TAG]: input.name };
    await writeLog(askWithin(tx), keys, { params: input.params, tags, metrics: [] });
    const changes = trackedRunChangesStore(tx);
    const datasets = await changes.ensureDatasets(experiment.key, input.datasets);
    const contexts = input.datasets.map(
      ({ context }): Texts => (context === null ? {} : { [CONTEXT_TAG]: context }),
    );
    await changes.insertRunDatasets(
      key,
      [...new Set(datasets)].map((dataset) => ({ dataset, tags: contexts[datasets.indexOf(dataset)] ?? {} })),
    );
    const models = await importsStore(tx).find(
      project,
      input.source,
      input.models.map((model) => model.id),
    );
    const here = new Map(models.map(({ sourceId, target }) => [sourceId, target]));
    for (const direction of ["input", "output"] as const) {
      const linked = input.models.filter((model) => model.direction === direction);
      await changes.linkModels(
        { project, key, direction },
        linked.map(({ id: model, step }) => ({ model: here.get(model) ?? model, step })),
      );
    }
    await events.record(tx, call, {
      type: "experiments.run-started",
      subject: runPath(id),
      data: { experiment: input.experiment, name: input.name, importedFrom: input.source },
    });
  }

  async function importPoints(
    input: { run: string; points: readonly { name: string; value: Real; step: number; atMs: number }[] },
    call: Call,
  ): Promise<{ points: number }> {
    await db.transaction().execute(async (tx) => {
      await requireImported(tx, input.run, call);
      const run = await experimentsStore(tx).lockRun(input.run);
      if (run === undefined) throw notImported(input.run);
      const metrics = input.points.map(({ value, ...point }) => ({ ...point, value: fromReal(value) }));
      await writeLog(askWithin(tx), run, { params: {}, tags: {}, metrics });
    });
    return { points: input.points.length };
  }

  async function completeImport({ run }: { run: string }, call: Call): Promise<ImportedRunState> {
    return db.transaction().execute(async (tx) => {
      const { sourceId } = await requireImported(tx, run, call);
      await importsStore(tx).complete(run, now());
      return { sourceId, run, complete: true };
    });
  }

  async function findImported(
    { source, sourceIds }: { source: ImportSource; sourceIds: readonly string[] },
    call: Call,
  ): Promise<{ runs: ImportedRunState[] }> {
    const found = await importsStore(db).find(call.scope.project, source, sourceIds);
    return { runs: found.map(({ sourceId, target, complete }) => ({ sourceId, run: target, complete })) };
  }

  async function importLoggedModel(
    input: {
      id: string;
      experiment: string;
      name: string;
      modelType: string | null;
      state: LoggedModelState;
      sourceRun: string | null;
      source: ImportSource;
      params: Texts;
      tags: Texts;
      createdAt: string;
    },
    call: Call,
  ): Promise<{ id: string; existed: boolean }> {
    const { project } = call.scope;
    const { source } = input;
    return db.transaction().execute(async (tx) => {
      const imports = importsStore(tx);
      const elsewhere = { project, source, sourceId: input.id };
      const { target: id } = await imports.name({ ...elsewhere, ...modelIdsFor(elsewhere, digestOf) });
      const store = loggedModelsStore(tx);
      if ((await store.find(project, id)) !== undefined) return { id, existed: true };
      const experiment = await ensureExperiment(tx, { project, name: input.experiment, now: now() });
      const ofRun = { project, source, sourceId: input.sourceRun ?? "" };
      const run =
        input.sourceRun === null ? null : await imports.name({ ...ofRun, ...runIdsFor(ofRun, digestOf) });
      const createdAt = new Date(input.createdAt);
      await store.insert({
        id,
        experimentKey: experiment.key,
        name: input.name,
        modelType: input.modelType,
        sourceRun: run?.target ?? null,
        artifactUri: modelArtifactUri({ number: experiment.number, location: null }, id),
        createdAt,
        createdBy: call.actor,
      });
      await store.insertParams(id, input.params);
      await store.upsertTags(id, input.tags);
      await store.update(id, { status: input.state, updatedAt: createdAt });
      return { id, existed: false };
    });
  }

  async function uploadModelFile(
    { model, path }: { model: string; path: string },
    call: Call,
    body: Readable,
  ): Promise<RunArtifact> {
    const { digest, bytes } = await tree.put({ owner: { kind: "model", id: model }, path }, call, body);
    // What is put is a file, so both are known.
    return { path, digest: digest ?? "", bytes: bytes ?? 0 };
  }

  async function listModelFiles({ model }: { model: string }, call: Call): Promise<{ items: RunArtifact[] }> {
    const files = await tree.walk({ owner: { kind: "model", id: model }, path: "" }, call);
    return {
      items: files.map(({ path, digest, bytes }) => ({ path, digest: digest ?? "", bytes: bytes ?? 0 })),
    };
  }

  async function requireImported(tx: Tx, run: string, call: Call) {
    const found = await importsStore(tx).findByTarget(call.scope.project, run);
    if (found === undefined) throw notImported(run);
    return found;
  }

  return {
    importRun,
    importPoints,
    completeImport,
    findImported,
    importLoggedModel,
    uploadModelFile,
    listModelFiles,
  };
}

function notImported(run: string) {
  return fail("NOT_FOUND", {
    message: `${run} is no run that was imported`,
    field: "run",
    value: run,
    help: "Import the run first, and use the id that is answered.",
  });
}
