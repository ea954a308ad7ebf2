type Edge = { from: string; to: string };

/**
 * Leaves out every edge that a longer way says already (the transitive reduction of an acyclic graph), so that a picture
 * of everything that led to something stays readable. Repeated edges are drawn once.
 */
export function directEdges<E extends Edge>(edges: readonly E[]): E[] {
  const once = [...new Map(edges.map((edge) => [`${edge.from}\n${edge.to}`, edge])).values()];
  const next = new Map<string, string[]>();
  for (const { from, to } of once) next.set(from, [...(next.get(from) ?? []), to]);
  return once.filter(({ from, to }) => !hasLongerWay(next, from, to));
}

function hasLongerWay(next: ReadonlyMap<string, string[]>, from: string, to: string): boolean {
  const seen = new Set([from]);
  const queue = (next.get(from) ?? []).filter((step) => step !== to);
  for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
    if (at === to) return true;
    if (seen.has(at)) continue;
    seen.add(at);
    queue.push(...(next.get(at) ?? []));
  }
  return false;
}
