import { fail } from "@causeway/contract";
import { type Call, requirePermission } from "../../platform/access/index.ts";
import type { Audit } from "../../platform/audit/index.ts";
import { askWithin, type Database, type Tx } from "../../platform/database/index.ts";
import type { Events } from "../../platform/events/index.ts";
import { runArtifactUri } from "./artifact-uri.ts";
import { parsePointCursor, pointCursor } from "./cursors.ts";
import { deletedExperiment } from "./ensure-experiment-step.ts";
import { RUNS_PATH, runPath } from "./experiment-paths.ts";
import { experimentsStore } from "./experiments-store.ts";
import type { LoggedModels } from "./logged-models-service.ts";
import { randomRunName } from "./random-run-name.ts";
import { runDetailsStore } from "./run-details-store.ts";
import { writeLog } from "./run-log-step.ts";
import type { RunLogWriter } from "./run-log-writer.ts";
import type { RunNotices } from "./run-notice-loop.ts";
import type { RunReader } from "./run-reader.ts";
import { deletedRun, noRun } from "./run-refusals.ts";
import { RUN_NAME_TAG } from "./run-tags.ts";
import type { NewRun, RunWriter } from "./run-writer.ts";
import { refuseInexact, refuseNoTime, refuseNul, refuseNulTexts } from "./storable-text.ts";
import { noExperiment, type TrackedExperiments } from "./tracked-experiments-service.ts";
import { trackedRunChangesStore } from "./tracked-run-changes-store.ts";
import type { RunFacts } from "./tracked-runs-store.ts";
import type { RunAddition, Texts, TrackedDataset, TrackedRun, TrackedState } from "./tracking.ts";

/** What runs of clients that track are made from. */
export type TrackedRunsParts = {
  readonly database: Pick<Database, "db">;
  readonly events: Pick<Events, "record">;
  readonly now: () => Date;
  /** Numbers in [0, 1), for names of runs that were given none. */
  readonly random: () => number;
  readonly experiments: Pick<TrackedExperiments, "find">;
  readonly writer: RunWriter;
  readonly reader: RunReader;
  readonly log: RunLogWriter;
  readonly notices: RunNotices;
  readonly models: Pick<LoggedModels, "requireAll" | "addPoints">;
  readonly audit: Pick<Audit, "record">;
};

/** A page as long as the database likes to carry. */
const MOST_POINTS = 100_000;

/** What a run says that was just opened. */
const NOTHING_LOGGED = {
  endedAt: null,
  deletedAt: null,
  params: {},
  metrics: [],
  datasets: [],
  modelInputs: [],
  modelOutputs: [],
} as const;

