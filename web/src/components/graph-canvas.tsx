import {
  BaseEdge,
  type Edge,
  type EdgeProps,
  Handle,
  MarkerType,
  type Node,
  type NodeProps,
  Position,
  ReactFlow,
} from "@xyflow/react";
import "@xyflow/react/dist/base.css";
import { useMemo } from "react";
import { edgePath, type Point } from "./edge-path.ts";
import { Go } from "./go.tsx";
import type { GraphEdge, GraphNode, GraphSize } from "./graph-picture.ts";
import { edgeName, type Layout, type Spot } from "./layers.ts";
import { StatusMark } from "./status-mark.tsx";

type DrawnNode = Node<{ of: GraphNode; onNode: ((id: string) => void) | undefined }, "step">;

const DASH = { solid: undefined, dashed: "4 3", dotted: "2 4" } as const;

/** The graph itself. It stands still in its full size; what is around it scrolls. */
export function GraphCanvas({
  label,
  nodes,
  edges,
  layout,
  size,
  onNode,
}: {
  label: string;
  nodes: readonly GraphNode[];
  edges: readonly GraphEdge[];
  layout: Layout;
  size: GraphSize;
  onNode?: ((id: string) => void) | undefined;
}) {
  const drawn = useMemo(
    () => nodes.map((node): DrawnNode => place(node, layout.spots.get(node.id), { size, onNode })),
    [nodes, layout, size, onNode],
  );
  const wires = useMemo(() => edges.map((edge) => wire(edge, { layout, size })), [edges, layout, size]);
  return (
    <ReactFlow
      aria-label={label}
      nodes={drawn}
      edges={wires}
      nodeTypes={NODE_TYPES}
      edgeTypes={EDGE_TYPES}
      defaultViewport={{ x: 4, y: 4, zoom: 1 }}
      minZoom={1}
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
      panOnDrag={false}
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

type DrawnEdge = Edge<{ bends: Point[]; gap: number }>;

function Wire({ sourceX, sourceY, targetX, targetY, data, style, markerEnd }: EdgeProps<DrawnEdge>) {
  const points = [{ x: sourceX, y: sourceY }, ...(data?.bends ?? []), { x: targetX, y: targetY }];
  return (
    <BaseEdge
      path={edgePath(points, data?.gap ?? 0)}
      {...(style === undefined ? {} : { style })}
      {...(markerEnd === undefined ? {} : { markerEnd })}
    />
  );
}

const NODE_TYPES = { step: StepNode };
const EDGE_TYPES = { wire: Wire };

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

function wire(
  { from, to, look }: GraphEdge,
  { layout, size }: { layout: Layout; size: GraphSize },
): DrawnEdge {
  const dash = DASH[look ?? "solid"];
  const bends = layout.bends.get(edgeName(from, to)) ?? [];
  return {
    id: edgeName(from, to),
    source: from,
    target: to,
    type: "wire",
    // An edge passes a column as if it were a node there: in at its left, out at its right.
    data: { gap: size.gapX, bends: bends.flatMap((spot) => passage(spot, size)) },
    markerEnd: { type: MarkerType.ArrowClosed, width: 14, height: 14, color: "var(--line-strong)" },
    style: {
      stroke: "var(--line-strong)",
      strokeWidth: 1.5,
      ...(dash === undefined ? {} : { strokeDasharray: dash }),
    },
  };
}

function passage({ column, row }: Spot, size: GraphSize): Point[] {
  const x = column * (size.width + size.gapX);
  const y = row * (size.height + size.gapY) + size.height / 2;
  return [
    { x, y },
    { x: x + size.width, y },
  ];
}
