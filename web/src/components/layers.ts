/** A graph to lay out: edges run from left to right. */
export type Wiring = { nodes: readonly string[]; edges: ReadonlyArray<readonly [from: string, to: string]> };

/** Where a node stands: its column from the left, its row from the top. */
export type Spot = { column: number; row: number };

/** A layout: the spot of each node, and for each edge that passes over columns the spots where it does. */
export type Layout = { spots: Map<string, Spot>; bends: Map<string, Spot[]> };

/** How often the order inside the columns is improved. */
const SWEEPS = 6;

/** The name of an edge in `bends`. */
export function edgeName(from: string, to: string): string {
  return `${from}→${to}`;
}

/**
 * Places nodes in columns by their longest way from a source and orders each column by the mean row of its neighbours
 * (barycentre heuristic of Sugiyama, Tagawa and Toda 1981). An edge over several columns gets a row of its own in each
 * column between, so that it never runs behind a node. Edges on a cycle are passed over.
 */
export function layered({ nodes, edges }: Wiring): Layout {
  const known = new Set(nodes);
  const wired = edges.filter(([from, to]) => known.has(from) && known.has(to) && from !== to);
  const column = longestWays(nodes, wired);
  const { links, passes } = split(wired, column);
  const members = new Map<number, string[]>();
  for (const [name, at] of column) members.set(at, [...(members.get(at) ?? []), name]);
  const row = ordered(members, links);
  const spotOf = (name: string): Spot => ({ column: column.get(name) ?? 0, row: row.get(name) ?? 0 });
  return {
    spots: new Map(nodes.map((node) => [node, spotOf(node)])),
    bends: new Map([...passes].map(([edge, names]) => [edge, names.map(spotOf)])),
  };
}

type Link = readonly [from: string, to: string];

/** Cuts edges over several columns into links from column to column; the joints are added to `column`. */
function split(
  edges: readonly Link[],
  column: Map<string, number>,
): { links: Link[]; passes: Map<string, string[]> } {
  const links: Link[] = [];
  const passes = new Map<string, string[]>();
  for (const [from, to] of edges) {
    const joints: string[] = [];
    for (let at = (column.get(from) ?? 0) + 1; at < (column.get(to) ?? 0); at += 1) {
      const joint = `${edgeName(from, to)}#${at}`;
      column.set(joint, at);
      joints.push(joint);
    }
    const way = [from, ...joints, to];
    for (const [index, name] of way.slice(1).entries()) links.push([way[index] ?? from, name]);
    if (joints.length > 0) passes.set(edgeName(from, to), joints);
  }
  return { links, passes };
}

function ordered(members: Map<number, string[]>, links: readonly Link[]): Map<string, number> {
  const row = new Map<string, number>();
  for (const names of members.values()) setRows(row, names);
  const columns = [...members.keys()].sort((a, b) => a - b);
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    const forward = sweep % 2 === 0;
    for (const at of forward ? columns : columns.toReversed()) {
      const pull = (name: string) => {
        const near = links
          .filter(([from, to]) => (forward ? to : from) === name)
          .map(([from, to]) => row.get(forward ? from : to) ?? 0);
        return near.length === 0
          ? (row.get(name) ?? 0)
          : near.reduce((sum, each) => sum + each, 0) / near.length;
      };
      const sorted = (members.get(at) ?? [])
        .map((name, index) => ({ name, index, pull: pull(name) }))
        .sort((a, b) => a.pull - b.pull || a.index - b.index)
        .map(({ name }) => name);
      members.set(at, sorted);
      setRows(row, sorted);
    }
  }
  return row;
}

function setRows(row: Map<string, number>, names: readonly string[]): void {
  for (const [index, name] of names.entries()) row.set(name, index);
}

function longestWays(nodes: readonly string[], edges: readonly Link[]): Map<string, number> {
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
