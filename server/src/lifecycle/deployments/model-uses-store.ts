import type { Environment } from "@causeway/contract";
import type { Db, Tx } from "../../platform/database/index.ts";

/** Statements on which deployments live from a model. */
export function modelUsesStore(db: Db | Tx) {
  return {
    /**
     * Deployments that serve a version or are to; without a version, those that ever served one of the model: their logs and
     * monitors name it.
     */
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
            .onRef("revision.deployment", "=", "deployment.name"),
        )
        .select(["deployment.name", "deployment.environment"])
        .distinct()
        .where("deployment.project", "=", key.project)
        .where("deployment.deleted_at", "is", null)
        .where("revision.model", "=", key.model)
        .$if(key.version !== undefined, (query) =>
          query
            .where("revision.version", "=", key.version ?? 0)
            .where((where) =>
              where.or([
                where("revision.number", "=", where.ref("deployment.revision")),
                where("revision.number", "=", where.ref("deployment.serving")),
              ]),
            ),
        )
        .orderBy("deployment.environment")
        .orderBy("deployment.name")
        .execute();
    },
  };
}
