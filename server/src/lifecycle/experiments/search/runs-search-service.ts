import type { LifeView, Run, SearchKeys } from "@causeway/contract";
import type { Call } from "../../../platform/access/index.ts";
import type { Database } from "../../../platform/database/index.ts";
import { experimentsStore } from "../experiments-store.ts";
import { runDetailsStore } from "../run-details-store.ts";
import { viewRuns } from "../run-view.ts";
import { findExperimentKeys } from "./experiment-keys-step.ts";
import type { RunSearch } from "./run-search-service.ts";
import { runSearchStore } from "./run-search-store.ts";
import { searchKeysStore } from "./search-keys-store.ts";

/** Makes what answers searches of runs in the product's own words. */
export function createRunsSearch({
  database: { db },
  search,
}: {
  database: Pick<Database, "db">;
  search: Pick<RunSearch, "findRunKeys">;
}) {
  async function searchRuns(
    input: {
      experiments: readonly string[];
      filter: string;
      orderBy: readonly string[];
      life: LifeView;
      limit: number;
      after?: string | undefined;
    },
    call: Call,
  ): Promise<{ items: Run[]; next: string | null }> {
    const { project } = call.scope;
    const { experiments: asked, life: view, ...rest } = input;
    const experiments =
      asked.length === 0
        ? await runSearchStore(db).listExperimentKeys(project, view)
        : await findExperimentKeys(db, project, asked);
    const { items: keys, next } = await search.findRunKeys({ ...rest, view, experiments }, call);
    if (keys.length === 0) return { items: [], next };
    const runs = new Map((await experimentsStore(db).listByKeys(keys)).map((run) => [run.key, run]));
    const sorted = keys.flatMap((key) => runs.get(key) ?? []);
    return { items: viewRuns(sorted, await runDetailsStore(db).load(sorted)), next };
  }

  async function listSearchKeys(
    { experiment }: { experiment?: string | undefined },
    call: Call,
  ): Promise<SearchKeys> {
    const { project } = call.scope;
    const experiments =
      experiment === undefined
        ? await runSearchStore(db).listExperimentKeys(project, "active")
        : await findExperimentKeys(db, project, [experiment]);
    const store = searchKeysStore(db);
    const [metrics, params, tags] = await Promise.all([
      store.metrics(experiments),
      store.params(experiments),
      store.tags(experiments),
    ]);
    return { metrics, params, tags };
  }

  return { searchRuns, listSearchKeys };
}
