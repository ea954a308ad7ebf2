import type { Actor, Environment } from "@causeway/contract";
import { AliasRule } from "@causeway/contract";
import type { Db, Tx } from "../../platform/database/index.ts";

/** What names an alias. */
export type AliasKey = { project: string; environment: Environment; model: string; alias: string };

/** One move of an alias; `version` is null where it was removed. */
export type StoredAliasChange = {
  readonly id: string;
  readonly project: string;
  readonly environment: Environment;
  readonly model: string;
  readonly alias: string;
  readonly version: number | null;
  readonly previous: number | null;
  readonly changedAt: Date;
  readonly changedBy: Actor;
};

/** Statements on who may move aliases. */
export function aliasRulesStore(db: Db | Tx) {
  return {
    async find(key: AliasKey): Promise<AliasRule | undefined> {
      const row = await db
        .selectFrom("registry_alias_rules")
        .select("rule")
        .where("project", "=", key.project)
        .where("environment", "=", key.environment)
        .where("model", "=", key.model)
        .where("alias", "=", key.alias)
        .executeTakeFirst();
      // Members that a later program adds to the rule take their defaults in rows of before.
      return row === undefined ? undefined : AliasRule.parse(row.rule);
    },

    async put(key: AliasKey, change: { rule: AliasRule; changedAt: Date; changedBy: Actor }): Promise<void> {
      const values = {
        rule: JSON.stringify(change.rule),
        changed_at: change.changedAt,
        changed_by: JSON.stringify(change.changedBy),
      };
      await db
        .insertInto("registry_alias_rules")
        .values({ ...key, ...values })
        .onConflict((conflict) =>
          conflict.columns(["project", "environment", "model", "alias"]).doUpdateSet(values),
        )
        .execute();
    },
  };
}
