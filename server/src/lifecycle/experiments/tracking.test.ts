import { expect, it } from "vitest";
import { testDatabase } from "../../../testing/database.ts";
import { createTestTracking } from "../../../testing/tracking.ts";
import { systemCall } from "../../platform/access/index.ts";
import type { TrackedRun } from "./tracking.ts";

const { database, db } = await testDatabase();
const { tracking } = createTestTracking(database);
/** Another control process over the same database. */
const { tracking: elsewhere } = createTestTracking(database);
const call = systemCall({ project: "default", environment: "dev" }, "tester");
const other = systemCall({ project: "other", environment: "dev" }, "tester");

let made = 0;
const experiment = async () => {
  made += 1;
  return tracking.createExperiment({ name: `experiment ${made}`, tags: {} }, call);
};
const home = await experiment();
const start = (tags: Record<string, string> = {}, id = home.id): Promise<TrackedRun> =>
  tracking.createRun({ experiment: id, user: "ann", tags }, call);
const read = (run: Pick<TrackedRun, "id">) => tracking.getRun({ run: run.id }, call);
const point = (name: string, step: number, value = step / 10) => ({ name, step, value, atMs: 1000 + step });

it("names a run that was given no name, and keeps its name and its tag mlflow.runName one thing", async () => {
  const run = await start();
  expect(run.name).toMatch(/^[a-z]+-[a-z]+-\d+$/);
  expect(run.tags["mlflow.runName"]).toBe(run.name);
  await tracking.addToRun({ run: run.id, tags: [["mlflow.runName", "second"]] }, call);
  expect((await read(run)).name).toBe("second");
  const renamed = await tracking.updateRun({ run: run.id, name: "third" }, call);
  expect(renamed.tags["mlflow.runName"]).toBe("third");
  await expect(
    tracking.createRun({ experiment: home.id, name: "a", user: "", tags: { "mlflow.runName": "b" } }, call),
  ).rejects.toMatchObject({ code: "INVALID_FIELD", field: "name" });
});

it("E2/exact gives every double, step and millisecond back as they were logged", async () => {
  const run = await start();
  const values = [0.1 + 0.2, Number.MAX_VALUE, Number.MIN_VALUE, -1e-300, 2 ** 53 + 2];
  const points = values.map((value, step) => ({
    name: "x",
    value,
    step: step - 2,
    atMs: 1_795_000_000_123 + step,
  }));
  await tracking.addToRun({ run: run.id, points }, call);
  const { items } = await tracking.history({ run: run.id, name: "x", limit: 10 }, call);
  expect(items).toEqual(points);
});

it("E2/non-finite stores NaN and the infinities once, however often a client sends them again", async () => {
  const run = await start();
  const points = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY].map((value, step) => ({
    name: "loss",
    value,
    step,
    atMs: 5,
  }));
  await tracking.addToRun({ run: run.id, points: [...points, ...points] }, call);
  await tracking.addToRun({ run: run.id, points }, call);
  const { items } = await tracking.history({ run: run.id, name: "loss", limit: 10 }, call);
  expect(items.map(({ value }) => value)).toEqual([
    Number.NaN,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
  ]);
  const { rows } = await database.pool.query("select points from experiments_metrics where name = 'loss'");
  expect(rows).toEqual([{ points: 3 }]);
});

it("E2/metrics takes the greatest of step, time and value as the last point, in whatever order they come", async () => {
  const run = await start();
  const last = async () => (await read(run)).metrics.find(({ name }) => name === "auc")?.value;
  const add = (step: number, atMs: number, value: number) =>
    tracking.addToRun({ run: run.id, points: [{ name: "auc", step, atMs, value }] }, call);
  await add(5, 10, 0.5);
  await add(3, 99, 0.9);
  expect(await last()).toBe(0.5);
  await add(5, 11, 0.1);
  expect(await last()).toBe(0.1);
  await add(5, 11, 0.05);
  expect(await last()).toBe(0.1);
  await add(5, 11, Number.NaN);
  expect(await last()).toBeNaN();
});

