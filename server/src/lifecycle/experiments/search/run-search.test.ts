import { randomBytes, randomUUID } from "node:crypto";
import type { Filter } from "@causeway/contract";
import { parseFilter } from "@causeway/contract";
import { sql } from "kysely";
import { expect, it } from "vitest";
import { testDatabase } from "../../../../testing/database.ts";
import { systemCall } from "../../../platform/access/index.ts";
import type { TrackedRun } from "../tracking.ts";
import { createRunSearch } from "./run-search-service.ts";

const { database, db } = await testDatabase();
const call = systemCall({ project: "default", environment: "dev" }, "tester");

/** Every way of finding runs: by walks that reach the end, by walks that stop early, by gathering alone. */
const WAYS = [
  ["a walk", { start: 10_000, metric: 10_000 }],
  ["a short walk", { start: 7, metric: 5 }],
] as const;
const searches = WAYS.map(([name, windows]) => ({ name, search: createRunSearch({ database, windows }) }));

const RUNS = 300;
const LONG = "x".repeat(600);
const NOTES = ["alpha beta", "Alpha", "100%", "a_b", "a\\b", LONG, `${LONG}y`, ""];

const experiments = await db
  .insertInto("experiments_experiments")
  .values(
    [0, 1, 2].map((number) => ({
      project: "default",
      number,
      name: `e${number}`,
      artifact_location: number === 2 ? "s3://bucket/root/?x=1" : null,
    })),
  )
  .returning(["key", "number"])
  .execute();

/** Run `i` as the rows say; every seventh starts with its neighbours at one moment. */
for (let i = 0; i < RUNS; i += 1) {
  const experiment = experiments[i % 3];
  if (experiment === undefined) throw new Error("no experiment");
  const { key } = await db
    .insertInto("experiments_runs")
    .values({
      id: randomBytes(16).toString("hex"),
      project: "default",
      experiment: experiment.number,
      experiment_key: experiment.key,
      name: `run-${i % 40}`,
      state: i % 5 === 0 ? "running" : "finished",
      record: "{}",
      step: null,
      started_at: new Date(1_700_000_000_000 + Math.floor(i / 7) * 1000),
      ended_at: i % 5 === 0 ? null : new Date(1_700_000_000_500 + i * 1000),
      deleted_at: i % 11 === 0 ? new Date() : null,
      user_name: i % 2 === 0 ? "ann" : "Bob",
      created_by: JSON.stringify(call.actor),
    })
    .returning("key")
    .executeTakeFirstOrThrow();
  const own = { run_key: key, experiment_key: experiment.key };
  const params = [
    { name: "depth", value: String(i % 6) },
    ...(i % 3 === 0 ? [{ name: "rare", value: i === 33 ? "one" : "many" }] : []),
  ];
  const tags = [
    { name: "mlflow.runName", value: `run-${i % 40}` },
    ...(i % 4 === 0 ? [] : [{ name: "note", value: NOTES[i % NOTES.length] ?? "" }]),
  ];
  const auc = i % 13 === 0 ? Number.NaN : i % 17 === 0 ? Number.POSITIVE_INFINITY : (i % 25) / 25;
  const metrics = [
    ...(i % 10 === 0 ? [] : [{ name: "auc", value: auc }]),
    { name: "same", value: 1 },
    ...(i % 29 === 0 ? [{ name: "seldom", value: -i }] : []),
  ];
  await db
    .insertInto("experiments_params")
    .values(params.map((one) => ({ ...own, ...one })))
    .execute();
  await db
    .insertInto("experiments_tags")
    .values(tags.map((one) => ({ ...own, ...one })))
    .execute();
  await db
    .insertInto("experiments_metrics")
    .values(
      metrics.map(({ name, value }) => ({
        ...own,
        name,
        last_value: value,
        last_step: 0,
        last_at_ms: 0,
        min: null,
        max: null,
        points: 1,
      })),
    )
    .execute();
  if (i % 8 !== 0) continue;
  const { id } = await db
    .insertInto("experiments_datasets")
    .values({
      experiment_key: experiment.key,
      name: i % 16 === 0 ? "iris" : "wine",
      digest: `d${i % 24}`,
      source_type: "local",
      source: "{}",
    })
    .onConflict((conflict) =>
      conflict.columns(["experiment_key", "name", "digest"]).doUpdateSet({ source: "{}" }),
    )
    .returning("id")
    .executeTakeFirstOrThrow();
  await db
    .insertInto("experiments_run_datasets")
    .values({
      run_key: key,
      dataset: id,
      tags: JSON.stringify(i % 3 === 0 ? { "mlflow.data.context": "train" } : {}),
    })
    .execute();
}
await sql`analyze`.execute(db);

