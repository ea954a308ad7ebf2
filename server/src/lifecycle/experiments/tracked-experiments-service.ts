import { fail } from "@causeway/contract";
import type { Call } from "../../platform/access/index.ts";
import type { Audit } from "../../platform/audit/index.ts";
import type { Database, Tx } from "../../platform/database/index.ts";
import type { Events } from "../../platform/events/index.ts";
import { deletedExperiment } from "./ensure-experiment-step.ts";
import { experimentPath } from "./experiment-paths.ts";
import { experimentsStore } from "./experiments-store.ts";
import { refuseNul, refuseNulTexts } from "./storable-text.ts";
import { type KeyedExperiment, trackedExperimentsStore } from "./tracked-experiments-store.ts";
import type { Texts, TrackedExperiment } from "./tracking.ts";

/** What experiments of clients that track are made from. */
export type TrackedExperimentsParts = {
  readonly database: Pick<Database, "db">;
  readonly events: Pick<Events, "record">;
  readonly audit: Pick<Audit, "record">;
  readonly now: () => Date;
};

/** Experiments of one answer of `searchDatasets`, as MLflow has it. */
const MOST_DATASETS = 1000;

/** Experiments as clients track them. */
export type TrackedExperiments = ReturnType<typeof createTrackedExperiments>;

