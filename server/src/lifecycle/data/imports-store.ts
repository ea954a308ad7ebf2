import type { Actor, BadRow, ImportOptions, SplitRequest } from "@causeway/contract";
import type { Selectable } from "kysely";
import type { Db, Schema, Tx } from "../../platform/database/index.ts";
import type { DataProblem } from "../../platform/database/rows/data.ts";

/** An import's row. */
export type ImportRow = Selectable<Schema["data_imports"]>;

/** A split's row. */
export type SplitRow = Selectable<Schema["data_splits"]>;

/** An import before it is written. */
export interface NewImport {
  id: string;
  project: string;
  dataset: string;
  file: string;
  upload: string;
  options: ImportOptions;
  work: string;
  createdAt: Date;
  createdBy: Actor;
}

/** A split before it is written. */
export interface NewSplit {
  id: string;
  project: string;
  dataset: string;
  version: string;
  request: SplitRequest;
  work: string;
  createdAt: Date;
  createdBy: Actor;
}

/** Statements on imports and splits. */
export function importsStore(db: Db | Tx) {
  return {
    async insertImport({ options, createdAt, createdBy, ...row }: NewImport): Promise<void> {
      await db
        .insertInto("data_imports")
        .values({
          ...row,
          options: JSON.stringify(options),
          outcome: null,
          version: null,
          created_at: createdAt,
          created_by: JSON.stringify(createdBy),
        })
        .execute();
    },

    async findImport(project: string, id: string): Promise<ImportRow | undefined> {
      return db
        .selectFrom("data_imports")
        .selectAll()
        .where("project", "=", project)
        .where("id", "=", id)
        .executeTakeFirst();
    },

    /** Newest first. */
    async listImports(page: {
      project: string;
      dataset: string;
      after: { at: Date; id: string } | undefined;
      limit: number;
    }): Promise<ImportRow[]> {
      const { after } = page;
      return db
        .selectFrom("data_imports")
        .selectAll()
        .where("project", "=", page.project)
        .where("dataset", "=", page.dataset)
        .$if(after !== undefined, (query) =>
          query.where((where) =>
            where(
              where.refTuple("created_at", "id"),
              "<",
              where.tuple(after?.at ?? new Date(0), after?.id ?? ""),
            ),
          ),
        )
        .orderBy("created_at", "desc")
        .orderBy("id", "desc")
        .limit(page.limit)
        .execute();
    },

    async succeedImport(id: string, ended: { version: string; unchanged: boolean; at: Date }): Promise<void> {
      await db
        .updateTable("data_imports")
        .set({ outcome: "succeeded", version: ended.version, unchanged: ended.unchanged, ended_at: ended.at })
        .where("id", "=", id)
        .execute();
    },

    async failImport(
      id: string,
      ended: { problem: DataProblem; badRows: { total: number; first: BadRow[] } | null; at: Date },
    ): Promise<void> {
      await db
        .updateTable("data_imports")
        .set({
          outcome: "failed",
          problem: JSON.stringify(ended.problem),
          bad_rows: ended.badRows === null ? null : JSON.stringify(ended.badRows),
          ended_at: ended.at,
        })
        .where("id", "=", id)
        .execute();
    },

    async insertSplit({ request, createdAt, createdBy, ...row }: NewSplit): Promise<void> {
      await db
        .insertInto("data_splits")
        .values({
          ...row,
          request: JSON.stringify(request),
          outcome: null,
          created_at: createdAt,
          created_by: JSON.stringify(createdBy),
        })
        .execute();
    },

    async findSplit(project: string, id: string): Promise<SplitRow | undefined> {
      return db
        .selectFrom("data_splits")
        .selectAll()
        .where("project", "=", project)
        .where("id", "=", id)
        .executeTakeFirst();
    },

    async succeedSplit(id: string, parts: SplitRow["parts"]): Promise<void> {
      await db
        .updateTable("data_splits")
        .set({ outcome: "succeeded", parts: JSON.stringify(parts) })
        .where("id", "=", id)
        .execute();
    },

    async failSplit(id: string, problem: DataProblem): Promise<void> {
      await db
        .updateTable("data_splits")
        .set({ outcome: "failed", problem: JSON.stringify(problem) })
        .where("id", "=", id)
        .execute();
    },
  };
}
