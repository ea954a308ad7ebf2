import type { Actor, Gate, GateRule, RuleVerdict, Scope } from "@causeway/contract";
import type { Selectable } from "kysely";
import type { Db, Schema, Tx } from "../../platform/database/index.ts";
import { judgingStateStore } from "./judging-state-store.ts";

/** A gate before it is judged. */
export type NewGate = Scope & {
  readonly id: string;
  readonly model: string;
  readonly version: number;
  readonly digest: string;
  readonly champion: number | null;
  readonly championDigest: string | null;
  readonly dataset: string;
  readonly datasetVersion: string;
  readonly target: string;
  readonly rules: readonly GateRule[];
  readonly createdAt: Date;
  readonly createdBy: Actor;
};

/** What a judge found. */
export type GateFindings = {
  readonly rows: number;
  readonly passed: boolean;
  readonly verdicts: readonly RuleVerdict[];
  readonly summary: string;
};

/** A gate with the rules that it is judged by. */
export type StoredGate = Gate & { readonly rules: readonly GateRule[] };

/** Statements on gates. */
export function gatesStore(db: Db | Tx) {
  return {
    ...judgingStateStore(db, "gates"),

    async insert(gate: NewGate): Promise<StoredGate> {
      const row = await db
        .insertInto("registry_gates")
        .values({
          id: gate.id,
          project: gate.project,
          environment: gate.environment,
          model: gate.model,
          version: gate.version,
          digest: gate.digest,
          champion: gate.champion,
          champion_digest: gate.championDigest,
          dataset: gate.dataset,
          dataset_version: gate.datasetVersion,
          target: gate.target,
          rules: JSON.stringify(gate.rules),
          created_at: gate.createdAt,
          created_by: JSON.stringify(gate.createdBy),
        })
        .returningAll()
        .executeTakeFirstOrThrow();
      return gateOf(row);
    },

    async find(scope: Scope, id: string): Promise<StoredGate | undefined> {
      const row = await db
        .selectFrom("registry_gates")
        .selectAll()
        .where("project", "=", scope.project)
        .where("environment", "=", scope.environment)
        .where("id", "=", id)
        .executeTakeFirst();
      return row === undefined ? undefined : gateOf(row);
    },

    /** Newest first; `after` is the id of the last of the page before. */
    async list(filter: {
      scope: Scope;
      model: string;
      version: number;
      after: string | undefined;
      limit: number;
    }): Promise<StoredGate[]> {
      const rows = await db
        .selectFrom("registry_gates")
        .selectAll()
        .where("project", "=", filter.scope.project)
        .where("environment", "=", filter.scope.environment)
        .where("model", "=", filter.model)
        .where("version", "=", filter.version)
        .$if(filter.after !== undefined, (query) => query.where("id", "<", filter.after ?? ""))
        .orderBy("id", "desc")
        .limit(filter.limit)
        .execute();
      return rows.map(gateOf);
    },

    async finish(id: string, found: GateFindings, endedAt: Date): Promise<void> {
      await db
        .updateTable("registry_gates")
        .set({
          state: "succeeded",
          rows: found.rows,
          passed: found.passed,
          verdicts: JSON.stringify(found.verdicts),
          summary: found.summary,
          ended_at: endedAt,
        })
        .where("id", "=", id)
        .execute();
    },
  };
}

function gateOf(row: Selectable<Schema["registry_gates"]>): StoredGate {
  return {
    id: row.id,
    model: row.model,
    version: row.version,
    digest: row.digest,
    champion: row.champion,
    championDigest: row.champion_digest,
    dataset: row.dataset,
    datasetVersion: row.dataset_version,
    target: row.target,
    rows: row.rows,
    state: row.state,
    passed: row.passed,
    verdicts: row.verdicts,
    rules: row.rules,
    summary: row.summary,
    problem: row.problem,
    failure: row.failure,
    environment: row.environment,
    createdAt: row.created_at.toISOString(),
    createdBy: row.created_by,
    endedAt: row.ended_at?.toISOString() ?? null,
  };
}