const whole = await searches[0]?.search.searchRuns(
  { filter: "", orderBy: [], view: "all", limit: 1000, experiments: ["0", "1", "2"] },
  call,
);
const all = whole?.items ?? [];

/** What the run holds under a field, by name; undefined when nothing, a list where it may be many. */
function held(run: TrackedRun, group: string, key: string): (string | number)[] {
  const some = (value: string | number | null | undefined) =>
    value === undefined || value === null ? [] : [value];
  switch (group) {
    case "metric":
      return some(run.metrics.find(({ name }) => name === key)?.value);
    case "param":
      return some(run.params[key]);
    case "tag":
      return some(run.tags[key]);
    case "dataset":
      return run.datasets.flatMap(({ dataset, tags }) =>
        some(key === "context" ? tags["mlflow.data.context"] : dataset[key as "name" | "digest"]),
      );
    default:
      return some(
        {
          run_id: run.id,
          run_name: run.name,
          status: run.state.toUpperCase(),
          user_id: run.user,
          artifact_uri: run.artifactUri,
          start_time: run.startedAt.getTime(),
          end_time: run.endedAt?.getTime(),
        }[key],
      );
  }
}

/** The meaning of a filter, said again and plainly. */
function fits(run: TrackedRun, filter: Filter): boolean {
  switch (filter.kind) {
    case "everything":
      return true;
    case "and":
      return filter.clauses.every((clause) => fits(run, clause));
    case "or":
      return filter.clauses.some((clause) => fits(run, clause));
    case "not":
      return !fits(run, filter.clause);
    default: {
      const { comparator, value, field } = filter;
      const values = held(run, field.group, field.key);
      if (comparator === "IS NULL") return values.length === 0;
      if (comparator === "IS NOT NULL") return values.length > 0;
      return values.some((one) => compares(one, comparator, value));
    }
  }
}

function compares(left: string | number, comparator: string, right: unknown): boolean {
  const like = (flags: string) => {
    const source = String(right)
      .replace(/\\([%_\\])|[.*+?^${}()|[\]\\]/g, (found, escaped) =>
        escaped === undefined ? `\\${found}` : escaped === "\\" ? "\\\\" : escaped,
      )
      .replace(/(?<!\\)%/g, "[^]*")
      .replace(/(?<!\\)_/g, "[^]");
    return new RegExp(`^${source}$`, flags).test(String(left));
  };
  const list = Array.isArray(right) ? right : [];
  switch (comparator) {
    case "=":
      return Object.is(left, right) || left === right;
    case "!=":
      return !(Object.is(left, right) || left === right);
    case ">":
      return Number(left) > Number(right);
    case ">=":
      return Number(left) >= Number(right);
    case "<":
      return Number(left) < Number(right);
    case "<=":
      return Number(left) <= Number(right);
    case "LIKE":
      return like("u");
    case "ILIKE":
      return like("iu");
    case "IN":
      return list.includes(left);
    default:
      return !list.includes(left);
  }
}

const FILTERS = [
  "",
  "metrics.auc > 0.5",
  "metrics.auc != 0.2",
  "metrics.auc = NaN",
  "metrics.auc <= -1",
  "metrics.auc IS NULL",
  "metrics.same >= 1",
  "metrics.nothing > 0",
  "metrics.seldom < -100",
  "params.depth = '3'",
  "params.depth != '3'",
  "params.rare = 'one'",
  "params.rare != 'one'",
  "params.rare IS NULL",
  "params.rare IS NOT NULL AND params.depth IN ('0', '3')",
  "params.depth NOT IN ('0', '1', '2')",
  "tags.note LIKE 'alpha%'",
  "tags.note ILIKE 'alpha%'",
  "tags.note LIKE '%pha%'",
  "tags.note LIKE '100\\%'",
  "tags.note LIKE 'a_b'",
  "tags.note LIKE 'a\\_b'",
  "tags.note LIKE 'a\\b'",
  "tags.note = ''",
  `tags.note = '${LONG}'`,
  `tags.note != '${LONG}'`,
  "tags.note LIKE 'xxx%y'",
  "tags.note IS NULL",
  "status = 'RUNNING'",
  "attributes.status != 'RUNNING'",
  "user_id = 'ann'",
  "user_id ILIKE 'BOB'",
  "run_name = 'run-3'",
  "run_name LIKE 'run-1_'",
  "artifact_uri LIKE 's3://bucket/root/%?x=1'",
  "artifact_uri LIKE 'mlflow-artifacts:/1/%/artifacts'",
  "start_time > 1700000010000",
  "start_time >= 1700000010000.5",
  "start_time = 1700000010000",
  "start_time != 1700000010000",
  "start_time < 1e300",
  "end_time < 1700000100000",
  "NOT end_time < 1700000100000",
  "dataset.name = 'iris'",
  "dataset.name != 'iris'",
  "datasets.context = 'train' AND dataset.digest LIKE 'd1%'",
  "datasets.name IN ('wine', 'none')",
  "metrics.auc > 0.5 AND params.depth = '3'",
  "metrics.auc > 0.5 OR params.depth = '3'",
  "NOT (metrics.auc > 0.5 OR params.depth = '3')",
  "NOT params.rare = 'many'",
  "(metrics.auc > 0.8 OR metrics.seldom < 0) AND NOT tags.note LIKE '%a%'",
  "params.depth = '3' AND status = 'FINISHED' AND NOT user_id = 'ann'",
  "status = 'RUNNING' AND metrics.auc IS NULL",
  "params.rare = 'one' AND params.rare = 'many'",
];

