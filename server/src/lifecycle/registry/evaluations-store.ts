import type { Actor, EvaluationReport, Scope, VersionEvaluation } from "@causeway/contract";
import type { Selectable } from "kysely";
import type { Db, Schema, Tx } from "../../platform/database/index.ts";
import { judgingStateStore } from "./judging-state-store.ts";

type VersionKey = { readonly project: string; readonly model: string; readonly version: number };

/** An evaluation that is asked for. */
export type NewEvaluation = Scope & {
  readonly id: string;
  readonly model: string;
  readonly version: number;
  readonly work: string;
  readonly dataset: string;
  readonly datasetVersion: string;
  readonly target: string;
  readonly positive: string | null;
  readonly createdAt: Date;
  readonly createdBy: Actor;
};

/** An evaluation as it is kept; the report is the version's own. */
export type StoredEvaluation = Omit<VersionEvaluation, "report" | "progress"> & {
  readonly work: string;
  /** The document that the last one that succeeded gave the version. */
  readonly reference: string | null;
};

/** An evaluation beside its version's report, if it is the one that it gave. */
export type AnsweredEvaluation = StoredEvaluation & { readonly report: EvaluationReport | null };

/** Statements on evaluations of registered versions. */
export function evaluationsStore(db: Db | Tx) {
  return {
    ...judgingStateStore(db, "evaluations"),

    async find({ project, model, version }: VersionKey): Promise<StoredEvaluation | undefined> {
      const row = await db
        .selectFrom("registry_evaluations")
        .selectAll()
        .where("project", "=", project)
        .where("model", "=", model)
        .where("version", "=", version)
        .executeTakeFirst();
      return row === undefined ? undefined : evaluationOf(row);
    },

    /** With the report that it gave, where the version still has it: one statement, so that the two belong together. */
    async findAnswered({ project, model, version }: VersionKey): Promise<AnsweredEvaluation | undefined> {
      const row = await db
        .selectFrom("registry_evaluations as evaluation")
        .leftJoin("registry_versions as judged", (join) =>
          join
            .onRef("judged.project", "=", "evaluation.project")
            .onRef("judged.model", "=", "evaluation.model")
            .onRef("judged.version", "=", "evaluation.version")
            .onRef("judged.reference", "=", "evaluation.reference"),
        )
        .selectAll("evaluation")
        .select("judged.report")
        .where("evaluation.project", "=", project)
        .where("evaluation.model", "=", model)
        .where("evaluation.version", "=", version)
        .executeTakeFirst();
      return row === undefined ? undefined : { ...evaluationOf(row), report: row.report };
    },

    /** By its id, which stays while its model gets another name. */
    async findById(project: string, id: string): Promise<StoredEvaluation | undefined> {
      const row = await db
        .selectFrom("registry_evaluations")
        .selectAll()
        .where("project", "=", project)
        .where("id", "=", id)
        .executeTakeFirst();
      return row === undefined ? undefined : evaluationOf(row);
    },

    /** Takes the place of the version's earlier one, whose document it may replace. */
    async put(asked: NewEvaluation): Promise<StoredEvaluation> {
      const values = {
        id: asked.id,
        environment: asked.environment,
        work: asked.work,
        dataset: asked.dataset,
        dataset_version: asked.datasetVersion,
        target: asked.target,
        positive: asked.positive,
        state: "queued" as const,
        problem: null,
        failure: null,
        created_at: asked.createdAt,
        created_by: JSON.stringify(asked.createdBy),
        ended_at: null,
      };
      const row = await db
        .insertInto("registry_evaluations")
        .values({ project: asked.project, model: asked.model, version: asked.version, ...values })
        .onConflict((conflict) => conflict.columns(["project", "model", "version"]).doUpdateSet(values))
        .returningAll()
        .executeTakeFirstOrThrow();
      return evaluationOf(row);
    },

    async succeed(id: string, found: { reference: string; endedAt: Date }): Promise<void> {
      const { reference, endedAt } = found;
      await db
        .updateTable("registry_evaluations")
        .set({ state: "succeeded", reference, ended_at: endedAt })
        .where("id", "=", id)
        .execute();
    },

    /** The version, held until the transaction ends; false where it is gone. */
    async lockVersion({ project, model, version }: VersionKey): Promise<boolean> {
      const row = await db
        .selectFrom("registry_versions")
        .select("version")
        .where("project", "=", project)
        .where("model", "=", model)
        .where("version", "=", version)
        .where("deleted_at", "is", null)
        .forUpdate()
        .executeTakeFirst();
      return row !== undefined;
    },

    /** What the evaluation found, as the version's own. */
    async giveReport(key: VersionKey, found: { report: EvaluationReport; reference: string }): Promise<void> {
      await db
        .updateTable("registry_versions")
        .set({ report: JSON.stringify(found.report), reference: found.reference })
        .where("project", "=", key.project)
        .where("model", "=", key.model)
        .where("version", "=", key.version)
        .execute();
    },
  };
}

function evaluationOf(row: Selectable<Schema["registry_evaluations"]>): StoredEvaluation {
  return {
    id: row.id,
    model: row.model,
    version: row.version,
    state: row.state,
    problem: row.problem,
    failure: row.failure,
    work: row.work,
    dataset: row.dataset,
    datasetVersion: row.dataset_version,
    target: row.target,
    positive: row.positive,
    reference: row.reference,
    createdAt: row.created_at.toISOString(),
    createdBy: row.created_by,
    endedAt: row.ended_at?.toISOString() ?? null,
  };
}
