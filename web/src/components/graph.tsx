import { lazy, Suspense, useMemo } from "react";
import { type Layout, layered } from "./layers.ts";
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
  const layout = useMemo(
    () => layered({ nodes: nodes.map(({ id }) => id), edges: edges.map(({ from, to }) => [from, to]) }),
    [nodes, edges],
  );
  const { width, height } = graphMeasure(layout, size);
  return (
    <div className="graph">
      <div style={{ height, minWidth: width }}>
        <Suspense fallback={<PictureSkeleton height={height} />}>
          <GraphCanvas
            label={label}
            nodes={nodes}
            edges={edges}
            layout={layout}
            size={size}
            onNode={onNode}
          />
        </Suspense>
      </div>
    </div>
  );
}

function graphMeasure({ spots, bends }: Layout, size: GraphSize): { width: number; height: number } {
  const all = [...spots.values(), ...[...bends.values()].flat()];
  const columns = Math.max(0, ...all.map(({ column }) => column)) + 1;
  const rows = Math.max(0, ...all.map(({ row }) => row)) + 1;
  return {
    width: columns * (size.width + size.gapX) - size.gapX + 8,
    height: rows * (size.height + size.gapY) - size.gapY + 8,
  };
}
