import type { LineageNode } from "@causeway/contract";
import type { ReactNode } from "react";
import { useAnswer } from "../lib/api.ts";
import { placeOfSubject, places, titleOfSubject } from "../lib/places.ts";
import { useScope } from "../lib/scope.ts";
import { useWords } from "../lib/words.tsx";
import { traceOf } from "./trace.ts";
import { TraceBar, type TracePlace, type TraceStop } from "./trace-bar.tsx";

/** The trace bar of a thing, filled from its lineage; its own place is known before lineage answers. */
export function SubjectTrace({
  here,
  subject,
  text,
  isRun = false,
  known = {},
}: {
  here: TracePlace;
  subject: string;
  /** What the thing is called. */
  text: ReactNode;
  /** The thing is an experiment run. */
  isRun?: boolean;
  /** Places that the page knows better than lineage does. */
  known?: Partial<Record<TracePlace, TraceStop>>;
}) {
  const { t } = useWords();
  const scope = useScope();
  const lineage = useAnswer(["platform", "getLineage"], { subject });
  const trace = lineage.data === undefined ? {} : traceOf(lineage.data, subject);
  const stop = (node: LineageNode | undefined): TraceStop | undefined =>
    node === undefined ? undefined : { text: calledBy(node), to: placeOfSubject(scope, node.subject) };
  const deployment = trace.deployment?.subject.split("/").at(-1);
  const alerts = useAnswer(
    ["monitoring", "listAlerts"],
    { deployment: decodeURIComponent(deployment ?? ""), limit: 20 },
    { enabled: deployment !== undefined },
  );
  const alert = alerts.data?.items.find(({ state }) => state !== "resolved");
  const stops: Partial<Record<TracePlace, TraceStop>> = {};
  for (const place of ["deployment", "model-version", "pipeline-run", "data-version", "code"] as const) {
    const found = stop(trace[place]);
    if (found !== undefined) stops[place] = found;
  }
  if (alert !== undefined && deployment !== undefined) {
    stops.alert = { text: t(`alertKind.${alert.kind}`), to: places.alert(scope, alert) };
  }
  if (deployment !== undefined) {
    stops.rows = { text: t("trace.log"), to: places.predictions(scope, decodeURIComponent(deployment)) };
  }
  return (
    <TraceBar
      here={here}
      stops={{ ...stops, ...known, [here]: { text } }}
      runName={isRun || trace["pipeline-run"]?.kind === "run"}
    />
  );
}

/** What a person calls a thing of the lineage: as its own page does, where it has one. */
export function calledBy({ kind, subject, title }: LineageNode): string {
  return kind === "run" || kind === "artifact" || kind === "code" ? title : titleOfSubject(subject);
}
