export { createLineage, type Lineage, type LineageEdge } from "./lineage.ts";
