import { Readable } from "node:stream";
import { expect, it } from "vitest";
import { testDatabase } from "../../../testing/database.ts";
import { createTestTracking } from "../../../testing/tracking.ts";
import { systemCall } from "../../platform/access/index.ts";
import { createCleanUp, type FindRunUses } from "./clean-up-service.ts";
import { cleanUpStore } from "./clean-up-store.ts";

const { database, db } = await testDatabase();
const { tracking, tree, events, artifacts } = createTestTracking(database);
const call = systemCall({ project: "default", environment: "dev" }, "tester");
const needed = new Map<string, string>();
const uses: FindRunUses = async (_db, { runs, models }) =>
  new Map([...needed].filter(([id]) => [...runs, ...models].includes(id)));
const { cleanUp } = createCleanUp({ database, artifacts, tree, events, uses, now: () => new Date() });
const everything = { olderThanDays: 0, dryRun: false };

async function filledRun(experiment: string, file: string) {
  const { id } = await tracking.createRun({ experiment, user: "", tags: {} }, call);
  const points = Array.from({ length: 30 }, (_, step) => ({ name: "m", step, value: step, atMs: step }));
  await tracking.addToRun({ run: id, params: [["p", "1"]], tags: [["t", "1"]], points }, call);
  await tree.put({ owner: { kind: "run", id }, path: "model.bin" }, call, Readable.from([file]));
  return id;
}

const rowsAbout = async (run: number): Promise<number> => {
  const { rows } = await database.pool.query(
    `select (select count(*) from experiments_params where run_key = $1)
      + (select count(*) from experiments_tags where run_key = $1)
      + (select count(*) from experiments_metrics where run_key = $1)
      + (select count(*) from experiments_runs where key = $1) as rows`,
    [run],
  );
  return rows[0].rows;
};
const keyOf = async (id: string): Promise<number> =>
  (await db.selectFrom("experiments_runs").select("key").where("id", "=", id).executeTakeFirstOrThrow()).key;

it("E10/delete tells what would go, then removes just that: the run, its values, its points", async () => {
  const { id } = await tracking.createExperiment({ name: "one", tags: {} }, call);
  const gone = await filledRun(id, "gone");
  const stays = await filledRun(id, "stays");
  const key = await keyOf(gone);
  await tracking.deleteRun({ run: gone }, call);
  const planned = await cleanUp({ ...everything, dryRun: true }, call);
  expect(planned).toEqual({
    dryRun: true,
    experiments: 0,
    runs: 1,
    models: 0,
    points: 30,
    files: 1,
    bytes: 4,
    kept: [],
  });
  expect(await rowsAbout(key)).toBeGreaterThan(0);
  expect(await cleanUp(everything, call)).toEqual({ ...planned, dryRun: false });
  expect(await rowsAbout(key)).toBe(0);
  await expect(tracking.getRun({ run: gone }, call)).rejects.toMatchObject({ code: "NOT_FOUND" });
  await expect(
    tracking.addToRun({ run: gone, points: [{ name: "m", step: 99, value: 1, atMs: 1 }] }, call),
  ).rejects.toMatchObject({ code: expect.stringMatching(/NOT_FOUND|CONFLICT/) });
  expect((await tracking.history({ run: stays, name: "m", limit: 100 }, call)).items).toHaveLength(30);
  const { rows } = await database.pool.query("select count(*)::int as points from experiments_points");
  expect(rows).toEqual([{ points: 30 }]);
});

it("E10/gc lets go of files that nothing else needs, and of no others", async () => {
  const { id } = await tracking.createExperiment({ name: "files", tags: {} }, call);
  const gone = await filledRun(id, "shared with another run");
  const stays = await filledRun(id, "shared with another run");
  await tree.put({ owner: { kind: "run", id: gone }, path: "own" }, call, Readable.from(["own"]));
  await tracking.deleteRun({ run: gone }, call);
  expect(await cleanUp(everything, call)).toMatchObject({ files: 2, bytes: 3 });
  await artifacts.sweep(new Date(Date.now() + 1000));
  const { bytes } = await tree.open({ owner: { kind: "run", id: stays }, path: "model.bin" }, call);
  expect(bytes).toBe(23);
  const { rows } = await database.pool.query(
    "select count(*)::int as files from platform_artifacts where bytes = 3",
  );
  expect(rows).toEqual([{ files: 0 }]);
});

