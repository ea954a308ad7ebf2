import { lazy, Suspense, useMemo } from "react";
import type { GraphEdge, GraphNode, GraphSize } from "./graph-picture.ts";
import { type Layout, layered } from "./layers.ts";
import { PictureSkeleton, Slowly } from "./loaded.tsx";

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
        <Suspense
          fallback={
            <Slowly>
              <PictureSkeleton height={height} />
            </Slowly>
          }
        >
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
