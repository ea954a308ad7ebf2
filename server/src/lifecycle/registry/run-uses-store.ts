import type { Db, Tx } from "../../platform/database/index.ts";

/** Statements on which runs and logged models versions were made from. */
export function runUsesStore(db: Db | Tx) {
  return {
    listMadeFrom(asked: {
      project: string;
      runs: readonly string[];
      models: readonly string[];
    }): Promise<{ model: string; version: number; run: string | null; loggedModel: string | null }[]> {
      return db
        .selectFrom("registry_versions")
        .select(["model", "version", "run", "logged_model as loggedModel"])
        .where("project", "=", asked.project)
        .where("deleted_at", "is", null)
        .where((is) =>
          is.or([
            ...(asked.runs.length === 0 ? [] : [is("run", "in", [...asked.runs])]),
            ...(asked.models.length === 0 ? [] : [is("logged_model", "in", [...asked.models])]),
          ]),
        )
        .orderBy("model")
        .orderBy("version")
        .execute();
    },
  };
}
