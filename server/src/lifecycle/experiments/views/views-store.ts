import type { Actor, RunView } from "@causeway/contract";
import type { Db, Tx } from "../../../platform/database/index.ts";

/** A kept view with the name of its experiment. */
export type StoredView = {
  id: string;
  name: string;
  experiment: string | null;
  view: RunView;
  createdAt: Date;
  createdBy: Actor;
};

/** Statements on kept views. */
export function viewsStore(db: Db | Tx) {
  const views = (project: string) =>
    db
      .selectFrom("experiments_views as view")
      .leftJoin("experiments_experiments as experiment", "experiment.key", "view.experiment_key")
      .select([
        "view.id",
        "view.name",
        "experiment.name as experiment",
        "view.view",
        "view.created_at as createdAt",
        "view.created_by as createdBy",
      ])
      .where("view.project", "=", project);

  return {
    /** Keeps a view in place of the one of its name; answers the id that it has. */
    async upsert(view: {
      id: string;
      project: string;
      experimentKey: number | null;
      name: string;
      view: RunView;
      createdAt: Date;
      createdBy: Actor;
    }): Promise<string> {
      const content = JSON.stringify(view.view);
      const { id } = await db
        .insertInto("experiments_views")
        .values({
          id: view.id,
          project: view.project,
          experiment_key: view.experimentKey,
          name: view.name,
          view: content,
          created_at: view.createdAt,
          created_by: JSON.stringify(view.createdBy),
        })
        .onConflict((conflict) =>
          conflict.columns(["project", "experiment_key", "name"]).doUpdateSet({ view: content }),
        )
        .returning("id")
        .executeTakeFirstOrThrow();
      return id;
    },

    find(project: string, id: string): Promise<StoredView | undefined> {
      return views(project).where("view.id", "=", id).executeTakeFirst();
    },

    list(filter: {
      project: string;
      experimentKey: number | undefined;
      after: { name: string; id: string } | undefined;
      limit: number;
    }): Promise<StoredView[]> {
      const { after, experimentKey } = filter;
      return views(filter.project)
        .$if(experimentKey !== undefined, (query) =>
          query.where("view.experiment_key", "=", experimentKey ?? 0),
        )
        .$if(after !== undefined, (query) =>
          query.where((is) =>
            is.or([
              is("view.name", ">", after?.name ?? ""),
              is.and([is("view.name", "=", after?.name ?? ""), is("view.id", ">", after?.id ?? "")]),
            ]),
          ),
        )
        .orderBy("view.name")
        .orderBy("view.id")
        .limit(filter.limit)
        .execute();
    },

    /** Removes a view; answers what it was, or undefined. */
    delete(project: string, id: string): Promise<{ name: string } | undefined> {
      return db
        .deleteFrom("experiments_views")
        .where("project", "=", project)
        .where("id", "=", id)
        .returning("name")
        .executeTakeFirst();
    },
  };
}
