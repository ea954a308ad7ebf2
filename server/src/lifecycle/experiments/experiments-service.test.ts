import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { experiments, type Run, RunRecord } from "@causeway/contract";
import { expect, it } from "vitest";
import { testDatabase } from "../../../testing/database.ts";
import { createTestTracking } from "../../../testing/tracking.ts";
import { systemCall } from "../../platform/access/index.ts";

const { database, db } = await testDatabase();
let second = 0;
/** Each look at the clock is a second later. */
const now = () => new Date(Date.UTC(2026, 10, 21, 10, 0, second++));
const { artifacts, lineage, writer, experiments: service } = createTestTracking(database, now);
const call = systemCall({ project: "default", environment: "dev" }, "tester");

const start = (experiment = "churn"): Promise<Run> =>
  service.startRun({ experiment, name: "a run", tags: {} }, call);
const log = (run: Run, logged: Partial<Parameters<typeof service.log>[0]>) =>
  service.log({ run: run.id, params: {}, metrics: [], tags: {}, ...logged }, call);

it("numbers experiments from 1 and keeps 0 for Default, also when many are made at once", async () => {
  const names = ["a", "b", "c", "a", "b", "c"];
  const made = await Promise.all(names.map((name) => service.createExperiment({ name }, call)));
  expect(new Set(made.map(({ id }) => id)).size).toBe(3);
  const { items } = await service.listExperiments({ limit: 10 }, call);
  expect(items[0]).toMatchObject({ id: "0", name: "Default" });
  expect(items.map(({ id }) => id)).toEqual(["0", "1", "2", "3"]);
});

it("E2/params keeps the first value of a param and names both when another comes", async () => {
  const run = await start();
  await log(run, { params: { depth: "6" } });
  await log(run, { params: { depth: "6", trees: "300" } });
  await expect(log(run, { params: { depth: "7" }, tags: { lost: "yes" } })).rejects.toMatchObject({
    code: "INVALID_FIELD",
    field: "params.depth",
    value: "7",
  });
  const after = await service.getRun({ run: run.id }, call);
  expect(after.params).toEqual({ depth: "6", trees: "300" });
  expect(after.tags).toEqual({});
});

it("E2/non-finite keeps NaN and the infinities", async () => {
  const run = await start();
  const values = ["NaN", "Infinity", "-Infinity", 0.1] as const;
  await log(run, { metrics: values.map((value, step) => ({ name: "loss", value, step })) });
  const { items } = await service.metricHistory({ run: run.id, name: "loss", limit: 10 }, call);
  expect(items.map(({ value }) => value)).toEqual(values);
  const [metric] = (await service.getRun({ run: run.id }, call)).metrics;
  expect(metric).toMatchObject({ min: 0.1, max: 0.1, points: 4, last: { value: 0.1, step: 3 } });
});

it("E2/metrics takes the greatest step as the last, whatever comes later, and gives exact values back", async () => {
  const run = await start();
  await log(run, { metrics: [{ name: "auc", value: 0.1 + 0.2, step: 5 }] });
  await log(run, { metrics: [{ name: "auc", value: 0.9, step: 3 }] });
  const [metric] = (await service.getRun({ run: run.id }, call)).metrics;
  expect(metric).toMatchObject({ last: { value: 0.1 + 0.2, step: 5 }, min: 0.1 + 0.2, max: 0.9, points: 2 });
});

it("pages through a metric of many points without losing one", async () => {
  const run = await start();
  const metrics = Array.from({ length: 2500 }, (_, step) => ({ name: "loss", value: step / 7, step }));
  await log(run, { metrics });
  const seen: unknown[] = [];
  let after: string | undefined;
  do {
    const page = await service.metricHistory({ run: run.id, name: "loss", limit: 1000, after }, call);
    seen.push(...page.items.map(({ value }) => value));
    after = page.next ?? undefined;
  } while (after !== undefined);
  expect(seen).toEqual(metrics.map(({ value }) => value));
});

it("loses nothing when sixteen write to one run at once", async () => {
  const run = await start();
  const writers = Array.from({ length: 16 }, (_, writerNumber) =>
    log(run, {
      tags: { [`t${writerNumber}`]: "x", shared: String(writerNumber) },
      metrics: Array.from({ length: 50 }, (_, step) => ({
        name: `m${step % 5}`,
        value: writerNumber,
        step,
      })),
    }),
  );
  await Promise.all(writers);
  const after = await service.getRun({ run: run.id }, call);
  expect(after.metrics.reduce((sum, { points }) => sum + points, 0)).toBe(800);
  expect(Object.keys(after.tags)).toHaveLength(17);
});

