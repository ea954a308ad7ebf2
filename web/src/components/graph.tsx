import { lazy, Suspense } from "react";
import { layered, type Spot } from "./layers.ts";
import { PictureSkeleton } from "./loaded.tsx";
import type { Status } from "./status-mark.tsx";

/** One node: its name, a second line, how its border is drawn, where it leads. */
export type GraphNode = {
  id: string;
  name: string;
  detail: string;
  status?: Status | undefined;
  /** Solid ran, dashed came from the cache, dotted not yet. */
  look?: "solid" | "dashed" | "dotted" | undefined;
  to?: string | undefined;
  chosen?: boolean | undefined;
};

export type GraphEdge = { from: string; to: string; look?: "solid" | "dashed" | "dotted" | undefined };

/** Measures of a graph, in px. */
export type GraphSize = { width: number; height: number; gapX: number; gapY: number };

const STEP_SIZE: GraphSize = { width: 132, height: 44, gapX: 36, gapY: 20 };

const GraphCanvas = lazy(async () => ({ default: (await import("./graph-canvas.tsx")).GraphCanvas }));

/** A graph from left to right in layers. React Flow draws it and is loaded only where a graph is. */
export function Graph({
  label,
  nodes,
  edges,
  size = STEP_SIZE,
  onNode,
}: {
  label: string;
  nodes: readonly GraphNode[];
  edges: readonly GraphEdge[];
  size?: GraphSize;
  onNode?: (id: string) => void;
}) {
  const spots = layered({ nodes: nodes.map(({ id }) => id), edges: edges.map(({ from, to }) => [from, to]) });
  const height = graphHeight(spots, size);
  return (
    <div className="graph" style={{ height }}>
      <Suspense fallback={<PictureSkeleton height={height} />}>
        <GraphCanvas label={label} nodes={nodes} edges={edges} spots={spots} size={size} onNode={onNode} />
      </Suspense>
    </div>
  );
}

function graphHeight(spots: ReadonlyMap<string, Spot>, size: GraphSize): number {
  const rows = Math.max(0, ...[...spots.values()].map(({ row }) => row)) + 1;
  return rows * (size.height + size.gapY) + 8;
}
