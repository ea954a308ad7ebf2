import type { Lineage } from "@causeway/contract";
import { useAnswer } from "../lib/api.ts";
import { placeOfSubject } from "../lib/places.ts";
import { type Scope, useScope } from "../lib/scope.ts";
import { type Translate, useWords } from "../lib/words.tsx";
import { directEdges } from "./direct-edges.ts";
import { Graph } from "./graph.tsx";
import type { GraphEdge, GraphNode, GraphSize } from "./graph-picture.ts";
import { Loaded, PictureSkeleton } from "./loaded.tsx";
import { SectionHead } from "./page-frame.tsx";
import { calledBy } from "./subject-trace.tsx";

const SIZE: GraphSize = { width: 200, height: 44, gapX: 44, gapY: 14 };

/** Everything a thing was made from, to its left, and everything made from it, to its right. */
export function SubjectLineage({ subject }: { subject: string }) {
  const { t } = useWords();
  const lineage = useAnswer(["platform", "getLineage"], { subject });
  return (
    <div>
      <SectionHead title={t("words.lineage")} hint={t("lineage.hint")} />
      <Loaded answer={lineage} skeleton={<PictureSkeleton height={160} />}>
        {(known) => <LineageGraph lineage={known} subject={subject} />}
      </Loaded>
    </div>
  );
}

/** The graph of a lineage that is known already. */
export function LineageGraph({ lineage, subject }: { lineage: Lineage; subject: string }) {
  const { t } = useWords();
  const scope = useScope();
  if (lineage.nodes.length <= 1) return <p className="quiet">{t("lineage.none")}</p>;
  const { nodes, edges } = drawn(lineage, subject, { scope, t });
  return <Graph label={t("words.lineage")} nodes={nodes} edges={edges} size={SIZE} />;
}

/** Lineage points from effect to cause; the picture reads from cause to effect. */
function drawn(
  { nodes, edges }: Lineage,
  subject: string,
  { scope, t }: { scope: Scope; t: Translate },
): { nodes: GraphNode[]; edges: GraphEdge[] } {
  return {
    nodes: nodes.map((node) => ({
      id: node.subject,
      name: calledBy(node),
      detail: t(`lineageKind.${node.kind}`),
      chosen: node.subject === subject,
      to: node.subject === subject ? undefined : placeOfSubject(scope, node.subject),
    })),
    edges: directEdges(edges.map(({ from, to }) => ({ from: to, to: from }))),
  };
}