it("E2/system-metrics keeps what machines measure beside what models do", async () => {
  const run = await start();
  const points = [point("system/cpu_utilization_percentage", 0), point("loss", 0)];
  await tracking.addToRun({ run: run.id, points }, call);
  expect((await read(run)).metrics.map(({ name }) => name)).toEqual([
    "loss",
    "system/cpu_utilization_percentage",
  ]);
});

it("E2/nested finds the runs of a run by their tag", async () => {
  const parent = await start();
  const child = await start({ "mlflow.parentRunId": parent.id });
  const { rows } = await database.pool.query(
    `select run.id from experiments_tags as tag join experiments_runs as run on run.key = tag.run_key
     where tag.name = 'mlflow.parentRunId' and tag.value = $1`,
    [parent.id],
  );
  expect(rows).toEqual([{ id: child.id }]);
});

it("loses and doubles nothing when sixteen write at once to the same runs, from two processes", async () => {
  const runs = await Promise.all([start(), start(), start()]);
  const writers = Array.from({ length: 16 }, async (_, writer) => {
    const service = writer % 2 === 0 ? tracking : elsewhere;
    for (let turn = 0; turn < 10; turn += 1) {
      const run = runs[(writer + turn) % runs.length]?.id ?? "";
      const points = Array.from({ length: 20 }, (_point, index) =>
        point(`m${index % 4}`, writer * 1000 + turn * 20 + index),
      );
      const params: [string, string][] = [
        [`p${writer}-${turn}`, "v"],
        ["shared", "same"],
      ];
      await service.addToRun({ run, points, params, tags: [[`t${writer}`, String(turn)]] }, call);
      // A client that had no answer sends again.
      await service.addToRun({ run, points }, call);
    }
  });
  await Promise.all(writers);
  const whole = await Promise.all(runs.map(read));
  expect(whole.reduce((sum, { params }) => sum + Object.keys(params).length, 0)).toBe(160 + 3);
  const { rows } = await database.pool.query(
    `select sum(metric.points)::int as counted, (select count(*)::int from experiments_points where series in
       (select id from experiments_metrics where run_key = any($1))) as stored
     from experiments_metrics as metric where run_key = any($1)`,
    [
      (
        await db
          .selectFrom("experiments_runs")
          .select("key")
          .where(
            "id",
            "in",
            runs.map(({ id }) => id),
          )
          .execute()
      ).map(({ key }) => key),
    ],
  );
  expect(rows).toEqual([{ counted: 3200, stored: 3200 }]);
});

it("tells only the caller at fault when many share a commit", async () => {
  const [run, gone] = await Promise.all([start(), start()]);
  await tracking.addToRun({ run: run.id, params: [["depth", "6"]] }, call);
  await tracking.deleteRun({ run: gone.id }, call);
  const settled = await Promise.allSettled([
    tracking.addToRun({ run: run.id, params: [["a", "1"]] }, call),
    tracking.addToRun({ run: run.id, params: [["depth", "7"]], tags: [["lost", "yes"]] }, call),
    tracking.addToRun({ run: gone.id, points: [point("m", 1)] }, call),
    tracking.addToRun({ run: run.id, params: [["new", "1"]] }, call),
    tracking.addToRun({ run: run.id, params: [["new", "2"]] }, call),
    tracking.addToRun({ run: run.id, points: [point("m", 1)] }, call),
  ]);
  expect(settled.map(({ status }) => status)).toEqual([
    "fulfilled",
    "rejected",
    "rejected",
    "fulfilled",
    "rejected",
    "fulfilled",
  ]);
  expect(settled[1]).toMatchObject({ reason: { code: "INVALID_FIELD", field: "params.depth" } });
  expect(settled[2]).toMatchObject({ reason: { code: "CONFLICT", field: "run" } });
  const after = await read(run);
  expect(after.params).toEqual({ depth: "6", a: "1", new: "1" });
  expect(after.tags["lost"]).toBeUndefined();
});

