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
