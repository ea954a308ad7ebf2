/** A graph to lay out: edges run from left to right. */
export type Wiring = { nodes: readonly string[]; edges: ReadonlyArray<readonly [from: string, to: string]> };

/** Where a node stands: its column from the left, its row from the top. */
export type Spot = { column: number; row: number };

/** How often the order inside the columns is improved. */
const SWEEPS = 6;

/**
 * Places nodes in columns by their longest way from a source and orders each column by the mean row of its neighbours
 * (barycentre heuristic of Sugiyama, Tagawa and Toda 1981). Edges on a cycle are passed over.
 */
export function layered({ nodes, edges }: Wiring): Map<string, Spot> {
  const known = new Set(nodes);
  const wired = edges.filter(([from, to]) => known.has(from) && known.has(to) && from !== to);
  const column = longestWays(nodes, wired);
  const columns = new Map<number, string[]>();
  for (const node of nodes) {
    const at = column.get(node) ?? 0;
    columns.set(at, [...(columns.get(at) ?? []), node]);
  }
  const row = new Map<string, number>();
  for (const members of columns.values()) setRows(row, members);
  const ordered = [...columns.keys()].sort((a, b) => a - b);
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    const forward = sweep % 2 === 0;
    for (const at of forward ? ordered : ordered.toReversed()) {
      const members = columns.get(at) ?? [];
      const pull = (node: string) => {
        const near = wired
          .filter(([from, to]) => (forward ? to === node : from === node))
          .map(([from, to]) => row.get(forward ? from : to) ?? 0);
        return near.length === 0
          ? (row.get(node) ?? 0)
          : near.reduce((sum, each) => sum + each, 0) / near.length;
      };
      const sorted = members
        .map((node, index) => ({ node, index, pull: pull(node) }))
        .sort((a, b) => a.pull - b.pull || a.index - b.index)
        .map(({ node }) => node);
      columns.set(at, sorted);
      setRows(row, sorted);
    }
  }
  return new Map(nodes.map((node) => [node, { column: column.get(node) ?? 0, row: row.get(node) ?? 0 }]));
}

function setRows(row: Map<string, number>, members: readonly string[]): void {
  for (const [index, node] of members.entries()) row.set(node, index);
}

function longestWays(
  nodes: readonly string[],
  edges: ReadonlyArray<readonly [string, string]>,
): Map<string, number> {
  const column = new Map(nodes.map((node) => [node, 0]));
  // A way visits each node once at most, so this many rounds settle every acyclic graph.
  for (let round = 0; round < nodes.length; round += 1) {
    let moved = false;
    for (const [from, to] of edges) {
      const least = (column.get(from) ?? 0) + 1;
      if ((column.get(to) ?? 0) < least && least < nodes.length) {
        column.set(to, least);
        moved = true;
      }
    }
    if (!moved) break;
  }
  return column;
}