it("writes nothing of a call that names a model which is not there", async () => {
  const run = await start();
  const model = `m-${"0".repeat(32)}`;
  await expect(
    tracking.addToRun({ run: run.id, points: [{ ...point("auc", 1), model }, point("loss", 1)] }, call),
  ).rejects.toMatchObject({ code: "NOT_FOUND", value: model });
  expect((await read(run)).metrics).toEqual([]);
});

it("refuses text that cannot be stored and numbers that would be rounded, and says which", async () => {
  const run = await start();
  const add = (added: Parameters<typeof tracking.addToRun>[0]) => tracking.addToRun(added, call);
  await expect(add({ run: run.id, params: [["a\u0000", "x"]] })).rejects.toMatchObject({
    code: "INVALID_FIELD",
  });
  await expect(add({ run: run.id, tags: [["a", "x\u0000"]] })).rejects.toMatchObject({ field: "tags.a" });
  await expect(add({ run: run.id, points: [point("m", 2 ** 53)] })).rejects.toMatchObject({
    field: "metrics.m.step",
  });
});

it("takes writes to a closed run, and opens it again when it goes on", async () => {
  const run = await start();
  const ended = await tracking.updateRun({ run: run.id, state: "failed", endedAt: new Date(5000) }, call);
  expect(ended).toMatchObject({ state: "failed", endedAt: new Date(5000) });
  await tracking.addToRun({ run: run.id, points: [point("m", 1)] }, call);
  expect(await tracking.updateRun({ run: run.id, state: "running" }, call)).toMatchObject({ endedAt: null });
});

it("deletes an experiment with its runs, and brings back those that went with it", async () => {
  const { id, name } = await experiment();
  const [early, late] = [await start({}, id), await start({}, id)];
  await tracking.deleteRun({ run: early.id }, call);
  await tracking.deleteExperiment({ id }, call);
  expect((await read(late)).deletedAt).not.toBeNull();
  await expect(start({}, id)).rejects.toMatchObject({ code: "CONFLICT" });
  await expect(tracking.restoreRun({ run: late.id }, call)).rejects.toMatchObject({ code: "CONFLICT" });
  await expect(tracking.renameExperiment({ id, name: "x" }, call)).rejects.toMatchObject({
    code: "CONFLICT",
  });
  await expect(tracking.createExperiment({ name, tags: {} }, call)).rejects.toMatchObject({
    code: "ALREADY_EXISTS",
    help: expect.stringContaining("clean-up"),
  });
  await tracking.restoreExperiment({ id }, call);
  expect((await read(late)).deletedAt).toBeNull();
  expect((await read(early)).deletedAt).not.toBeNull();
});

it("makes Default for whoever asks first, and keeps projects apart", async () => {
  expect(await tracking.getExperiment({ id: "0" }, other)).toMatchObject({ name: "Default" });
  const run = await start();
  await expect(tracking.getRun({ run: run.id }, other)).rejects.toMatchObject({ code: "NOT_FOUND" });
  await expect(tracking.addToRun({ run: run.id, tags: [["a", "b"]] }, other)).rejects.toMatchObject({
    code: "NOT_FOUND",
  });
  await expect(tracking.deleteRun({ run: run.id }, other)).rejects.toMatchObject({ code: "NOT_FOUND" });
});

it("keeps datasets once per experiment, with what each run read them for", async () => {
  const dataset = {
    name: "rows",
    digest: "d1",
    sourceType: "local",
    source: "{}",
    schema: null,
    profile: null,
  };
  const tags = { "mlflow.data.context": "training" };
  const [first, second] = [await start(), await start()];
  for (const run of [first, first, second])
    await tracking.addDatasets({ run: run.id, datasets: [{ dataset, tags }], models: [] }, call);
  expect((await read(first)).datasets).toEqual([{ dataset, tags }]);
  expect(await tracking.searchDatasets({ experiments: [home.id] }, call)).toEqual([
    { experiment: home.id, name: "rows", digest: "d1", context: "training" },
  ]);
});