const sortedIds = (runs: readonly TrackedRun[]) => runs.map(({ id }) => id).sort();

for (const { name, search } of searches) {
  it.each(FILTERS)(`E3/grammar finds by ${name} what is meant by %s`, async (filter) => {
    const meant = parseFilter(filter, { entity: "runs" });
    for (const asked of [["0", "1", "2"], ["1"]]) {
      const { items, next } = await search.searchRuns(
        { filter, orderBy: [], view: "active", limit: 1000, experiments: asked },
        call,
      );
      expect(next).toBeNull();
      const wanted = all.filter(
        (run) => run.deletedAt === null && asked.includes(run.experiment) && fits(run, meant),
      );
      expect(sortedIds(items)).toEqual(sortedIds(wanted));
    }
  });
}

type Term = { by: (run: TrackedRun) => string | number | null | undefined; ascending: boolean };
const metric = (name: string) => (run: TrackedRun) => run.metrics.find((one) => one.name === name)?.value;
const started: Term = { by: (run) => run.startedAt.getTime(), ascending: false };
const id: Term = { by: (run) => run.id, ascending: true };

/** Numbers, then NaN, then nothing, whatever the direction. */
function inOrder(terms: readonly Term[]) {
  const rank = (value: unknown) => (value === undefined || value === null ? 2 : Number.isNaN(value) ? 1 : 0);
  return (a: TrackedRun, b: TrackedRun): number => {
    for (const { by, ascending } of terms) {
      const [left, right] = [by(a), by(b)];
      if (rank(left) !== rank(right)) return rank(left) - rank(right);
      if (rank(left) > 0 || left === right) continue;
      return (String(left) === left ? left < String(right) : Number(left) < Number(right)) === ascending
        ? -1
        : 1;
    }
    return 0;
  };
}

const ORDERS: [string[], Term[]][] = [
  [[], [started, id]],
  [["start_time ASC"], [{ ...started, ascending: true }, id]],
  [["attributes.created DESC"], [started, id]],
  [["metrics.auc"], [{ by: metric("auc"), ascending: true }, started, id]],
  [["metrics.auc DESC"], [{ by: metric("auc"), ascending: false }, started, id]],
  [
    ["metrics.auc DESC", "start_time DESC"],
    [{ by: metric("auc"), ascending: false }, started, id],
  ],
  [["metrics.same DESC"], [started, id]],
  [["metrics.seldom"], [{ by: metric("seldom"), ascending: true }, started, id]],
  [["metrics.nothing"], [started, id]],
  [
    ["metrics.auc", "params.depth DESC"],
    [
      { by: metric("auc"), ascending: true },
      { by: (run) => run.params["depth"], ascending: false },
      started,
      id,
    ],
  ],
  [["params.rare DESC"], [{ by: (run) => run.params["rare"], ascending: false }, started, id]],
  [["tags.note"], [{ by: (run) => run.tags["note"], ascending: true }, started, id]],
  [["end_time"], [{ by: (run) => run.endedAt?.getTime(), ascending: true }, started, id]],
  [["end_time DESC"], [{ by: (run) => run.endedAt?.getTime(), ascending: false }, started, id]],
  [
    ["`Run name` DESC", "run_id"],
    [{ by: (run) => run.name, ascending: false }, id],
  ],
  [
    ["status", "start_time"],
    [{ by: (run) => run.state.toUpperCase(), ascending: true }, { ...started, ascending: true }, id],
  ],
];

