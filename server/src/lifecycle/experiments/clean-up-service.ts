import type { Cleanup } from "@causeway/contract";
import type { Call } from "../../platform/access/index.ts";
import type { Artifacts } from "../../platform/artifacts/index.ts";
import type { Database, Db, Tx } from "../../platform/database/index.ts";
import type { Events } from "../../platform/events/index.ts";
import type { createArtifactTree } from "./artifacts/artifact-tree-service.ts";
import { cleanUpStore, type Doom, type DoomedFile } from "./clean-up-store.ts";
import { RUNS_PATH } from "./experiment-paths.ts";
import type { TreeOwner } from "./tracking.ts";

/** Which runs and logged models others live from, and a sentence about each; a stage to the right answers it. */
export type FindRunUses = (
  db: Db | Tx,
  asked: { readonly project: string; readonly runs: readonly string[]; readonly models: readonly string[] },
) => Promise<ReadonlyMap<string, string>>;

/** What a clean-up is made from. */
export type CleanUpParts = {
  readonly database: Pick<Database, "db">;
  readonly artifacts: Pick<Artifacts, "countOwners">;
  readonly tree: Pick<ReturnType<typeof createArtifactTree>, "forget">;
  readonly events: Pick<Events, "record">;
  readonly uses: FindRunUses;
  readonly now: () => Date;
};

/** Runs, models or traces of one commit. */
const BATCH = 200;
/** Points of one commit. */
const POINTS_BATCH = 50_000;
/** Longest list of what stays; the rest is only not removed. */
const MOST_KEPT = 1000;
const DAY_MS = 86_400_000;

type Count = Omit<Cleanup, "dryRun" | "kept" | "bytes">;

