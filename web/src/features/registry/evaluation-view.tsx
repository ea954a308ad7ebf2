import type { ModelVersion, VersionEvaluation } from "@causeway/contract";
import { useState } from "react";
import { CopyId } from "../../components/copy.tsx";
import { ErrorNote } from "../../components/error-note.tsx";
import { failureError } from "../../components/error-words.ts";
import { Go } from "../../components/go.tsx";
import { Moment } from "../../components/moment.tsx";
import { Column } from "../../components/page-frame.tsx";
import { ProgressBar } from "../../components/progress-bar.tsx";
import { StatusWord } from "../../components/status-mark.tsx";
import { useAnswer } from "../../lib/api.ts";
import { shortDigest } from "../../lib/format.ts";
import { places } from "../../lib/places.ts";
import { useScope } from "../../lib/scope.ts";
import { useWords } from "../../lib/words.tsx";
import { EvaluationForm } from "./evaluation-form.tsx";

/** Between two looks at an evaluation that is under way: only its end is an event. */
const LOOK_MS = 500;

/**
 * The way to a report for a version that came without one: the form, how far the evaluation is, and what became of it. A report
 * that came with the version from a pipeline stays, so there is nothing to ask for.
 */
export function EvaluationView({ version }: { version: ModelVersion }) {
  const { t } = useWords();
  const [isOpen, setOpen] = useState(false);
  const [isRunning, setRunning] = useState(false);
  const which = { model: version.model, version: version.version, limit: 1 };
  const answer = useAnswer(["registry", "listEvaluations"], which, isRunning ? { everyMs: LOOK_MS } : {});
  const newest = answer.data?.items.find((one) => one.version === version.version);
  const runs = newest !== undefined && newest.endedAt === null;
  if (runs !== isRunning) setRunning(runs);
  if (newest === undefined && version.report !== null) return null;
  const title = newest === undefined ? t("registry.evaluateFirst") : t("registry.evaluateAgain");
  return (
    <Column
      title={runs ? t("registry.evaluating") : title}
      hint={newest === undefined ? t("registry.evaluateHint") : undefined}
      right={
        isOpen || runs ? undefined : (
          <button type="button" className="link-button" onClick={() => setOpen(true)}>
            {t("registry.evaluate")}
          </button>
        )
      }
    >
      {newest === undefined ? null : <Newest evaluation={newest} />}
      {isOpen && !runs ? (
        <EvaluationForm version={version} before={newest} close={() => setOpen(false)} />
      ) : null}
    </Column>
  );
}

function Newest({ evaluation }: { evaluation: VersionEvaluation }) {
  const { t } = useWords();
  const scope = useScope();
  const { state, progress, problem, failure, dataset, datasetVersion, target, positive, createdBy, endedAt } =
    evaluation;
  return (
    <div className="stack">
      <p>
        <State state={state} />{" "}
        <Go className="inline-link" to={places.datasetVersion(scope, { dataset, id: datasetVersion })}>
          {dataset}
        </Go>{" "}
        <CopyId id={datasetVersion} short={shortDigest(datasetVersion)} />{" "}
        <span className="quiet">
          {positive === null
            ? t("registry.evaluatedBy", { target, who: createdBy.name })
            : t("registry.evaluatedByClass", { target, positive, who: createdBy.name })}
          {endedAt === null ? null : (
            <>
              , <Moment at={endedAt} />
            </>
          )}
        </span>
      </p>
      {progress === null ? null : (
        <ProgressBar
          name={t("registry.evaluationAsks")}
          done={progress.done}
          total={progress.total}
          unit={t("registry.evaluationRows")}
        />
      )}
      {problem === null ? null : (
        <>
          <ErrorNote error={failureError(failure, problem)} />
          <p className="second">{t("registry.evaluationHelp")}</p>
        </>
      )}
    </div>
  );
}

function State({ state }: { state: VersionEvaluation["state"] }) {
  const { t } = useWords();
  switch (state) {
    case "queued":
      return <StatusWord status="running">{t("registry.evaluationWaits")}</StatusWord>;
    case "running":
      return <StatusWord status="running">{t("registry.evaluationRuns")}</StatusWord>;
    case "succeeded":
      return <StatusWord status="ok">{t("registry.evaluationDone")}</StatusWord>;
    case "failed":
      return <StatusWord status="crit">{t("registry.evaluationFailed")}</StatusWord>;
    case "cancelled":
      return <StatusWord status="blocked">{t("registry.evaluationCancelled")}</StatusWord>;
    default:
      return state satisfies never;
  }
}
