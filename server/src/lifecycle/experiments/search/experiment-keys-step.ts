import { fail } from "@causeway/contract";
import type { Db } from "../../../platform/database/index.ts";
import { runSearchStore } from "./run-search-store.ts";

/** Keys of experiments by their names or numbers, in the order asked for; a name goes before a number. */
export async function findExperimentKeys(
  db: Db,
  project: string,
  asked: readonly string[],
): Promise<number[]> {
  const found = await runSearchStore(db).findExperiments(project, asked);
  const keys = new Map([
    ...found.map(({ key, number }) => [String(number), key] as const),
    ...found.map(({ key, name }) => [name, key] as const),
  ]);
  return asked.map((experiment) => {
    const key = keys.get(experiment);
    if (key !== undefined) return key;
    throw fail("NOT_FOUND", {
      message: `there is no experiment ${experiment}`,
      field: "experiment",
      value: experiment,
      help: "npx --no causeway experiments list",
    });
  });
}
