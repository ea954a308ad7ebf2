import type { Lineage, LineageNode } from "@causeway/contract";
import type { TracePlace } from "./trace-bar.tsx";

/** Places that lineage knows: an alert and rows are found by the deployment. */
type LineagePlace = Exclude<TracePlace, "alert" | "rows">;

/** Which kinds of things stand at which place of the trace, the better one first. */
const KINDS: Readonly<Record<LineagePlace, readonly LineageNode["kind"][]>> = {
  deployment: ["deployment"],
  "model-version": ["model-version"],
  "pipeline-run": ["pipeline-run", "run"],
  "data-version": ["dataset-version"],
  code: ["code", "pipeline-version"],
};

/** The nearest thing of each kind, counted in edges from `subject` in either direction; of data, the origin. */
export function traceOf(
  { nodes, edges }: Lineage,
  subject: string,
): Partial<Record<LineagePlace, LineageNode>> {
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
  /** Of the data that lies on the way, the table that the rest was made from. */
  const origin = () => {
    const versions = nodes.filter((node) => node.kind === "dataset-version" && distance.has(node.subject));
    const made = new Set(
      versions.filter(({ subject: each }) => reaches(edges, each, versions)).map(({ subject: each }) => each),
    );
    return versions
      .filter(({ subject: each }) => !made.has(each))
      .sort((a, b) => (distance.get(a.subject) ?? 0) - (distance.get(b.subject) ?? 0))[0];
  };
  const trace: Partial<Record<LineagePlace, LineageNode>> = {};
  for (const place of ["deployment", "model-version", "pipeline-run", "data-version", "code"] as const) {
    const node = place === "data-version" ? origin() : nearest(KINDS[place]);
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

/** Whether a thing was made, over any number of steps, from one of the others. */
function reaches(edges: Lineage["edges"], from: string, others: readonly LineageNode[]): boolean {
  const targets = new Set(others.map(({ subject }) => subject).filter((subject) => subject !== from));
  const seen = new Set([from]);
  const queue = [from];
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    for (const edge of edges) {
      if (edge.from !== next || seen.has(edge.to)) continue;
      if (targets.has(edge.to)) return true;
      seen.add(edge.to);
      queue.push(edge.to);
    }
  }
  return false;
}
