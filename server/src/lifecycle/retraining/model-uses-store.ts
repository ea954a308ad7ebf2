import type { Environment } from "@causeway/contract";
import type { Db, Tx } from "../../platform/database/index.ts";

/** Statements on which policies live from a model. */
export function modelUsesStore(db: Db | Tx) {
  return {
    /** Policies that retrain a model; with a version, those whose cycle under way is about that version. */
    async listPolicies(key: {
      project: string;
      model: string;
      version?: number;
    }): Promise<{ name: string; environment: Environment }[]> {
      const { version } = key;
      return db
        .selectFrom("retraining_policies as policy")
        .select(["policy.name", "policy.environment"])
        .where("policy.project", "=", key.project)
        .where("policy.model", "=", key.model)
        .where("policy.deleted_at", "is", null)
        .$if(version !== undefined, (query) =>
          query.where((where) =>
            where.exists(
              where
                .selectFrom("retraining_cycles as cycle")
                .select("cycle.number")
                .whereRef("cycle.policy", "=", "policy.id")
                .where("cycle.ended_at", "is", null)
                .where((among) =>
                  among.or([
                    among("cycle.champion", "=", version ?? 0),
                    among("cycle.challenger", "=", version ?? 0),
                    among("cycle.candidate", "=", version ?? 0),
                  ]),
                ),
            ),
          ),
        )
        .orderBy("policy.environment")
        .orderBy("policy.name")
        .execute();
    },
  };
}