it("keeps logged models with params, tags, state, and the newest of what runs measured of them", async () => {
  const run = await start();
  const { id: model, artifactUri } = await tracking.createLoggedModel(
    { experiment: home.id, name: "tree", sourceRun: run.id, params: { depth: "6" }, tags: {} },
    call,
  );
  expect(artifactUri).toBe(`mlflow-artifacts:/${home.id}/models/${model}/artifacts`);
  const dataset = { name: "rows", digest: "d1" };
  const measured = (step: number, value: number) => ({ name: "auc", step, value, atMs: 7, model, dataset });
  await tracking.addToRun({ run: run.id, points: [measured(2, 0.9), measured(1, 0.5)] }, call);
  await tracking.addToRun({ run: run.id, points: [measured(1, 0.4)] }, call);
  await tracking.addModelOutputs({ run: run.id, models: [{ model, step: 3 }] }, call);
  await tracking.setLoggedModelTags({ model, set: { a: "1", b: "2" }, remove: [] }, call);
  const ready = await tracking.finishLoggedModel({ model, state: "ready" }, call);
  expect(ready).toMatchObject({ state: "ready", params: { depth: "6" }, tags: { a: "1", b: "2" } });
  expect(ready.metrics).toEqual([{ name: "auc", value: 0.9, step: 2, atMs: 7, run: run.id, dataset }]);
  expect((await read(run)).modelOutputs).toEqual([{ model, step: 3 }]);
  await expect(tracking.addLoggedModelParams({ model, params: { depth: "7" } }, call)).rejects.toMatchObject({
    field: "params.depth",
  });
  await tracking.deleteLoggedModel({ model }, call);
  await expect(tracking.getLoggedModel({ model }, call)).rejects.toMatchObject({ code: "NOT_FOUND" });
  expect((await tracking.getLoggedModel({ model, deleted: true }, call)).deletedAt).not.toBeNull();
});

it("stores a point once that two processes were given, also where one of them did not know it", async () => {
  const run = await start();
  await tracking.addToRun({ run: run.id, points: [point("m", 0)] }, call);
  const resent = [point("m", 1), point("m", 2)];
  await elsewhere.addToRun({ run: run.id, points: resent }, call);
  await tracking.addToRun({ run: run.id, points: [...resent, point("m", 3)] }, call);
  // With something else in the same commit too.
  await elsewhere.addToRun({ run: run.id, tags: [["a", "b"]], points: [point("m", 3)] }, call);
  const { items } = await tracking.history({ run: run.id, name: "m", limit: 10 }, call);
  expect(items.map(({ step }) => step)).toEqual([0, 1, 2, 3]);
  const { rows } = await database.pool.query(
    "select points, last_step as last from experiments_metrics where run_key = (select key from experiments_runs where id = $1)",
    [run.id],
  );
  expect(rows).toEqual([{ points: 4, last: 3 }]);
});

it("keeps the first value of a param and nothing else of a call that brings another, from whichever process", async () => {
  const run = await start();
  const names = Array.from({ length: 20 }, (_, index) => `p${index}`);
  const log = (by: typeof tracking, name: string, value: string) =>
    by.addToRun({ run: run.id, params: [[name, value]], tags: [[`${name} of ${value}`, "kept"]] }, call);
  const asked = names.flatMap((name) => [
    { name, value: "here", written: log(tracking, name, "here") },
    { name, value: "there", written: log(elsewhere, name, "there") },
  ]);
  const settled = await Promise.allSettled(asked.map(({ written }) => written));
  const { params, tags } = await read(run);
  for (const [index, { name, value }] of asked.entries()) {
    const isFirst = params[name] === value;
    expect(settled[index]?.status).toBe(isFirst ? "fulfilled" : "rejected");
    expect(tags[`${name} of ${value}`]).toBe(isFirst ? "kept" : undefined);
  }
  const refused = settled.find((one) => one.status === "rejected");
  expect(refused).toMatchObject({ reason: { code: "INVALID_FIELD" } });
  // The same value again is no mistake.
  await log(elsewhere, "p0", params.p0 ?? "");
});
