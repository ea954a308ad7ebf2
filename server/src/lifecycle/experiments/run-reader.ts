import type { Call } from "../../platform/access/index.ts";
import { askDriver, type Database } from "../../platform/database/index.ts";
import { createBoundedMap } from "./bounded-map.ts";
import { coalesce } from "./coalesce.ts";
import { noRun } from "./run-refusals.ts";
import { type KeyedRun, type RunFacts, trackedRunsStore } from "./tracked-runs-store.ts";
import type { TrackedRun } from "./tracking.ts";

/** Runs whose fixed facts are kept in memory. */
const MOST_FACTS = 20_000;

/** Reads runs; readers of one moment share a question. */
export type RunReader = ReturnType<typeof createRunReader>;

/** Makes the reader. */
export function createRunReader({ database }: { database: Pick<Database, "keyed"> }) {
  const store = trackedRunsStore(askDriver(database.keyed));
  const known = createBoundedMap<string, RunFacts>(MOST_FACTS);
  const askRun = coalesce<KeyedRun>(
    async (ids) => new Map((await store.findRuns(ids)).map((found) => [found.facts.id, found])),
  );
  const askFacts = coalesce<RunFacts>(
    async (ids) => new Map((await store.findFacts(ids)).map((found) => [found.id, found])),
  );

  /** A whole run, also a deleted one. */
  async function read(run: string, call: Pick<Call, "scope">): Promise<TrackedRun> {
    const found = await askRun(run);
    if (found === undefined || found.facts.project !== call.scope.project) throw noRun(run);
    known.set(run, found.facts);
    return found.run;
  }

  /** What is fixed about a run; one that was removed for good meanwhile may still be told of. */
  async function facts(run: string, call: Pick<Call, "scope">): Promise<RunFacts> {
    const found = known.get(run) ?? (await askFacts(run));
    if (found === undefined || found.project !== call.scope.project) throw noRun(run);
    known.set(run, found);
    return found;
  }

  return { read, facts, remember: (run: RunFacts) => known.set(run.id, run), forget: known.delete };
}