it("E2/artifacts gives a file back byte for byte, replaces it, and contains its path", async () => {
  const run = await start();
  const upload = (content: string) =>
    service.uploadArtifact({ run: run.id, path: "plots/roc.svg" }, call, Readable.from([content]));
  await upload("one");
  await upload("two");
  const { stream, name } = await service.downloadArtifact({ run: run.id, path: "plots/roc.svg" }, call);
  expect(await text(stream)).toBe("two");
  expect(name).toBe("roc.svg");
  expect((await service.listArtifacts({ run: run.id, limit: 10 }, call)).items).toHaveLength(1);
  await expect(service.downloadArtifact({ run: run.id, path: "../x" }, call)).rejects.toMatchObject({
    code: "INVALID_FIELD",
  });
});

it("E4/git keeps what a run was made from, and lineage leads from the run to data and code", async () => {
  const run = await start();
  const digest = "a".repeat(64);
  const code = { commit: "c0ffee1", branch: "main", repository: null, diff: null, digest: null };
  await service.updateRecord({ run: run.id, record: { code, seeds: { model: 7 } } }, call);
  const data = [{ name: "train", dataset: "customers", digest }];
  const after = await service.updateRecord({ run: run.id, record: { data } }, call);
  expect(after.record).toMatchObject({ code, seeds: { model: 7 }, data });
  const trace = await lineage.trace(
    { subject: `/api/experiments/runs/${run.id}`, direction: "causes" },
    call,
  );
  expect(trace.nodes.map(({ kind }) => kind).sort()).toEqual(["code", "dataset-version", "run"]);
});

it("E4/diff keeps the uncommitted difference as a file of the run that was opened with it", async () => {
  const { digest: diff } = await artifacts.write(Readable.from(["-a = 1\n+a = 2\n"]));
  const code = { commit: "c".repeat(40), branch: "main", repository: null, diff, digest: null };
  const record = RunRecord.parse({ code });
  const run = await service.startRun({ experiment: "churn", name: "dirty", tags: {}, record }, call);
  const { stream } = await service.downloadArtifact({ run: run.id, path: "code/uncommitted.diff" }, call);
  expect(await text(stream)).toBe("-a = 1\n+a = 2\n");
});

it("takes what is absent from an update for unchanged, as the wire parses it", () => {
  const parsed = experiments.updateRecord.input.parse({
    run: "a".repeat(32),
    record: { seeds: { model: 7 } },
  });
  expect(parsed.record).toEqual({ seeds: { model: 7 } });
});

it("lists runs newest first, page after page, of one experiment or all", async () => {
  const names = await Promise.all([1, 2, 3].map(async () => (await start("paged")).id));
  const first = await service.listRuns({ experiment: "paged", limit: 2 }, call);
  const second_ = await service.listRuns({ experiment: "paged", limit: 2, after: first.next ?? "" }, call);
  expect([...first.items, ...second_.items].map(({ id }) => id).sort()).toEqual([...names].sort());
  expect(second_.next).toBeNull();
  await expect(service.listRuns({ experiment: "none", limit: 2 }, call)).rejects.toMatchObject({
    code: "NOT_FOUND",
  });
});

it("finds a run by a prefix of its id, and closes it once", async () => {
  const run = await start();
  expect((await service.getRun({ run: run.id.slice(0, 12) }, call)).id).toBe(run.id);
  const ended = await service.endRun({ run: run.id, state: "finished" }, call);
  const again = await service.endRun({ run: run.id, state: "failed" }, call);
  expect(again).toEqual(ended);
});

it("keeps the runs of one project from another", async () => {
  const run = await start();
  const other = systemCall({ project: "other", environment: "dev" }, "tester");
  await expect(service.getRun({ run: run.id }, other)).rejects.toMatchObject({ code: "NOT_FOUND" });
  expect((await service.listRuns({ limit: 10 }, other)).items).toEqual([]);
});

it("lets a step write to the runs of its own pipeline run only", async () => {
  const step = {
    ...call,
    attempt: "a",
    actor: { kind: "pipeline-run", id: "churn/2", name: "churn 2" },
  } as const;
  const foreign = await start();
  await expect(
    service.log({ run: foreign.id, params: {}, metrics: [], tags: {} }, step),
  ).rejects.toMatchObject({
    code: "PERMISSION_DENIED",
  });
  const own = await db.transaction().execute((tx) =>
    writer.open(tx, call, {
      experiment: "churn",
      name: "train",
      step: { pipeline: "churn", run: 2, step: "train" },
      record: {},
    }),
  );
  await service.log({ run: own, params: {}, metrics: [], tags: { a: "b" } }, step);
});
