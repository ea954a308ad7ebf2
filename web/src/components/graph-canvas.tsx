import {
  type Edge,
  Handle,
  MarkerType,
  type Node,
  type NodeProps,
  Position,
  ReactFlow,
  ReactFlowProvider,
  useStore,
} from "@xyflow/react";
import "@xyflow/react/dist/base.css";
import { useMemo } from "react";
import { Go } from "./go.tsx";
import type { GraphEdge, GraphNode, GraphSize } from "./graph.tsx";
import type { Spot } from "./layers.ts";
import { StatusMark } from "./status-mark.tsx";

type DrawnNode = Node<{ of: GraphNode; onNode: ((id: string) => void) | undefined }, "step">;

const DASH = { solid: undefined, dashed: "4 3", dotted: "2 4" } as const;
const LEAST_ZOOM = 0.55;

/** The graph itself. It pans when it is wider than its place and never takes the page's scrolling. */
export function GraphCanvas({
  label,
  nodes,
  edges,
  spots,
  size,
  onNode,
}: {
  label: string;
  nodes: readonly GraphNode[];
  edges: readonly GraphEdge[];
  spots: ReadonlyMap<string, Spot>;
  size: GraphSize;
  onNode?: ((id: string) => void) | undefined;
}) {
  const drawn = useMemo(
    () => nodes.map((node): DrawnNode => place(node, spots.get(node.id), { size, onNode })),
    [nodes, spots, size, onNode],
  );
  const wires = useMemo(() => edges.map(wire), [edges]);
  const columns = Math.max(0, ...[...spots.values()].map(({ column }) => column)) + 1;
  const wanted = columns * size.width + (columns - 1) * size.gapX + 8;
  return (
    <ReactFlowProvider>
      <Canvas label={label} nodes={drawn} edges={wires} wanted={wanted} />
    </ReactFlowProvider>
  );
}

function Canvas({
  label,
  nodes,
  edges,
  wanted,
}: {
  label: string;
  nodes: DrawnNode[];
  edges: Edge[];
  wanted: number;
}) {
  const width = useStore((state) => state.width);
  const zoom = width === 0 ? 1 : Math.max(LEAST_ZOOM, Math.min(1, width / wanted));
  return (
    <ReactFlow
      key={width === 0 ? "waiting" : "measured"}
      aria-label={label}
      nodes={nodes}
      edges={edges}
      nodeTypes={NODE_TYPES}
      defaultViewport={{ x: 4 * zoom, y: 4, zoom }}
      minZoom={LEAST_ZOOM}
      maxZoom={1}
      nodesDraggable={false}
      nodesConnectable={false}
      nodesFocusable={false}
      edgesFocusable={false}
      elementsSelectable={false}
      zoomOnScroll={false}
      zoomOnPinch={false}
      zoomOnDoubleClick={false}
      preventScrolling={false}
      panOnDrag={width > 0 && wanted * zoom > width}
      proOptions={{ hideAttribution: true }}
    />
  );
}

function StepNode({ data: { of, onNode } }: NodeProps<DrawnNode>) {
  const inside = (
    <>
      <span className="name">
        {of.status === undefined ? null : <StatusMark status={of.status} size={12} />}
        <span>{of.name}</span>
      </span>
      <small>{of.detail}</small>
    </>
  );
  const look = {
    "data-look": of.look,
    "data-chosen": of.chosen || undefined,
    title: `${of.name} ${of.detail}`,
  };
  return (
    <>
      <Handle type="target" position={Position.Left} isConnectable={false} />
      {onNode !== undefined ? (
        <button type="button" className="graph-node nodrag" {...look} onClick={() => onNode(of.id)}>
          {inside}
        </button>
      ) : of.to !== undefined ? (
        <NodeLink to={of.to} look={look}>
          {inside}
        </NodeLink>
      ) : (
        <div className="graph-node" {...look}>
          {inside}
        </div>
      )}
      <Handle type="source" position={Position.Right} isConnectable={false} />
    </>
  );
}

function NodeLink({
  to,
  look,
  children,
}: {
  to: string;
  look: Record<string, unknown>;
  children: React.ReactNode;
}) {
  return (
    <div className="graph-node nodrag" {...look}>
      <Go className="ink-link" to={to}>
        {children}
      </Go>
    </div>
  );
}

const NODE_TYPES = { step: StepNode };

function place(
  node: GraphNode,
  spot: Spot | undefined,
  { size, onNode }: { size: GraphSize; onNode: ((id: string) => void) | undefined },
): DrawnNode {
  const { column, row } = spot ?? { column: 0, row: 0 };
  return {
    id: node.id,
    type: "step",
    position: { x: column * (size.width + size.gapX), y: row * (size.height + size.gapY) },
    width: size.width,
    height: size.height,
    data: { of: node, onNode },
  };
}

function wire({ from, to, look }: GraphEdge): Edge {
  const dash = DASH[look ?? "solid"];
  return {
    id: `${from}→${to}`,
    source: from,
    target: to,
    type: "smoothstep",
    markerEnd: { type: MarkerType.ArrowClosed, width: 14, height: 14, color: "var(--line-strong)" },
    style: {
      stroke: "var(--line-strong)",
      strokeWidth: 1.5,
      ...(dash === undefined ? {} : { strokeDasharray: dash }),
    },
  };
}
