import type { ReactNode } from "react";
import type { MessageKey } from "../lib/words.tsx";
import { useWords } from "../lib/words.tsx";
import { Go } from "./go.tsx";

/** The places of the trace in fixed order, from effect to cause. */
export const TRACE_PLACES = [
  "alert",
  "deployment",
  "rows",
  "model-version",
  "pipeline-run",
  "data-version",
  "code",
] as const;
export type TracePlace = (typeof TRACE_PLACES)[number];

/** One known place: what it says and where it leads. */
export type TraceStop = { text: ReactNode; to?: string | undefined };

const NAMES: Record<TracePlace, MessageKey> = {
  alert: "trace.alert",
  deployment: "trace.deployment",
  rows: "trace.rows",
  "model-version": "trace.modelVersion",
  "pipeline-run": "trace.pipelineRun",
  "data-version": "trace.dataVersion",
  code: "trace.code",
};

/** Where a thing stands between a prediction and the code. A missing place says "none" and stays where it is. */
export function TraceBar({
  here,
  stops,
  runName,
}: {
  here: TracePlace;
  stops: Partial<Record<TracePlace, TraceStop>>;
  /** Says "Run" in place of "Pipeline run" when it came from a notebook. */
  runName?: boolean;
}) {
  const { t } = useWords();
  return (
    <nav className="trace" aria-label={t("trace.name")}>
      {TRACE_PLACES.map((place) => {
        const stop = stops[place];
        const name = place === "pipeline-run" && runName === true ? t("trace.run") : t(NAMES[place]);
        const inside = (
          <>
            <small>{name}</small>
            <span className={stop === undefined ? "place none" : "place"}>
              {stop?.text ?? t("trace.none")}
            </span>
          </>
        );
        const current = place === here ? ("true" as const) : undefined;
        return stop?.to === undefined ? (
          <div key={place} aria-current={current}>
            {inside}
          </div>
        ) : (
          <Go key={place} to={stop.to} current={current}>
            {inside}
          </Go>
        );
      })}
    </nav>
  );
}
