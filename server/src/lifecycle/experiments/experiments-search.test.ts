import { randomBytes, randomUUID } from "node:crypto";
import { RunView } from "@causeway/contract";
import { expect, it } from "vitest";
import { testDatabase } from "../../../testing/database.ts";
import { systemCall } from "../../platform/access/index.ts";
import { createAudit } from "../../platform/audit/index.ts";
import { createExperimentsSearch } from "./experiments-search-service.ts";
import { createRunSearch } from "./search/run-search-service.ts";

const { database, db } = await testDatabase();
const audit = createAudit({ db, newId: randomUUID });
const search = createRunSearch({ database });
const now = () => new Date("2026-11-21T10:00:00.000Z");
const service = createExperimentsSearch({ database, search, audit, now, newId: randomUUID });
const call = systemCall({ project: "default", environment: "dev" }, "tester");

const experiments = await db
  .insertInto("experiments_experiments")
  .values([
    { project: "default", number: 0, name: "churn" },
    { project: "default", number: 1, name: "0" },
  ])
  .returning(["key", "number"])
  .execute();

for (const { key, number } of experiments) {
  const { key: run } = await db
    .insertInto("experiments_runs")
    .values({
      id: randomBytes(16).toString("hex"),
      project: "default",
      experiment: number,
      experiment_key: key,
      name: `run of ${number}`,
      state: "finished",
      record: JSON.stringify({
        data: [],
        code: null,
        config: {},
        seeds: {},
        lock: null,
        runtime: null,
        hardware: null,
      }),
      step: null,
      started_at: new Date(1_700_000_000_000 + number),
      created_by: JSON.stringify(call.actor),
    })
    .returning("key")
    .executeTakeFirstOrThrow();
  const own = { run_key: run, experiment_key: key };
  await db
    .insertInto("experiments_params")
    .values([
      { ...own, name: `depth${number}`, value: "6" },
      { ...own, name: "prompt", value: "long ".repeat(200) },
    ])
    .execute();
  await db
    .insertInto("experiments_tags")
    .values([{ ...own, name: "team", value: "risk" }])
    .execute();
}

const view = (more: Partial<RunView> = {}) => RunView.parse(more);
const ask = (more: Partial<Parameters<typeof service.searchRuns>[0]>) =>
  service.searchRuns({ experiments: [], filter: "", orderBy: [], life: "active", limit: 10, ...more }, call);

it("E3/grammar searches experiments by name or number, or all of the project", async () => {
  const names = async (more: Parameters<typeof ask>[0]) => (await ask(more)).items.map(({ name }) => name);
  expect(await names({})).toEqual(["run of 1", "run of 0"]);
  expect(await names({ experiments: ["churn"] })).toEqual(["run of 0"]);
  // The name goes before the number.
  expect(await names({ experiments: ["0"] })).toEqual(["run of 1"]);
  expect(await names({ filter: "params.depth0 = '6'" })).toEqual(["run of 0"]);
  const { items } = await ask({ filter: "params.depth0 = '6'" });
  expect(items[0]).toMatchObject({ params: { depth0: "6" }, experiment: { id: "0", name: "churn" } });
  await expect(ask({ experiments: ["none"] })).rejects.toMatchObject({
    code: "NOT_FOUND",
    field: "experiment",
  });
});

it("offers the names in use, those of long values too", async () => {
  expect(await service.listSearchKeys({}, call)).toEqual({
    metrics: [],
    params: ["depth0", "depth1", "prompt"],
    tags: ["team"],
  });
  expect((await service.listSearchKeys({ experiment: "churn" }, call)).params).toEqual(["depth0", "prompt"]);
});

it("keeps a view under a name, in place of the one before", async () => {
  const save = (name: string, experiment: string | null, filter: string) =>
    service.saveView({ name, experiment, view: view({ filter, columns: ["metrics.auc"] }) }, call);
  const first = await save("best", "churn", "metrics.auc > 0.9");
  expect(first).toMatchObject({ experiment: "churn", createdBy: call.actor, createdAt: now().toISOString() });
  const again = await save("best", "churn", "metrics.auc > 0.8");
  expect(again.id).toBe(first.id);
  await save("best", null, "");
  await save("all", null, "");
  const { items } = await service.listViews({ limit: 10 }, call);
  expect(items.map(({ name, experiment }) => [name, experiment])).toEqual(
    expect.arrayContaining([
      ["all", null],
      ["best", "churn"],
      ["best", null],
    ]),
  );
  const ofOne = await service.listViews({ limit: 10, experiment: "churn" }, call);
  expect(ofOne.items.map(({ view: kept }) => kept.filter)).toEqual(["metrics.auc > 0.8"]);
  const pages: string[] = [];
  let after: string | undefined;
  do {
    const page = await service.listViews({ limit: 1, after }, call);
    pages.push(...page.items.map(({ id }) => id));
    after = page.next ?? undefined;
  } while (after !== undefined);
  expect(pages).toEqual(items.map(({ id }) => id));
  await service.deleteView({ view: first.id }, call);
  await expect(service.deleteView({ view: first.id }, call)).rejects.toMatchObject({ code: "NOT_FOUND" });
  const { items: trail } = await audit.list({ limit: 10 }, call);
  expect(trail.map(({ action }) => action)).toContain("experiments.view-deleted");
});

it("refuses a view that could not be searched by", async () => {
  await expect(
    service.saveView({ name: "broken", experiment: null, view: view({ filter: "metrics.auc >" }) }, call),
  ).rejects.toMatchObject({ code: "INVALID_FIELD", field: "filter" });
  await expect(service.listViews({ limit: 1, after: "nonsense" }, call)).rejects.toMatchObject({
    field: "after",
  });
});
