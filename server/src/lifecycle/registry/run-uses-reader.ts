import type { FindRunUses } from "../experiments/index.ts";
import { runUsesStore } from "./run-uses-store.ts";

/** The runs and logged models that versions were made from, for a clean-up, which leaves them: they tell how a version came to be. */
export const findRegisteredRuns: FindRunUses = async (db, asked) => {
  const uses = new Map<string, string>();
  if (asked.runs.length + asked.models.length === 0) return uses;
  for (const { model, version, run, loggedModel } of await runUsesStore(db).listMadeFrom(asked)) {
    const reason = `${model}@${version} was made from it; delete that version first: npx --no causeway registry delete ${model}@${version}`;
    for (const id of [run, loggedModel]) if (id !== null && !uses.has(id)) uses.set(id, reason);
  }
  return new Map([...uses].filter(([id]) => asked.runs.includes(id) || asked.models.includes(id)));
};
