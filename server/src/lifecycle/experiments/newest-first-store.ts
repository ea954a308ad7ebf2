import { fail } from "@causeway/contract";
import { sql } from "kysely";
import { askWithin, type Database } from "../../platform/database/index.ts";
import { loggedModelsStore } from "./logged-models-store.ts";
import { trackedExperimentsStore } from "./tracked-experiments-store.ts";
import { trackedRunsStore } from "./tracked-runs-store.ts";
import type { LifeView, Tracking } from "./tracking.ts";

const DELETED = { active: [false], deleted: [true], all: [false, true] } satisfies Record<
  LifeView,
  boolean[]
>;

/** Searches without a filter, newest first, one page. */
export function newestFirst({
  database: { db },
}: {
  database: Pick<Database, "db">;
}): Pick<Tracking, "searchExperiments" | "searchRuns" | "searchLoggedModels" | "sampledHistory"> {
  const numbers = (experiments: readonly string[]) =>
    experiments.filter((id) => /^\d{1,9}$/.test(id)).map(Number);
  return {
    searchExperiments: async ({ filter, view, limit }, call) => {
      refuseFilter(filter);
      const { rows } = await sql<{ key: number }>`select key from experiments_experiments
        where project = ${call.scope.project} and (deleted_at is not null) = any(${DELETED[view]}::boolean[])
        order by created_at desc, number limit ${limit}`.execute(db);
      return { items: await trackedExperimentsStore(db).listByKeys(rows.map(({ key }) => key)), next: null };
    },
    searchRuns: async ({ filter, experiments, view, limit }, call) => {
      refuseFilter(filter);
      const { rows } = await sql<{ key: number }>`select key from experiments_runs
        where project = ${call.scope.project} and experiment = any(${numbers(experiments)}::integer[])
          and (deleted_at is not null) = any(${DELETED[view]}::boolean[])
        order by started_at desc, id limit ${limit}`.execute(db);
      return {
        items: await trackedRunsStore(askWithin(db)).listRuns(rows.map(({ key }) => key)),
        next: null,
      };
    },
    searchLoggedModels: async ({ filter = "", experiments, limit }, call) => {
      refuseFilter(filter);
      const { rows } = await sql<{ id: string }>`select model.id from experiments_models as model
        join experiments_experiments as experiment on experiment.key = model.experiment_key
        where project = ${call.scope.project} and number = any(${numbers(experiments)}::integer[])
          and model.deleted_at is null
        order by model.created_at desc, model.id limit ${limit}`.execute(db);
      const ids = rows.map(({ id }) => id);
      return { items: await loggedModelsStore(db).listByIds(call.scope.project, ids), next: null };
    },
    sampledHistory: async ({ runs, name, fromStep, untilStep, limit }, call) => {
      const { rows } = await sql<{ run: string; step: number; atMs: number; value: number }>`
        select run.id as run, point.step, point.at_ms as "atMs", point.value
        from experiments_runs as run
        join experiments_metrics as metric on metric.run_key = run.key and metric.name = ${name}
        cross join lateral (
          select * from experiments_points where series = metric.id
            and step >= ${fromStep ?? Number.MIN_SAFE_INTEGER} and step <= ${untilStep ?? Number.MAX_SAFE_INTEGER}
          order by step, at_ms, value limit ${limit}
        ) as point
        where run.project = ${call.scope.project} and run.id = any(${[...runs]}::text[])`.execute(db);
      return rows.map((row) => ({ name, ...row }));
    },
  };
}

function refuseFilter(filter: string): void {
  if (filter.trim() === "") return;
  throw fail("INVALID_FIELD", { message: "a filter is not understood here", field: "filter", value: filter });
}