for (const { name, search } of searches) {
  for (const filter of ["", "params.depth != '3'", "params.rare = 'one' OR metrics.auc > 0.9"]) {
    it.each(ORDERS)(
      `E3/keyset pages by ${name} through '${filter}' in the order %j`,
      async (orderBy, terms) => {
        const meant = parseFilter(filter, { entity: "runs" });
        const wanted = all
          .filter((run) => run.deletedAt === null && fits(run, meant))
          .sort(inOrder(terms))
          .map((run) => run.id);
        for (const limit of [13, 1000]) {
          const seen: string[] = [];
          let after: string | undefined;
          do {
            const page = await search.searchRuns(
              { filter, orderBy, view: "active", limit, after, experiments: ["0", "1", "2"] },
              call,
            );
            seen.push(...page.items.map((run) => run.id));
            after = page.next ?? undefined;
          } while (after !== undefined);
          expect(seen).toEqual(wanted);
        }
      },
    );
  }
}

const search = createRunSearch({ database });
const ask = (more: Partial<Parameters<typeof search.searchRuns>[0]>) =>
  search.searchRuns(
    { filter: "", orderBy: [], view: "active", limit: 10, experiments: ["0", "1", "2"], ...more },
    call,
  );

it("E3/keyset goes on behind the same run when others come before it", async () => {
  const first = await ask({ limit: 5 });
  const second = await ask({ limit: 5, after: first.next ?? "" });
  const experiment = experiments[0];
  await db
    .insertInto("experiments_runs")
    .values({
      id: "f".repeat(32),
      project: "default",
      experiment: 0,
      experiment_key: experiment?.key ?? 0,
      name: "late",
      state: "running",
      record: "{}",
      step: null,
      started_at: new Date(1_800_000_000_000),
      created_by: JSON.stringify(call.actor),
    })
    .execute();
  expect((await ask({ limit: 5, after: first.next ?? "" })).items).toEqual(second.items);
  expect((await ask({ limit: 5 })).items.at(0)?.name).toBe("late");
  await db.deleteFrom("experiments_runs").where("id", "=", "f".repeat(32)).execute();
});

it("E3/keyset refuses a token that is not its own, or of another request", async () => {
  const { next } = await ask({ limit: 5 });
  const refused = { code: "INVALID_FIELD", field: "after" };
  for (const after of ["nonsense", Buffer.from("[1,2,3]").toString("base64url"), randomUUID()]) {
    await expect(ask({ after })).rejects.toMatchObject(refused);
  }
  for (const other of [
    { filter: "status = 'RUNNING'" },
    { orderBy: ["start_time"] },
    { view: "all" as const },
  ]) {
    await expect(ask({ after: next ?? "", ...other })).rejects.toMatchObject(refused);
  }
});

it("shows the living, the deleted or all, of the experiments that are named", async () => {
  const count = async (more: Parameters<typeof ask>[0]) => (await ask({ limit: 1000, ...more })).items.length;
  const deleted = all.filter((run) => run.deletedAt !== null).length;
  expect(await count({})).toBe(RUNS - deleted);
  expect(await count({ view: "deleted" })).toBe(deleted);
  expect(await count({ view: "all" })).toBe(RUNS);
  expect(await count({ experiments: [] })).toBe(0);
  expect(await count({ experiments: ["99", "abc"] })).toBe(0);
  const other = { scope: { ...call.scope, project: "other" } };
  const { items } = await search.searchRuns(
    { filter: "", orderBy: [], view: "all", limit: 10, experiments: ["0"] },
    { ...call, ...other },
  );
  expect(items).toEqual([]);
});

it("knows states in any case, and ids", async () => {
  expect((await ask({ filter: "status = 'running'" })).items).toEqual(
    (await ask({ filter: "status = 'RUNNING'" })).items,
  );
  const [first, second] = all.filter((run) => run.deletedAt === null);
  const filter = `run_id IN ('${first?.id.toUpperCase()}', '${second?.id}')`;
  expect((await ask({ filter })).items.map(({ id: found }) => found).sort()).toEqual(
    [first?.id, second?.id].sort(),
  );
});

it("points at what is wrong in a filter and in an order", async () => {
  await expect(ask({ filter: "metrics.auc > 'x'" })).rejects.toMatchObject({
    code: "INVALID_FIELD",
    field: "filter",
    message: "auc: a number is expected, not 'x'\n  metrics.auc > 'x'\n                ^^^",
  });
  await expect(ask({ orderBy: ["metrics.auc UP"] })).rejects.toMatchObject({ field: "orderBy" });
});