/** Makes the service of experiments. */
export function createTrackedExperiments({ database, events, audit, now }: TrackedExperimentsParts) {
  const { db } = database;

  async function createExperiment(
    input: { name: string; artifactLocation?: string | undefined; tags: Texts },
    call: Call,
  ): Promise<TrackedExperiment> {
    const { name, artifactLocation = null, tags } = input;
    const { project } = call.scope;
    refuseNul("name", name);
    refuseNul("artifactLocation", artifactLocation ?? "");
    refuseNulTexts("tags", Object.entries(tags));
    const number = await db.transaction().execute(async (tx) => {
      const store = experimentsStore(tx);
      const last = await store.lockNumbers(project);
      await store.insertDefault(project);
      const taken = await store.findByName(project, name);
      if (taken !== undefined) throw takenName(name, taken.deletedAt !== null);
      const created = { project, number: last + 1, name, artifactLocation, createdAt: now() };
      await trackedExperimentsStore(tx).upsertTags(await store.insertExperiment(created), tags);
      return created.number;
    });
    return (await find({ id: String(number) }, call)).experiment;
  }

  /** By number or by name, also a deleted one. */
  async function find(wanted: { id: string } | { name: string }, call: Call): Promise<KeyedExperiment> {
    const { project } = call.scope;
    const found = await look(wanted, project);
    if (found !== undefined) return found;
    const isDefault = "id" in wanted ? wanted.id === "0" : wanted.name === "Default";
    if (!isDefault) throw noExperiment("id" in wanted ? wanted.id : wanted.name);
    // Every project has this one, as soon as somebody asks.
    await db.transaction().execute(async (tx) => {
      await experimentsStore(tx).lockNumbers(project);
      await experimentsStore(tx).insertDefault(project);
    });
    return (await look(wanted, project)) ?? raise(noExperiment("Default"));
  }

  async function look(
    wanted: { id: string } | { name: string },
    project: string,
  ): Promise<KeyedExperiment | undefined> {
    const store = trackedExperimentsStore(db);
    if ("name" in wanted) return store.findByName(project, wanted.name.replaceAll("\u0000", ""));
    return /^\d{1,9}$/.test(wanted.id) ? store.findByNumber(project, Number(wanted.id)) : undefined;
  }

  /** Changes a living experiment, alone with it until the commit. */
  async function change(
    id: string,
    call: Call,
    apply: (tx: Tx, key: number, at: Date) => Promise<void>,
  ): Promise<void> {
    const { experiment } = await find({ id }, call);
    await db.transaction().execute(async (tx) => {
      const row = await trackedExperimentsStore(tx).lock(call.scope.project, Number(experiment.id));
      if (row === undefined) throw noExperiment(id);
      if (row.deletedAt !== null) throw deletedExperiment(experiment.name);
      const at = now();
      await apply(tx, row.key, at);
      await trackedExperimentsStore(tx).touch(row.key, at);
    });
  }

  /** Renames an experiment, sets and removes tags, in one commit. */
  async function updateExperiment(
    {
      id,
      name,
      set = {},
      remove = [],
    }: { id: string; name?: string | undefined; set?: Texts; remove?: readonly string[] },
    call: Call,
  ): Promise<void> {
    refuseNul("name", name ?? "");
    refuseNulTexts("tags", Object.entries(set));
    await change(id, call, async (tx, key) => {
      if (name !== undefined) await rename(tx, { project: call.scope.project, key, name });
      await trackedExperimentsStore(tx).deleteTags(key, remove);
      await trackedExperimentsStore(tx).upsertTags(key, set);
      await audit.record(tx, call, {
        action: "experiments.experiment-changed",
        subject: experimentPath(id),
        data: { ...(name === undefined ? {} : { name }), set: Object.keys(set), removed: [...remove] },
      });
    });
  }

  async function rename(
    tx: Tx,
    { project, key, name }: { project: string; key: number; name: string },
  ): Promise<void> {
    await experimentsStore(tx).lockNumbers(project);
    const taken = await experimentsStore(tx).findByName(project, name);
    if (taken !== undefined && taken.key !== key) throw takenName(name, taken.deletedAt !== null);
    await trackedExperimentsStore(tx).rename(key, name);
  }

  async function deleteExperiment({ id }: { id: string }, call: Call): Promise<void> {
    await change(id, call, async (tx, key, at) => {
      await trackedExperimentsStore(tx).lockRuns(key);
      await trackedExperimentsStore(tx).markDeleted(key, at);
      await tell(tx, call, { id, past: "deleted" });
    });
  }

  async function restoreExperiment({ id }: { id: string }, call: Call): Promise<void> {
    await find({ id }, call);
    await db.transaction().execute(async (tx) => {
      const row = await trackedExperimentsStore(tx).lock(call.scope.project, Number(id));
      if (row === undefined) throw noExperiment(id);
      if (row.deletedAt === null) return;
      await trackedExperimentsStore(tx).lockRuns(row.key);
      await trackedExperimentsStore(tx).unmarkDeleted(row.key, now());
      await tell(tx, call, { id, past: "restored" });
    });
  }

  const tell = (tx: Tx, call: Call, told: { id: string; past: "deleted" | "restored" }) =>
    events.record(tx, call, {
      type: `experiments.experiment-${told.past}`,
      subject: experimentPath(told.id),
      data: {},
    });

  async function searchDatasets({ experiments }: { experiments: readonly string[] }, call: Call) {
    const numbers = experiments.filter((id) => /^\d{1,9}$/.test(id)).map(Number);
    return trackedExperimentsStore(db).listDatasets(call.scope.project, numbers, MOST_DATASETS);
  }

  return {
    createExperiment,
    getExperiment: async (wanted: { id: string } | { name: string }, call: Call) =>
      (await find(wanted, call)).experiment,
    find,
    updateExperiment,
    renameExperiment: (input: { id: string; name: string }, call: Call) => updateExperiment(input, call),
    setExperimentTags: (input: { id: string; set: Texts; remove: readonly string[] }, call: Call) =>
      updateExperiment(input, call),
    deleteExperiment,
    restoreExperiment,
    searchDatasets,
  };
}

function takenName(name: string, isDeleted: boolean) {
  if (!isDeleted) {
    return fail("ALREADY_EXISTS", {
      message: `there is an experiment ${name} already`,
      field: "name",
      value: name,
      help: "Use it, or take another name.",
    });
  }
  return fail("ALREADY_EXISTS", { ...deletedNameText(name), field: "name", value: name });
}

function deletedNameText(name: string) {
  const { message, help = "" } = deletedExperiment(name);
  return { message, help };
}

/** The refusal of an experiment that is not there. */
export function noExperiment(name: string) {
  return fail("NOT_FOUND", {
    message: `there is no experiment ${name}`,
    field: "experiment",
    value: name,
    help: "npx --no causeway experiments list",
  });
}

function raise(error: Error): never {
  throw error;
}
