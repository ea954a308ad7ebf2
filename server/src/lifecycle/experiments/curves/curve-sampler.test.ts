import { randomBytes } from "node:crypto";
import { sql } from "kysely";
import { expect, it } from "vitest";
import { testDatabase } from "../../../../testing/database.ts";
import { systemCall } from "../../../platform/access/index.ts";
import { createCurveSampler } from "./curve-sampler-service.ts";

const { database, db } = await testDatabase();
const { sampleCurves, sampledHistory } = createCurveSampler({ database });
const call = systemCall({ project: "default", environment: "dev" }, "tester");
const START = 1_700_000_000_000;

await db.insertInto("experiments_experiments").values({ project: "default", number: 0, name: "e" }).execute();
const { key: experiment } = await db
  .selectFrom("experiments_experiments")
  .select("key")
  .executeTakeFirstOrThrow();

type Given = { step: number; atMs: number; value: number };

/** A run with these series of points. */
async function runWith(series: Record<string, readonly Given[]>): Promise<string> {
  const id = randomBytes(16).toString("hex");
  const { key } = await db
    .insertInto("experiments_runs")
    .values({
      id,
      project: "default",
      experiment: 0,
      experiment_key: experiment,
      name: "run",
      state: "running",
      record: "{}",
      step: null,
      started_at: new Date(START),
      created_by: JSON.stringify(call.actor),
    })
    .returning("key")
    .executeTakeFirstOrThrow();
  for (const [name, points] of Object.entries(series)) {
    const metric = await db
      .insertInto("experiments_metrics")
      .values({
        run_key: key,
        experiment_key: experiment,
        name,
        last_value: 0,
        last_step: 0,
        last_at_ms: 0,
        min: null,
        max: null,
        points: points.length,
      })
      .returning("id")
      .executeTakeFirstOrThrow();
    await sql`insert into experiments_points (series, step, at_ms, value)
      select ${metric.id}, * from unnest(${points.map(({ step }) => step)}::bigint[],
        ${points.map(({ atMs }) => atMs)}::bigint[],
        ${points.map(({ value }) => String(value))}::double precision[])`.execute(db);
  }
  return id;
}

const LENGTH = 10_000;
const wave = Array.from({ length: LENGTH }, (_, step) => ({
  step,
  atMs: START + 1000 + step * 10,
  value:
    step === 4321
      ? 99
      : step === 7777
        ? Number.NaN
        : step === 2222
          ? Number.NEGATIVE_INFINITY
          : Math.sin(step / 300),
}));
const long = await runWith({
  loss: wave,
  early: [{ step: 0, atMs: START, value: 1 }],
  flat: Array.from({ length: 3000 }, (_, step) => ({ step, atMs: START + step, value: 1 })),
  // Whoever gives no step has time alone.
  timed: Array.from({ length: 3000 }, (_, index) => ({ step: 0, atMs: START + index, value: index % 100 })),
});
const short = await runWith({ loss: wave.slice(0, 5) });
const ask = (more: Partial<Parameters<typeof sampleCurves>[0]>) =>
  sampleCurves({ runs: [long], metrics: ["loss"], axis: "step", most: 100, ...more }, call);

it("E6/curves keeps the first, the last, the least and the greatest point, NaN and infinities of a long curve", async () => {
  const { curves } = await ask({});
  const [curve] = curves;
  expect(curve).toMatchObject({ run: long, metric: "loss", points: LENGTH });
  const sampled = curve?.sampled ?? [];
  expect(sampled.length).toBeLessThanOrEqual(100);
  expect(sampled.length).toBeGreaterThan(40);
  expect(sampled.at(0)?.step).toBe(0);
  expect(sampled.at(-1)?.step).toBe(LENGTH - 1);
  expect(sampled).toContainEqual(expect.objectContaining({ step: 4321, value: 99 }));
  expect(sampled).toContainEqual(expect.objectContaining({ step: 7777, value: "NaN" }));
  expect(sampled).toContainEqual(expect.objectContaining({ step: 2222, value: "-Infinity" }));
  const steps = sampled.map(({ step }) => step);
  expect(steps).toEqual([...new Set(steps)].sort((a, b) => a - b));
});

