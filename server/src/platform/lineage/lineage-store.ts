import type { Lineage, LineageNode } from "@causeway/contract";
import { sql } from "kysely";
import type { Db, Tx } from "../database/index.ts";

/** An edge between two subjects, as it is stored. */
export type StoredEdge = { readonly effect: string; readonly cause: string; readonly relation: string };

/** Where a trace starts and which way it goes. `most` ends a trace that would take in everything. */
export type Walk = {
  readonly project: string;
  readonly subject: string;
  readonly direction: "causes" | "effects";
  readonly most: number;
};

/** Statements on the lineage graph. Subjects are REST paths within a project. */
export function lineageStore(db: Db | Tx) {
  return {
    /** Adds nodes; a title that changed follows. */
    async upsertNodes(project: string, nodes: readonly LineageNode[]): Promise<void> {
      await db
        .insertInto("platform_lineage_nodes")
        .values(nodes.map(({ subject, kind, title }) => ({ project, subject, kind, title })))
        .onConflict((conflict) =>
          conflict
            .columns(["project", "subject"])
            .doUpdateSet((set) => ({ kind: set.ref("excluded.kind"), title: set.ref("excluded.title") })),
        )
        .execute();
    },

    async insertEdges(project: string, edges: readonly StoredEdge[]): Promise<void> {
      await db
        .insertInto("platform_lineage_edges")
        .values(edges.map((edge) => ({ project, ...edge })))
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    },

    /** Gives a node another subject and title, with its edges; nothing where there is no such node. */
    async renameNode(project: string, node: { from: string; to: string; title: string }): Promise<void> {
      await db
        .updateTable("platform_lineage_nodes")
        .set({ subject: node.to, title: node.title })
        .where("project", "=", project)
        .where("subject", "=", node.from)
        .execute();
      for (const end of ["effect", "cause"] as const) {
        await db
          .updateTable("platform_lineage_edges")
          .set({ [end]: node.to })
          .where("project", "=", project)
          .where(end, "=", node.from)
          .execute();
      }
    },

    /** Subjects reached from one subject, itself included, nearest first. A cycle is walked once. */
    async reach({ project, subject, direction, most }: Walk): Promise<string[]> {
      const [near, far] =
        direction === "causes"
          ? [sql.ref("edge.effect"), sql.ref("edge.cause")]
          : [sql.ref("edge.cause"), sql.ref("edge.effect")];
      const { rows } = await sql<{ subject: string }>`with recursive reached (subject) as (
          select ${subject}::text
          union
          select ${far} from platform_lineage_edges as edge
            join reached on reached.subject = ${near} where edge.project = ${project}
        ) select subject from reached limit ${most}`.execute(db);
      return rows.map((row) => row.subject);
    },

    async listNodes(project: string, subjects: readonly string[]): Promise<LineageNode[]> {
      if (subjects.length === 0) return [];
      return db
        .selectFrom("platform_lineage_nodes")
        .select(["kind", "subject", "title"])
        .where("project", "=", project)
        .where("subject", "in", subjects)
        .orderBy("subject")
        .execute();
    },

    /** Edges whose two ends are both among the subjects. */
    async listEdges(project: string, subjects: readonly string[]): Promise<Lineage["edges"]> {
      if (subjects.length === 0) return [];
      return db
        .selectFrom("platform_lineage_edges")
        .select(["effect as from", "cause as to", "relation"])
        .where("project", "=", project)
        .where("effect", "in", subjects)
        .where("cause", "in", subjects)
        .orderBy("effect")
        .orderBy("cause")
        .orderBy("relation")
        .execute();
    },
  };
}
