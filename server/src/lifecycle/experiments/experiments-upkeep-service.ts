import type { Experiment, LoggedModel, Run, RunChanges } from "@causeway/contract";
import type { Call } from "../../platform/access/index.ts";
import type { Database } from "../../platform/database/index.ts";
import { keysetPage } from "../../platform/paging/index.ts";
import { modelCursor, parseModelCursor } from "./cursors.ts";
import { viewExperiment } from "./experiment-view.ts";
import type { Experiments } from "./experiments-service.ts";
import { experimentsStore } from "./experiments-store.ts";
import { viewLoggedModel } from "./logged-model-view.ts";
import { loggedModelsStore } from "./logged-models-store.ts";
import { followRunChanges } from "./run-change-stream.ts";
import { NOTE_TAG, RUN_NAME_TAG } from "./run-tags.ts";
import { noExperiment } from "./tracked-experiments-service.ts";
import { trackedExperimentsStore } from "./tracked-experiments-store.ts";
import type { TrackedState } from "./tracking.ts";
import type { TrackingService } from "./tracking-service.ts";

/** What upkeep is made from. */
export type ExperimentsUpkeepParts = {
  readonly database: Pick<Database, "db" | "listen">;
  readonly tracking: TrackingService;
  readonly experiments: Pick<Experiments, "getRun">;
};

/** Names, notes, tags, deletion and what changes of experiments and runs. */
export type ExperimentsUpkeep = ReturnType<typeof createExperimentsUpkeep>;

/** Makes the service that answers the upkeep table of the contract. */
export function createExperimentsUpkeep({ database, tracking, experiments }: ExperimentsUpkeepParts) {
  const { db } = database;

  /** The number of an experiment by its name or number, also of a deleted one. */
  async function numberOf(experiment: string, call: Call): Promise<number> {
    const number = await experimentsStore(db).findExperiment(call.scope.project, experiment);
    if (number === undefined) throw noExperiment(experiment);
    return number;
  }

  async function view(number: number, call: Call): Promise<Experiment> {
    const [stored] = await experimentsStore(db).listExperiments({ project: call.scope.project, number });
    if (stored === undefined) throw noExperiment(String(number));
    return viewExperiment(stored);
  }

  async function getExperiment({ experiment }: { experiment: string }, call: Call): Promise<Experiment> {
    return view(await numberOf(experiment, call), call);
  }

  async function updateExperiment(
    input: {
      experiment: string;
      name?: string | undefined;
      note?: string | undefined;
      set: Record<string, string>;
      remove: string[];
    },
    call: Call,
  ): Promise<Experiment> {
    const number = await numberOf(input.experiment, call);
    const note = input.note === undefined ? {} : { [NOTE_TAG]: input.note };
    const { name, set, remove } = input;
    await tracking.updateExperiment({ id: String(number), name, set: { ...set, ...note }, remove }, call);
    return view(number, call);
  }

  async function deleteExperiment({ experiment }: { experiment: string }, call: Call) {
    await tracking.deleteExperiment({ id: String(await numberOf(experiment, call)) }, call);
    return {};
  }

  async function restoreExperiment({ experiment }: { experiment: string }, call: Call): Promise<Experiment> {
    const number = await numberOf(experiment, call);
    await tracking.restoreExperiment({ id: String(number) }, call);
    return view(number, call);
  }

  async function* followExperiment(
    { experiment }: { experiment: string },
    call: Call,
  ): AsyncGenerator<RunChanges, void> {
    const number = await numberOf(experiment, call);
    const found = await trackedExperimentsStore(db).findByNumber(call.scope.project, number);
    if (found === undefined) throw noExperiment(experiment);
    yield* followRunChanges(database, found.key, call.signal);
  }

  async function updateRun(
    input: {
      run: string;
      name?: string | undefined;
      note?: string | undefined;
      state?: TrackedState | undefined;
    },
    call: Call,
  ): Promise<Run> {
    const { id: run } = await experiments.getRun(input, call);
    const tags: [string, string][] = [];
    if (input.name !== undefined) tags.push([RUN_NAME_TAG, input.name]);
    if (input.note !== undefined) tags.push([NOTE_TAG, input.note]);
    if (tags.length > 0) await tracking.addToRun({ run, tags }, call);
    if (input.state !== undefined) await tracking.updateRun({ run, state: input.state }, call);
    return experiments.getRun({ run }, call);
  }

  async function listLoggedModels(
    input: {
      run?: string | undefined;
      experiment?: string | undefined;
      limit: number;
      after?: string | undefined;
    },
    call: Call,
  ): Promise<{ items: LoggedModel[]; next: string | null }> {
    const run = input.run === undefined ? undefined : (await experiments.getRun({ run: input.run }, call)).id;
    const experiment = input.experiment === undefined ? undefined : await numberOf(input.experiment, call);
    const rows = await loggedModelsStore(db).listNewest({
      project: call.scope.project,
      run,
      experiment,
      after: parseModelCursor(input.after),
      limit: input.limit + 1,
    });
    const { items, next } = keysetPage(rows, input.limit, ({ model }) => modelCursor(model));
    return { items: items.map(viewLoggedModel), next };
  }

  return {
    getExperiment,
    updateExperiment,
    deleteExperiment,
    restoreExperiment,
    followExperiment,
    updateRun,
    tagRuns: async (
      input: { runs: string[]; set: Record<string, string>; remove: string[] },
      call: Call,
    ) => ({
      runs: await tracking.tagRuns(input, call),
    }),
    deleteRuns: async ({ runs }: { runs: string[] }, call: Call) => ({
      runs: await tracking.deleteRuns(runs, call),
    }),
    restoreRuns: async ({ runs }: { runs: string[] }, call: Call) => ({
      runs: await tracking.restoreRuns(runs, call),
    }),
    listLoggedModels,
  };
}