it("E6/curves gives every point of a short curve, and of a short span of a long one", async () => {
  const { curves } = await ask({ runs: [short, long], from: 100, until: 150 });
  expect(curves.map(({ run, points }) => ({ run, points }))).toEqual([
    { run: short, points: 0 },
    { run: long, points: 51 },
  ]);
  expect(curves[1]?.sampled.map(({ step }) => step)).toEqual(Array.from({ length: 51 }, (_, i) => 100 + i));
  const whole = await ask({ runs: [short] });
  expect(whole.curves[0]?.sampled).toHaveLength(5);
});

it("E6/curves spans time and time since the run's first point of any metric", async () => {
  const relative = await ask({ axis: "relative", from: 1000, until: 1100 });
  expect(relative.curves[0]?.sampled.map(({ relativeMs }) => relativeMs)).toEqual(
    Array.from({ length: 11 }, (_, i) => 1000 + i * 10),
  );
  const time = await ask({ axis: "time", from: START + 1000, until: START + 1010 });
  expect(time.curves[0]?.sampled.map(({ occurredAt }) => Date.parse(occurredAt))).toEqual([
    START + 1000,
    START + 1010,
  ]);
});

it("samples a curve without steps by its times, and a flat one by few points", async () => {
  const { curves } = await ask({ metrics: ["timed", "flat"], axis: "time" });
  const timed = curves[0]?.sampled ?? [];
  expect(curves.map(({ metric }) => metric)).toEqual(["timed", "flat"]);
  expect(timed.length).toBeGreaterThan(30);
  expect(timed.length).toBeLessThanOrEqual(100);
  const values = timed.map(({ value }) => Number(value));
  expect([Math.min(...values), Math.max(...values)]).toEqual([0, 99]);
  expect(curves[1]?.sampled.length).toBeLessThanOrEqual(100);
});

it("gives fewer points of each of many curves, and none of what is not there or elsewhere", async () => {
  expect((await ask({ metrics: ["nothing"] })).curves).toEqual([]);
  expect((await ask({ runs: ["0".repeat(32)] })).curves).toEqual([]);
  const other = { ...call, scope: { ...call.scope, project: "other" } };
  expect(
    (await sampleCurves({ runs: [long], metrics: ["loss"], axis: "step", most: 100 }, other)).curves,
  ).toEqual([]);
  await expect(ask({ from: 5, until: 1 })).rejects.toMatchObject({ code: "INVALID_FIELD", field: "until" });
});

it("samples histories for clients of MLflow within steps and a limit", async () => {
  const history = (more: object) =>
    sampledHistory({ runs: [long, short], name: "loss", limit: 50, ...more }, call);
  const all = await history({});
  expect(all.filter(({ run }) => run === short)).toHaveLength(5);
  const points = all.filter(({ run }) => run === long);
  expect(points.length).toBeLessThanOrEqual(50);
  expect(points.map(({ step }) => step)).toEqual(expect.arrayContaining([0, 4321, LENGTH - 1]));
  const stepsOf = async (limit: number, more = {}) =>
    (await history({ limit, runs: [long], ...more })).map(({ step }) => step);
  expect(await stepsOf(1)).toEqual([LENGTH - 1]);
  // Few points are spread evenly, as MLflow's own server spreads them.
  expect(await stepsOf(5, { fromStep: 0, untilStep: 9 })).toEqual([0, 2, 4, 6, 9]);
  expect(await stepsOf(3, { fromStep: 0, untilStep: 9 })).toEqual([0, 4, 9]);
  const some = await history({ fromStep: 2, untilStep: 3 });
  expect(some.map(({ run, step }) => [run, step])).toEqual([
    [long, 2],
    [long, 3],
    [short, 2],
    [short, 3],
  ]);
});
