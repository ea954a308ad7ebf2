import type { Actor, TruthColumns, TruthImport, TruthReceipt, TruthSource } from "@causeway/contract";
import type { Selectable } from "kysely";
import type { Db, Schema, Tx } from "../../platform/database/index.ts";

/** An import of truth as it is stored. */
export type TruthImportRow = Selectable<Schema["deployments_truth_imports"]>;

/** How an import ended. */
export type TruthImportEnd = {
  readonly outcome: NonNullable<TruthImportRow["outcome"]>;
  readonly receipt?: TruthReceipt;
  readonly problem?: NonNullable<TruthImport["problem"]>;
  readonly badLines?: NonNullable<TruthImport["badLines"]>;
  readonly at: Date;
};

/** Statements on bulks of truth. */
export function truthImportsStore(db: Db | Tx) {
  return {
    async insert(row: {
      id: string;
      deployment: number;
      source: TruthSource;
      columns: TruthColumns;
      work: string;
      createdAt: Date;
      createdBy: Actor;
    }): Promise<void> {
      const { id, deployment, work } = row;
      await db
        .insertInto("deployments_truth_imports")
        .values({
          id,
          deployment,
          work,
          source: JSON.stringify(row.source),
          columns: JSON.stringify(row.columns),
          outcome: null,
          created_at: row.createdAt,
          created_by: JSON.stringify(row.createdBy),
        })
        .execute();
    },

    async find(id: string): Promise<TruthImportRow | undefined> {
      return db.selectFrom("deployments_truth_imports").selectAll().where("id", "=", id).executeTakeFirst();
    },

    async end(id: string, { outcome, receipt, problem, badLines, at }: TruthImportEnd): Promise<void> {
      const json = (value: object | undefined) => (value === undefined ? null : JSON.stringify(value));
      await db
        .updateTable("deployments_truth_imports")
        .set({
          outcome,
          receipt: json(receipt),
          problem: json(problem),
          bad_lines: json(badLines),
          ended_at: at,
        })
        .where("id", "=", id)
        .execute();
    },
  };
}