it("E10/delete removes a deleted experiment with its models and frees its name, never its number", async () => {
  const first = await tracking.createExperiment({ name: "again", tags: { a: "b" } }, call);
  await filledRun(first.id, "x");
  await tracking.createLoggedModel({ experiment: first.id, params: {}, tags: {} }, call);
  await tracking.deleteExperiment({ id: first.id }, call);
  expect(await cleanUp(everything, call)).toMatchObject({ experiments: 1, runs: 1, models: 1 });
  const second = await tracking.createExperiment({ name: "again", tags: {} }, call);
  expect(Number(second.id)).toBeGreaterThan(Number(first.id));
});

it("E10/delete keeps a run that a version was made from, and its experiment, and says why", async () => {
  const { id } = await tracking.createExperiment({ name: "needed", tags: {} }, call);
  const [used, unused] = [await filledRun(id, "u"), await filledRun(id, "v")];
  needed.set(used, "churn@3 was made from it");
  await tracking.deleteExperiment({ id }, call);
  const planned = await cleanUp({ ...everything, dryRun: true }, call);
  expect(planned).toMatchObject({
    experiments: 0,
    runs: 1,
    kept: [{ run: used, reason: "churn@3 was made from it" }],
  });
  expect(await cleanUp(everything, call)).toEqual({ ...planned, dryRun: false });
  await expect(tracking.getRun({ run: unused }, call)).rejects.toMatchObject({ code: "NOT_FOUND" });
  await tracking.restoreExperiment({ id }, call);
  expect((await tracking.getRun({ run: used }, call)).params).toEqual({ p: "1" });
  needed.clear();
});

it("takes only runs that are named, deleted, and deleted long enough ago", async () => {
  const { id } = await tracking.createExperiment({ name: "named", tags: {} }, call);
  const [deleted, living] = [await filledRun(id, "d"), await filledRun(id, "l")];
  await tracking.deleteRun({ run: deleted }, call);
  expect(await cleanUp({ ...everything, olderThanDays: 1 }, call)).toMatchObject({ runs: 0 });
  expect(await cleanUp({ ...everything, runs: [living] }, call)).toMatchObject({
    runs: 0,
    kept: [{ run: living, reason: "it is not deleted" }],
  });
  expect(await cleanUp({ ...everything, runs: [deleted] }, call)).toMatchObject({ runs: 1 });
});

it("goes on after a crash: what an ended clean-up left is removed by the next, and nothing is seen in between", async () => {
  const { id } = await tracking.createExperiment({ name: "crash", tags: {} }, call);
  const [gone, waiting] = [await filledRun(id, "1"), await filledRun(id, "2")];
  await tracking.deleteRun({ run: gone }, call);
  await tracking.deleteRun({ run: waiting }, call);
  const doomed = { key: await keyOf(gone), id: gone };
  // The first commit of a clean-up that was killed right after it.
  await db.transaction().execute((tx) => cleanUpStore(tx).deleteRuns([doomed]));
  await expect(tracking.getRun({ run: gone }, call)).rejects.toMatchObject({ code: "NOT_FOUND" });
  await tracking.restoreRun({ run: waiting }, call);
  expect((await tracking.history({ run: waiting, name: "m", limit: 100 }, call)).items).toHaveLength(30);
  await cleanUp(everything, call);
  const { rows } = await database.pool.query(
    "select (select count(*) from experiments_doomed_series)::int as doomed, (select count(*) from experiments_points where series not in (select id from experiments_metrics))::int as orphans",
  );
  expect(rows).toEqual([{ doomed: 0, orphans: 0 }]);
});
