import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { testDatabase } from "../../../testing/database.ts";
import { createTestTracking } from "../../../testing/tracking.ts";
import { systemCall } from "../../platform/access/index.ts";
import { createExperimentsUpkeep } from "./experiments-upkeep-service.ts";

const { database } = await testDatabase();
const { tracking, experiments } = createTestTracking(database);
const upkeep = createExperimentsUpkeep({ database, tracking, experiments });
const call = systemCall({ project: "default", environment: "dev" }, "tester");
const home = await experiments.createExperiment({ name: "churn" }, call);
const start = () => experiments.startRun({ experiment: "churn", tags: {} }, call);

it("E2/notes keeps notes of runs and experiments apart from their tags, and shows them to clients of MLflow", async () => {
  const { id: run } = await start();
  const noted = await upkeep.updateRun({ run, note: "# Slow", name: "wide" }, call);
  expect(noted).toMatchObject({ note: "# Slow", name: "wide", tags: {} });
  expect((await tracking.getRun({ run }, call)).tags).toEqual({
    "mlflow.note.content": "# Slow",
    "mlflow.runName": "wide",
  });
  const after = await upkeep.updateExperiment(
    { experiment: home.id, note: "Who leaves", set: { team: "growth" }, remove: [] },
    call,
  );
  expect(after).toMatchObject({ note: "Who leaves", tags: { team: "growth" } });
});

it("E2/tags sets and removes tags of many runs in one commit, or of none", async () => {
  const runs = (await Promise.all([start(), start(), start()])).map(({ id }) => id);
  expect(await upkeep.tagRuns({ runs, set: { a: "1", b: "2" }, remove: [] }, call)).toEqual({ runs: 3 });
  await upkeep.tagRuns({ runs, set: { c: "3" }, remove: ["a"] }, call);
  const [first, last] = [runs[0] ?? "", runs[2] ?? ""];
  expect((await experiments.getRun({ run: last }, call)).tags).toEqual({ b: "2", c: "3" });
  await upkeep.deleteRuns({ runs: [last] }, call);
  await expect(upkeep.tagRuns({ runs, set: { d: "4" }, remove: [] }, call)).rejects.toMatchObject({
    code: "CONFLICT",
    value: last,
  });
  expect((await experiments.getRun({ run: first }, call)).tags).toEqual({ b: "2", c: "3" });
});

it("finds an experiment by its name or number, also a deleted one, with the runs that come back with it", async () => {
  await upkeep.deleteExperiment({ experiment: "churn" }, call);
  const deleted = await upkeep.getExperiment({ experiment: home.id }, call);
  expect(deleted.deletedAt).not.toBeNull();
  const back = await upkeep.restoreExperiment({ experiment: "churn" }, call);
  expect(back).toMatchObject({ deletedAt: null, runs: deleted.runs });
  await expect(upkeep.getExperiment({ experiment: "none" }, call)).rejects.toMatchObject({
    code: "NOT_FOUND",
  });
});

it("tells which runs of an experiment changed, whoever changed them, and ends with its caller", async () => {
  const watched = { experiment: "watched", name: "a run", tags: {} };
  const { id: run } = await experiments.startRun(watched, call);
  const ending = new AbortController();
  const following = upkeep.followExperiment({ experiment: "watched" }, { ...call, signal: ending.signal });
  const first = following.next();
  // Nobody is told of what changed before there was a listener.
  for (let step = 1; (await Promise.race([first, sleep(50)])) === undefined; step++)
    await tracking.addToRun({ run, points: [{ name: "m", step, value: 1, atMs: 1 }] }, call);
  expect((await first).value).toEqual({ runs: [run] });
  const { id: opened } = await experiments.startRun(watched, call);
  const told = new Set<string>();
  while (!told.has(opened)) for (const id of (await following.next()).value?.runs ?? []) told.add(id);
  told.delete(run);
  expect([...told]).toEqual([opened]);
  const last = following.next();
  ending.abort();
  expect((await last).done).toBe(true);
});
