import { askDriver, type Database } from "../../platform/database/index.ts";
import type { RunFacts } from "./tracked-runs-store.ts";

/** Channel on which changed runs are told, as `<key of the experiment>:<run>`. */
export const RUNS_CHANNEL = "causeway_runs";

/** How long changes gather. Pages look four times a second at most. */
const GATHER_MS = 200;

/** Tells pages which runs changed. */
export type RunNotices = ReturnType<typeof createRunNotices>;

/**
 * Makes the teller. It tells shortly after a commit and not within it: a commit that notifies waits for every other that does.
 * What a killed process did not tell is seen with the next change or look.
 */
export function createRunNotices({ database }: { database: Pick<Database, "keyed"> }) {
  const ask = askDriver(database.keyed);
  let changed = new Set<string>();

  function mark(runs: readonly Pick<RunFacts, "id" | "experimentKey">[]): void {
    if (changed.size === 0 && runs.length > 0) setTimeout(tell, GATHER_MS).unref();
    for (const run of runs) changed.add(runPayload(run));
  }

  function tell(): void {
    const payloads = [...changed];
    changed = new Set();
    const statement = { text: "select pg_notify($1, payload) from unnest($2::text[]) as payload" };
    // A database that is away has no page to tell either: they read anew when it is back.
    ask(statement, [RUNS_CHANNEL, payloads]).catch(() => undefined);
  }

  return { mark };
}

/** How a changed run is told. */
export function runPayload({ id, experimentKey }: Pick<RunFacts, "id" | "experimentKey">): string {
  return `${experimentKey}:${id}`;
}
