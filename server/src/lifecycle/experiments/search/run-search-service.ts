import type { Call } from "../../../platform/access/index.ts";
import { askDriver, type Database } from "../../../platform/database/index.ts";
import { createCurveSampler } from "../curves/curve-sampler-service.ts";
import { loggedModelsStore } from "../logged-models-store.ts";
import { trackedExperimentsStore } from "../tracked-experiments-store.ts";
import { trackedRunsStore } from "../tracked-runs-store.ts";
import type { Found, SearchRequest, Tracking } from "../tracking.ts";
import { experimentKeys, experimentSearchStore } from "./experiment-search-store.ts";
import { findRuns, WINDOWS } from "./find-runs-step.ts";
import { loggedModelSearchStore, modelKeys } from "./logged-model-search-store.ts";
import { readPageToken, type SortValue, writePageToken } from "./page-token.ts";
import { readFilter, readOrders } from "./read-request.ts";
import { countRunKeys } from "./run-order.ts";
import { numbersAmong, type RunQuery, runSearchStore } from "./run-search-store.ts";

/** Searches of experiments, runs and logged models. */
export type RunSearch = ReturnType<typeof createRunSearch>;

/** What searches are made from. */
export type RunSearchParts = {
  readonly database: Pick<Database, "db" | "pool" | "keyed">;
  /** How many runs are looked at one by one. */
  readonly windows?: RunQuery["windows"];
};

/** Makes the searches behind clients that track. */
export function createRunSearch({ database, windows = WINDOWS }: RunSearchParts) {
  const { db, keyed } = database;
  const sampler = createCurveSampler({ database });

  /** Keys of runs in the experiments of these keys, in order. */
  async function findRunKeys(
    input: SearchRequest & { experiments: readonly number[] },
    call: Pick<Call, "scope">,
  ): Promise<Found<number>> {
    const { project } = call.scope;
    const filter = readFilter(input.filter, "runs");
    const terms = readOrders(input.orderBy, "runs");
    const request = fingerprintOf("runs", project, input);
    const after = readPageToken(input.after, request, countRunKeys(terms));
    const { experiments, view, limit } = input;
    if (experiments.length === 0) return { items: [], next: null };
    const query = { project, experiments, filter, view, limit: limit + 1, after, windows };
    return cut(await findRuns(db, query, terms), limit, { request, item: ({ key }) => key });
  }

  const searchRuns: Tracking["searchRuns"] = async (input, call) => {
    const experiments = await runSearchStore(db).keysOf(call.scope.project, input.experiments);
    const { items, next } = await findRunKeys({ ...input, experiments }, call);
    return { items: await trackedRunsStore(askDriver(keyed)).listRuns(items), next };
  };

  const searchExperiments: Tracking["searchExperiments"] = async (input, call) => {
    const { project } = call.scope;
    const filter = readFilter(input.filter, "experiments");
    const terms = readOrders(input.orderBy, "experiments");
    const request = fingerprintOf("experiments", project, input);
    const after = readPageToken(input.after, request, experimentKeys(terms).length);
    const query = { project, filter, terms, view: input.view, limit: input.limit + 1, after };
    const found = await experimentSearchStore(db).find(query);
    const { items, next } = cut(found, input.limit, { request, item: ({ key }) => key });
    return { items: await trackedExperimentsStore(db).listByKeys(items), next };
  };

  const searchLoggedModels: Tracking["searchLoggedModels"] = async (input, call) => {
    const { project } = call.scope;
    const filter = readFilter(input.filter, "logged-models");
    const { orderBy: terms, datasets, limit } = input;
    const request = JSON.stringify(["models", project, input.experiments, input.filter, datasets, terms]);
    const after = readPageToken(input.after, request, modelKeys(terms).length);
    const experiments = numbersAmong(input.experiments);
    const query = { project, experiments, filter, datasets, terms, limit: limit + 1, after };
    const found = await loggedModelSearchStore(db).find(query);
    const { items, next } = cut(found, limit, { request, item: ({ id }) => id });
    return { items: await loggedModelsStore(db).listByIds(project, items), next };
  };

  return {
    findRunKeys,
    searchRuns,
    searchExperiments,
    searchLoggedModels,
    sampledHistory: sampler.sampledHistory,
  };
}

type Placed = { readonly values: readonly SortValue[] };

/** Cuts a page out of one row more than wanted; the token goes on behind the page's last. */
function cut<Row extends Placed, Item>(
  rows: readonly Row[],
  limit: number,
  { request, item }: { request: string; item: (row: Row) => Item },
): Found<Item> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const next = rows.length > limit && last !== undefined ? writePageToken(request, last.values) : null;
  return { items: shown.map(item), next };
}

function fingerprintOf(
  what: string,
  project: string,
  { filter, orderBy, view, ...rest }: SearchRequest & { experiments?: readonly (string | number)[] },
): string {
  return JSON.stringify([what, project, filter, orderBy, view, rest.experiments ?? []]);
}
