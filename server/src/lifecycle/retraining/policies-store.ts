import { type Actor, type Environment, PolicySettings, type Scope } from "@causeway/contract";
import type { Selectable } from "kysely";
import type { Db, Schema, Tx } from "../../platform/database/index.ts";

/** A policy as it is stored. */
export type PolicyRow = {
  readonly id: string;
  readonly project: string;
  readonly environment: Environment;
  readonly name: string;
  readonly deployment: string;
  readonly monitor: string;
  readonly model: string;
  readonly settings: PolicySettings;
  readonly paused: boolean;
  /** Cycles that were begun. */
  readonly cycles: number;
  /** What was told last of a trigger that is held back, as a key and as a sentence. */
  readonly held: string | null;
  readonly heldReason: string | null;
  /** Digest of the Parquet file of the labelled rows that were seen. */
  readonly gathered: string | null;
  /** Server time up to which schedules were looked at. */
  readonly consideredAt: Date;
  readonly createdAt: Date;
  readonly createdBy: Actor;
  readonly deletedAt: Date | null;
};

/** Statements on policies. */
export function policiesStore(db: Db | Tx) {
  return {
    async insert(
      policy: Omit<PolicyRow, "paused" | "cycles" | "held" | "heldReason" | "gathered" | "deletedAt">,
    ): Promise<void> {
      await db
        .insertInto("retraining_policies")
        .values({
          id: policy.id,
          project: policy.project,
          environment: policy.environment,
          name: policy.name,
          deployment: policy.deployment,
          monitor: policy.monitor,
          model: policy.model,
          settings: JSON.stringify(policy.settings),
          considered_at: policy.consideredAt,
          created_at: policy.createdAt,
          created_by: JSON.stringify(policy.createdBy),
        })
        .execute();
    },

    async find(scope: Scope, name: string): Promise<PolicyRow | undefined> {
      const row = await db
        .selectFrom("retraining_policies")
        .selectAll()
        .where("project", "=", scope.project)
        .where("environment", "=", scope.environment)
        .where("name", "=", name)
        .where("deleted_at", "is", null)
        .executeTakeFirst();
      return row === undefined ? undefined : policyOf(row);
    },

    /** The newest policy that had a name, ended or not: its story stays. */
    async findEver(scope: Scope, name: string): Promise<PolicyRow | undefined> {
      const row = await db
        .selectFrom("retraining_policies")
        .selectAll()
        .where("project", "=", scope.project)
        .where("environment", "=", scope.environment)
        .where("name", "=", name)
        .orderBy("created_at", "desc")
        .executeTakeFirst();
      return row === undefined ? undefined : policyOf(row);
    },

    async get(id: string): Promise<PolicyRow> {
      const row = await db
        .selectFrom("retraining_policies")
        .selectAll()
        .where("id", "=", id)
        .executeTakeFirstOrThrow();
      return policyOf(row);
    },

    /** The policy for changes, one transaction at a time. */
    async lock(id: string): Promise<PolicyRow> {
      const row = await db
        .selectFrom("retraining_policies")
        .selectAll()
        .where("id", "=", id)
        .forUpdate()
        .executeTakeFirstOrThrow();
      return policyOf(row);
    },

    /** By name; `after` is the name of the last policy of the page before. */
    async list(page: {
      scope: Scope;
      deployment: string | undefined;
      after: string | undefined;
      limit: number;
    }): Promise<PolicyRow[]> {
      const rows = await db
        .selectFrom("retraining_policies")
        .selectAll()
        .where("project", "=", page.scope.project)
        .where("environment", "=", page.scope.environment)
        .where("deleted_at", "is", null)
        .$if(page.deployment !== undefined, (query) => query.where("deployment", "=", page.deployment ?? ""))
        .$if(page.after !== undefined, (query) => query.where("name", ">", page.after ?? ""))
        .orderBy("name")
        .limit(page.limit)
        .execute();
      return rows.map(policyOf);
    },

    async listFollowing(scope: Scope, monitor: string): Promise<PolicyRow[]> {
      const rows = await db
        .selectFrom("retraining_policies")
        .selectAll()
        .where("project", "=", scope.project)
        .where("environment", "=", scope.environment)
        .where("monitor", "=", monitor)
        .where("deleted_at", "is", null)
        .orderBy("id")
        .execute();
      return rows.map(policyOf);
    },

    /** Every policy of the installation: schedules are looked at for all of them. */
    async listAll(): Promise<PolicyRow[]> {
      const rows = await db
        .selectFrom("retraining_policies")
        .selectAll()
        .where("deleted_at", "is", null)
        .orderBy("id")
        .execute();
      return rows.map(policyOf);
    },

    async listByIds(ids: readonly string[]): Promise<PolicyRow[]> {
      if (ids.length === 0) return [];
      const rows = await db
        .selectFrom("retraining_policies")
        .selectAll()
        .where("id", "in", [...ids])
        .execute();
      return rows.map(policyOf);
    },

    async update(
      id: string,
      change: Partial<
        Pick<
          PolicyRow,
          "settings" | "paused" | "cycles" | "held" | "heldReason" | "gathered" | "consideredAt" | "deletedAt"
        >
      >,
    ): Promise<void> {
      const { settings, heldReason, consideredAt, deletedAt, ...same } = change;
      await db
        .updateTable("retraining_policies")
        .set({
          ...same,
          ...(settings === undefined ? {} : { settings: JSON.stringify(settings) }),
          ...(heldReason === undefined ? {} : { held_reason: heldReason }),
          ...(consideredAt === undefined ? {} : { considered_at: consideredAt }),
          ...(deletedAt === undefined ? {} : { deleted_at: deletedAt }),
        })
        .where("id", "=", id)
        .execute();
    },
  };
}

function policyOf(row: Selectable<Schema["retraining_policies"]>): PolicyRow {
  return {
    id: row.id,
    project: row.project,
    environment: row.environment,
    name: row.name,
    deployment: row.deployment,
    monitor: row.monitor,
    model: row.model,
    // A policy from before a setting was there has its default.
    settings: PolicySettings.parse(row.settings),
    paused: row.paused,
    cycles: row.cycles,
    held: row.held,
    heldReason: row.held_reason,
    gathered: row.gathered,
    consideredAt: row.considered_at,
    createdAt: row.created_at,
    createdBy: row.created_by,
    deletedAt: row.deleted_at,
  };
}