/** Makes the service of runs. */
export function createTrackedRuns(parts: TrackedRunsParts) {
  const { events, audit, now, random, experiments, models, writer, reader, log, notices } = parts;
  const { db } = parts.database;

  async function createRun(
    input: {
      experiment: string;
      name?: string | undefined;
      user: string;
      startedAt?: Date | undefined;
      tags: Texts;
    },
    call: Call,
  ): Promise<TrackedRun> {
    const { tags, user, startedAt } = input;
    const tagged = tags[RUN_NAME_TAG];
    if (tagged !== undefined && input.name !== undefined && input.name !== tagged)
      throw twoNames(input.name, tagged);
    const name = input.name ?? tagged ?? randomRunName(random);
    refuseNul("name", name);
    refuseNul("user", user);
    refuseNulTexts("tags", Object.entries(tags));
    const { experiment: id } = input;
    const opened = {
      name,
      user,
      tags,
      record: {},
      step: null,
      ...(startedAt === undefined ? {} : { startedAt }),
    };
    const made = await openIn(id, opened, call);
    if (made !== undefined) return made;
    // Refuses what is not there, and makes the experiment that every project has.
    const { experiment } = await experiments.find({ id }, call);
    return (await openIn(experiment.id, opened, call)) ?? raise(noExperiment(id));
  }

  /** Opens a run in the experiment of a number; undefined where it is not there. */
  async function openIn(
    number: string,
    opened: Omit<NewRun, "experiment"> & { user: string },
    call: Call,
  ): Promise<TrackedRun | undefined> {
    if (!/^\d{1,9}$/.test(number)) return undefined;
    const { project } = call.scope;
    const made = await db.transaction().execute(async (tx) => {
      const experiment = await experimentsStore(tx).shareByNumber(project, Number(number));
      if (experiment === undefined) return undefined;
      if (experiment.deletedAt !== null) throw deletedExperiment(experiment.name);
      const run = await writer.openIn(tx, call, {
        run: { ...opened, experiment: experiment.name },
        experiment,
      });
      return { experiment, run };
    });
    if (made === undefined) return undefined;
    const { experiment, run } = made;
    const { id, key, startedAt, tags } = run;
    const opener = call.actor.kind === "pipeline-run" ? call.actor.id : null;
    reader.remember({ id, key, experimentKey: experiment.key, project, opener });
    return {
      ...NOTHING_LOGGED,
      id,
      experiment: String(experiment.number),
      name: opened.name,
      user: opened.user,
      state: "running",
      startedAt,
      artifactUri: runArtifactUri(experiment, id),
      tags,
    };
  }

  /** The run's facts, for a caller who may write to it: a step's token opens the runs of its own pipeline run only. */
  async function writable(run: string, call: Call): Promise<RunFacts> {
    const facts = await reader.facts(run, call);
    if (call.attempt === undefined || facts.opener === call.actor.id) return facts;
    requirePermission({ actor: call.actor, permissions: new Set() }, "experiments:write");
    return facts;
  }

  async function addToRun(input: { run: string } & RunAddition, call: Call): Promise<void> {
    const { params = [], tags = [], points = [] } = input;
    refuseNulTexts("params", params);
    refuseNulTexts("tags", tags);
    for (const { name, step, atMs } of points) {
      refuseNul("metrics", name);
      refuseInexact(`metrics.${name}.step`, step);
      refuseNoTime(`metrics.${name}.timestamp`, atMs);
    }
    const run = await writable(input.run, call);
    const ofModels = points.filter(({ model }) => model !== undefined);
    // Before anything is written: what names a model that is not there is refused as a whole.
    if (ofModels.length > 0)
      await models.requireAll(
        ofModels.map(({ model = "" }) => model),
        call,
      );
    if (params.length + tags.length + points.length > 0) await log.add({ run, params, tags, points });
    else await change(input.run, call, async () => {});
    if (ofModels.length > 0) await models.addPoints(run, ofModels);
  }

  /** Changes a living run, alone with it until the commit. */
  async function change(
    run: string,
    call: Call,
    apply: (tx: Tx, row: { key: number; experimentKey: number }) => Promise<void>,
  ): Promise<void> {
    const facts = await writable(run, call);
    await db.transaction().execute(async (tx) => {
      const [row] = await trackedRunChangesStore(tx).lock(call.scope.project, [run]);
      if (row === undefined) throw noRun(run);
      if (row.deletedAt !== null) throw deletedRun(run);
      await apply(tx, row);
    });
    notices.mark([facts]);
  }

  async function updateRun(
    input: {
      run: string;
      state?: TrackedState | undefined;
      endedAt?: Date | undefined;
      name?: string | undefined;
    },
    call: Call,
  ): Promise<TrackedRun> {
    const { run, state, name } = input;
    const isOpen = state === "running" || state === "scheduled";
    refuseNul("name", name ?? "");
    await change(run, call, async (tx, { key }) => {
      // A run that goes on has not ended.
      const endedAt = input.endedAt ?? (isOpen ? null : undefined);
      await trackedRunChangesStore(tx).update(key, {
        ...(state === undefined ? {} : { state }),
        ...(endedAt === undefined ? {} : { endedAt }),
      });
      if (name !== undefined && name !== "") {
        await writer.log(tx, { run, tags: { [RUN_NAME_TAG]: name }, metrics: [] });
      }
      if (state === undefined || isOpen) return;
      await events.record(tx, call, {
        type: "experiments.run-ended",
        subject: runPath(run),
        data: { state },
      });
    });
    return reader.read(run, call);
  }

  async function removeRunTag({ run, name }: { run: string; name: string }, call: Call): Promise<void> {
    await change(run, call, async (tx, { key }) => {
      if ((await trackedRunChangesStore(tx).deleteTags([key], [name])) > 0) return;
      throw fail("NOT_FOUND", {
        message: `the run ${run} has no tag ${name}`,
        field: "name",
        value: name,
        help: `npx --no causeway experiments show ${run}`,
      });
    });
  }

  /** Deletes runs, or brings them back; answers how many changed. */
  async function setDeleted(runs: readonly string[], at: Date | null, call: Call): Promise<number> {
    const past = at === null ? "restored" : "deleted";
    const changed = await db.transaction().execute(async (tx) => {
      const store = trackedRunChangesStore(tx);
      const found = await lockAll(tx, runs, call);
      const rows = found.filter(({ deletedAt }) => (deletedAt === null) === (at !== null));
      const orphan = rows.find(({ isOrphan }) => isOrphan);
      if (at === null && orphan !== undefined) throw deletedWithExperiment(orphan.id);
      if (rows.length === 0) return [];
      await store.markDeleted(
        rows.map(({ key }) => key),
        at,
      );
      const subject = rows.length === 1 ? runPath(rows[0]?.id ?? "") : RUNS_PATH;
      await events.record(tx, call, {
        type: `experiments.runs-${past}`,
        subject,
        data: { runs: rows.length },
      });
      return rows;
    });
    notices.mark(changed);
    return changed.length;
  }

  /** Sets and removes tags of many runs in one commit; answers how many runs there were. */
  async function tagRuns(
    { runs, set, remove }: { runs: readonly string[]; set: Texts; remove: readonly string[] },
    call: Call,
  ): Promise<number> {
    refuseNulTexts("tags", Object.entries(set));
    const tagged = await db.transaction().execute(async (tx) => {
      const found = await lockAll(tx, runs, call);
      const deleted = found.find(({ deletedAt }) => deletedAt !== null);
      if (deleted !== undefined) throw deletedRun(deleted.id);
      await trackedRunChangesStore(tx).deleteTags(
        found.map(({ key }) => key),
        remove,
      );
      for (const run of found) await writeLog(askWithin(tx), run, { params: {}, tags: set, metrics: [] });
      await audit.record(tx, call, {
        action: "experiments.runs-tagged",
        subject: RUNS_PATH,
        data: { runs: found.length, set: Object.keys(set), removed: [...remove] },
      });
      return found;
    });
    notices.mark(tagged);
    return tagged.length;
  }

  /** Locks runs, and refuses where one is not there. */
  async function lockAll(tx: Tx, runs: readonly string[], call: Call) {
    const found = await trackedRunChangesStore(tx).lock(call.scope.project, runs);
    const missing = runs.find((run) => found.every(({ id }) => id !== run));
    if (missing !== undefined) throw noRun(missing);
    return found;
  }

  async function addDatasets(
    input: {
      run: string;
      datasets: readonly { dataset: TrackedDataset; tags: Texts }[];
      models: readonly string[];
    },
    call: Call,
  ): Promise<void> {
    for (const { dataset, tags } of input.datasets) {
      for (const [field, text] of Object.entries(dataset)) refuseNul(`datasets.${field}`, text ?? "");
      refuseNulTexts("datasets.tags", Object.entries(tags));
    }
    await change(input.run, call, async (tx, row) => {
      const store = trackedRunChangesStore(tx);
      const ids = await store.ensureDatasets(
        row.experimentKey,
        input.datasets.map(({ dataset }) => dataset),
      );
      const used = new Map(ids.map((dataset, place) => [dataset, input.datasets[place]?.tags ?? {}]));
      await store.insertRunDatasets(
        row.key,
        [...used].map(([dataset, tags]) => ({ dataset, tags })),
      );
      const models = input.models.map((model) => ({ model, step: 0 }));
      refuseMissing(
        models,
        await store.linkModels({ project: call.scope.project, key: row.key, direction: "input" }, models),
      );
    });
  }

  async function addModelOutputs(
    { run, models }: { run: string; models: readonly { model: string; step: number }[] },
    call: Call,
  ): Promise<void> {
    await change(run, call, async (tx, { key }) => {
      const to = { project: call.scope.project, key, direction: "output" } as const;
      refuseMissing(models, await trackedRunChangesStore(tx).linkModels(to, models));
    });
  }

  async function history(
    input: { run: string; name: string; limit: number; after?: string | undefined },
    call: Call,
  ) {
    const { key } = await reader.facts(input.run, call);
    const store = runDetailsStore(db);
    const series = await store.findSeries(key, input.name);
    if (series === undefined) {
      await reader.read(input.run, call);
      return { items: [], next: null };
    }
    const limit = Math.min(input.limit, MOST_POINTS);
    const rows = await store.listPoints({ series, after: parsePointCursor(input.after), limit: limit + 1 });
    const items = rows.slice(0, limit).map((point) => ({ name: input.name, ...point }));
    const last = items.at(-1);
    return { items, next: rows.length > limit && last !== undefined ? pointCursor(last) : null };
  }

  return {
    createRun,
    getRun: ({ run }: { run: string }, call: Call) => reader.read(run, call),
    updateRun,
    addToRun,
    removeRunTag,
    deleteRuns: (runs: readonly string[], call: Call) => setDeleted(runs, now(), call),
    restoreRuns: (runs: readonly string[], call: Call) => setDeleted(runs, null, call),
    tagRuns,
    addDatasets,
    addModelOutputs,
    history,
    writable,
  };
}

function refuseMissing(models: readonly { model: string }[], there: readonly string[]): void {
  const missing = models.find(({ model }) => !there.includes(model));
  if (missing === undefined) return;
  throw fail("NOT_FOUND", {
    message: `there is no logged model ${missing.model}`,
    field: "model",
    value: missing.model,
    help: "npx --no causeway experiments models",
  });
}

function raise(error: Error): never {
  throw error;
}

function twoNames(name: string, tagged: string) {
  return fail("INVALID_FIELD", {
    message: `the run's name is ${name} and its tag ${RUN_NAME_TAG} is ${tagged}: they are one thing`,
    field: "name",
    value: name,
    help: "Give one of them, or the same text in both.",
  });
}

function deletedWithExperiment(run: string) {
  return fail("CONFLICT", {
    message: `the experiment of the run ${run} is deleted`,
    field: "run",
    value: run,
    help: "Restore the experiment: npx --no causeway experiments restore --experiment <name>",
  });
}