/** Makes the clean-up: removes for good what is deleted, in commits of its own, so that it may be ended at any moment and asked again. */
export function createCleanUp({ database, artifacts, tree, events, uses, now }: CleanUpParts) {
  const { db } = database;

  async function cleanUp(
    input: { runs?: string[] | undefined; olderThanDays: number; dryRun: boolean },
    call: Call,
  ): Promise<Cleanup> {
    const doom: Doom = {
      project: call.scope.project,
      deletedBefore: new Date(now().getTime() - input.olderThanDays * DAY_MS),
      runs: input.runs,
    };
    const planned = await plan(doom);
    if (input.dryRun) return { dryRun: true, ...planned };
    const done = await remove(doom, call);
    return { dryRun: false, ...done, bytes: planned.bytes, kept: planned.kept };
  }

  /** Counts what would go. */
  async function plan(doom: Doom): Promise<Omit<Cleanup, "dryRun">> {
    const count: Count = { experiments: 0, runs: 0, models: 0, points: 0, files: 0 };
    const kept = await namedButLiving(doom);
    const files = new Map<string, { bytes: number; owners: number }>();
    const runsStaying: string[] = [];
    const modelsStaying: string[] = [];
    for await (const { going, used } of batchesOfRuns(doom)) {
      for (const [run, reason] of used) {
        runsStaying.push(run);
        kept.push({ run, reason });
      }
      count.runs += going.length;
      count.points += await cleanUpStore(db).countPoints(going.map(({ key }) => key));
      count.files += addFiles(files, await cleanUpStore(db).listFiles(going.map(({ id }) => id)));
    }
    for await (const { going, used } of batchesOfModels(doom)) {
      for (const [model, reason] of used) {
        modelsStaying.push(model);
        kept.push({ run: model, reason });
      }
      count.models += going.length;
      count.files += addFiles(files, await cleanUpStore(db).listFiles(going));
    }
    if (doom.runs === undefined) {
      const holders = new Set(await cleanUpStore(db).listHolders(runsStaying, modelsStaying));
      const all = await cleanUpStore(db).listExperiments(doom);
      count.experiments = all.filter(({ key }) => !holders.has(key)).length;
    }
    return { ...count, bytes: await freedBytes(files), kept: kept.slice(0, MOST_KEPT) };
  }

  async function namedButLiving(doom: Doom): Promise<Cleanup["kept"]> {
    const living = await cleanUpStore(db).listLiving(doom);
    return living.map(({ id, deletedAt }) => ({
      run: id,
      reason: deletedAt === null ? "it is not deleted" : `it was deleted only on ${deletedAt.toISOString()}`,
    }));
  }

  /** Bytes that nobody needs once the files are gone. */
  async function freedBytes(files: ReadonlyMap<string, { bytes: number; owners: number }>): Promise<number> {
    let freed = 0;
    const digests = [...files.keys()];
    for (let from = 0; from < digests.length; from += 1000) {
      const owners = await artifacts.countOwners(digests.slice(from, from + 1000));
      for (const [digest, count] of owners) {
        const file = files.get(digest);
        if (file !== undefined && file.owners >= count) freed += file.bytes;
      }
    }
    return freed;
  }

  async function* batchesOfRuns(doom: Doom) {
    for (let after = 0; ; ) {
      const batch = await cleanUpStore(db).listRuns(doom, after, BATCH);
      const last = batch.at(-1);
      if (last === undefined) return;
      after = last.key;
      const used = await uses(db, { project: doom.project, runs: batch.map(({ id }) => id), models: [] });
      yield { going: batch.filter(({ id }) => !used.has(id)), used };
    }
  }

  async function* batchesOfModels(doom: Doom) {
    if (doom.runs !== undefined) return;
    for (let after = ""; ; ) {
      const batch = (await cleanUpStore(db).listModels(doom, after, BATCH)).map(({ id }) => id);
      const last = batch.at(-1);
      if (last === undefined) return;
      after = last;
      const used = await uses(db, { project: doom.project, runs: [], models: batch });
      yield { going: batch.filter((id) => !used.has(id)), used };
    }
  }

  async function remove(doom: Doom, call: Call): Promise<Count> {
    const count: Count = { experiments: 0, runs: 0, models: 0, points: 0, files: 0 };
    // What an earlier clean-up left.
    await removePoints(call.signal);
    for await (const { going } of batchesOfRuns(doom)) {
      call.signal.throwIfAborted();
      const gone = await db.transaction().execute((tx) => removeRuns(tx, call, going));
      count.runs += gone.runs;
      count.points += gone.points;
      count.files += gone.files;
      await removePoints(call.signal);
    }
    for await (const { going } of batchesOfModels(doom)) {
      call.signal.throwIfAborted();
      const gone = await db.transaction().execute((tx) => removeModels(tx, call, going));
      count.models += gone.models;
      count.files += gone.files;
    }
    if (doom.runs === undefined) count.experiments = await removeExperiments(doom, call);
    return count;
  }

  async function removeRuns(tx: Tx, call: Call, going: readonly { key: number }[]) {
    const store = cleanUpStore(tx);
    // One may have come back since it was looked up.
    const runs = await store.lockDeleted(going.map(({ key }) => key));
    const used = await uses(tx, { project: call.scope.project, runs: runs.map(({ id }) => id), models: [] });
    const gone = runs.filter(({ id }) => !used.has(id));
    if (gone.length === 0) return { runs: 0, points: 0, files: 0 };
    const points = await store.countPoints(gone.map(({ key }) => key));
    const files = await forget(tx, call, { kind: "run", ids: gone.map(({ id }) => id) });
    await store.deleteRuns(gone);
    await tell(tx, call, { runs: gone.length });
    return { runs: gone.length, points, files };
  }

  async function removeModels(tx: Tx, call: Call, going: readonly string[]) {
    const files = await forget(tx, call, { kind: "model", ids: going });
    const models = await cleanUpStore(tx).deleteModels(going);
    await tell(tx, call, { models });
    return { models, files };
  }

  /** Lets go of all files of owners; answers how many there were. */
  async function forget(
    tx: Tx,
    call: Call,
    { kind, ids }: { kind: Exclude<TreeOwner["kind"], "project">; ids: readonly string[] },
  ) {
    const files = await cleanUpStore(tx).listFiles(ids);
    for (const id of new Set(files.map(({ owner }) => owner)))
      await tree.forget(tx, { owner: { kind, id }, path: "" }, call);
    return files.length;
  }

  async function removeExperiments(doom: Doom, call: Call): Promise<number> {
    let gone = 0;
    for (const { key } of await cleanUpStore(db).listExperiments(doom)) {
      call.signal.throwIfAborted();
      gone += await db.transaction().execute((tx) => removeExperiment(tx, call, key));
    }
    return gone;
  }

  /** Removes an experiment that has nothing left but traces, in one commit; answers 1 where it did. */
  async function removeExperiment(tx: Tx, call: Call, key: number): Promise<number> {
    const store = cleanUpStore(tx);
    if (!(await store.lockEmpty(key))) return 0;
    for (;;) {
      const traces = await store.listTraces(key, BATCH);
      if (traces.length === 0) break;
      await forget(tx, call, { kind: "trace", ids: traces });
      await store.deleteTraces(key, traces);
    }
    await store.deleteExperiment(key);
    await tell(tx, call, { experiments: 1 });
    return 1;
  }

  async function removePoints(signal: AbortSignal): Promise<void> {
    while (await db.transaction().execute((tx) => cleanUpStore(tx).deletePoints(POINTS_BATCH)))
      signal.throwIfAborted();
  }

  const tell = (tx: Tx, call: Call, data: Readonly<Record<string, number>>) =>
    events.record(tx, call, { type: "experiments.cleaned-up", subject: RUNS_PATH, data });

  return { cleanUp };
}

/** Adds files to those by digest; answers how many they are. */
function addFiles(
  files: Map<string, { bytes: number; owners: number }>,
  added: readonly DoomedFile[],
): number {
  for (const { digest, bytes } of added) {
    const known = files.get(digest);
    files.set(digest, { bytes, owners: (known?.owners ?? 0) + 1 });
  }
  return added.length;
}
