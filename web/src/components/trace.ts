import type { Lineage, LineageNode } from "@causeway/contract";
import type { TracePlace } from "./trace-bar.tsx";

/** Which kinds of things stand at which place of the trace, the better one first. */
const KINDS: Readonly<Record<Exclude<TracePlace, "rows">, readonly LineageNode["kind"][]>> = {
  deployment: ["deployment"],
  "model-version": ["model-version"],
  "pipeline-run": ["pipeline-run", "run"],
  "data-version": ["dataset-version"],
  code: ["code", "pipeline-version"],
};

/** The nearest thing of each kind, counted in edges from `subject` in either direction. */
export function traceOf(
  { nodes, edges }: Lineage,
  subject: string,
): Partial<Record<Exclude<TracePlace, "rows">, LineageNode>> {
  const distance = distances(edges, subject);
  const nearest = (kinds: readonly LineageNode["kind"][]) => {
    for (const kind of kinds) {
      const found = nodes
        .filter((node) => node.kind === kind && distance.has(node.subject))
        .sort((a, b) => (distance.get(a.subject) ?? 0) - (distance.get(b.subject) ?? 0))[0];
      if (found !== undefined) return found;
    }
    return undefined;
  };
  const trace: Partial<Record<Exclude<TracePlace, "rows">, LineageNode>> = {};
  for (const place of ["deployment", "model-version", "pipeline-run", "data-version", "code"] as const) {
    const node = nearest(KINDS[place]);
    if (node !== undefined) trace[place] = node;
  }
  return trace;
}

function distances(edges: Lineage["edges"], subject: string): Map<string, number> {
  const near = new Map<string, string[]>();
  for (const { from, to } of edges) {
    near.set(from, [...(near.get(from) ?? []), to]);
    near.set(to, [...(near.get(to) ?? []), from]);
  }
  const distance = new Map([[subject, 0]]);
  const queue = [subject];
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    for (const other of near.get(next) ?? []) {
      if (distance.has(other)) continue;
      distance.set(other, (distance.get(next) ?? 0) + 1);
      queue.push(other);
    }
  }
  return distance;
}
