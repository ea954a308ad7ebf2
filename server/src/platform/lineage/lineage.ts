import type { LineageNode, Lineage as LineageView, Scope } from "@causeway/contract";
import type { Call } from "../access/call.ts";
import type { Db, Tx } from "../database/index.ts";
import { lineageStore } from "./lineage-store.ts";

/** Most things that one trace takes in on each side. */
const MOST_NODES = 1_000;

/** One edge: `from` was made from, or serves, `to`. `relation` is a word such as `trained-on`, `contains`, `serves`. */
export type LineageEdge = {
  readonly from: LineageNode;
  readonly to: LineageNode;
  readonly relation: string;
};

/** What came from what. */
export type Lineage = ReturnType<typeof createLineage>;

/** Makes the lineage graph. Where two environments hold a thing of one name, its subject carries `?environment=`. */
export function createLineage({ db }: { db: Db }) {
  /** Adds edges with their ends in the caller's transaction; the same edge again changes nothing. */
  async function link(tx: Tx, scope: Pick<Scope, "project">, edges: readonly LineageEdge[]): Promise<void> {
    if (edges.length === 0) return;
    const nodes = new Map(edges.flatMap(({ from, to }) => [from, to]).map((node) => [node.subject, node]));
    const store = lineageStore(tx);
    // One order for all writers, so that two of them never wait for each other.
    const ordered = [...nodes.values()].sort((a, b) => (a.subject < b.subject ? -1 : 1));
    await store.upsertNodes(scope.project, ordered);
    await store.insertEdges(
      scope.project,
      edges.map(({ from, to, relation }) => ({ effect: from.subject, cause: to.subject, relation })),
    );
  }

  /** Follows things that have a new name, in the caller's transaction; their edges come along. */
  async function rename(
    tx: Tx,
    scope: Pick<Scope, "project">,
    nodes: readonly { readonly from: string; readonly to: string; readonly title: string }[],
  ): Promise<void> {
    for (const node of nodes) await lineageStore(tx).renameNode(scope.project, node);
  }

  /** The graph around a thing; empty for one that nothing is known of. */
  async function trace(
    input: { subject: string; direction: "causes" | "effects" | "both" },
    call: Pick<Call, "scope">,
  ): Promise<LineageView> {
    const { project } = call.scope;
    const store = lineageStore(db);
    const directions = input.direction === "both" ? (["causes", "effects"] as const) : [input.direction];
    const reached = new Set<string>();
    for (const direction of directions) {
      const subjects = await store.reach({ project, subject: input.subject, direction, most: MOST_NODES });
      for (const subject of subjects) reached.add(subject);
    }
    const nodes = await store.listNodes(project, [...reached]);
    const edges = await store.listEdges(project, [...reached]);
    return { nodes, edges };
  }

  return { link, rename, trace };
}
