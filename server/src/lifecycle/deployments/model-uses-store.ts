import type { Environment } from "@causeway/contract";
import type { Db, Tx } from "../../platform/database/index.ts";

/** Statements on which deployments live from a model. */
export function modelUsesStore(db: Db | Tx) {
  return {
    /** Deployments that serve or are to serve a model, or one version of it, and those that follow it by a reference. */
    async listServing(key: {
      project: string;
      model: string;
      version?: number;
    }): Promise<{ name: string; environment: Environment }[]> {
      return db
        .selectFrom("deployments_deployments as deployment")
        .innerJoin("deployments_revisions as revision", (join) =>
          join
            .onRef("revision.project", "=", "deployment.project")
            .onRef("revision.environment", "=", "deployment.environment")
            .onRef("revision.deployment", "=", "deployment.name")
            .on((on) =>
              on.or([
                on("revision.number", "=", on.ref("deployment.revision")),
                on("revision.number", "=", on.ref("deployment.serving")),
              ]),
            ),
        )
        .select(["deployment.name", "deployment.environment"])
        .where("deployment.project", "=", key.project)
        .where("deployment.deleted_at", "is", null)
        .where("revision.model", "=", key.model)
        .$if(key.version !== undefined, (query) => query.where("revision.version", "=", key.version ?? 0))
        .orderBy("deployment.environment")
        .orderBy("deployment.name")
        .execute();
    },
  };
}
