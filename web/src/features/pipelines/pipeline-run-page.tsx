import type { PipelineRun, StepRun } from "@causeway/contract";
import { CopyId } from "../../components/copy.tsx";
import { ErrorNote } from "../../components/error-note.tsx";
import { Go, useGo, useSegment, useView } from "../../components/go.tsx";
import { Graph } from "../../components/graph.tsx";
import { Loaded, PictureSkeleton } from "../../components/loaded.tsx";
import { Elapsed, Moment } from "../../components/moment.tsx";
import { PageHead, Section } from "../../components/page-frame.tsx";
import { StatusWord } from "../../components/status-mark.tsx";
import { SubjectTrace } from "../../components/subject-trace.tsx";
import { pipelineRunStatus } from "../../components/work-status.ts";
import { useAction, useAnswer } from "../../lib/api.ts";
import { shortDigest } from "../../lib/format.ts";
import { places } from "../../lib/places.ts";
import { useScope } from "../../lib/scope.ts";
import { useWords } from "../../lib/words.tsx";
import { mostTelling } from "./most-telling.ts";
import { PlanAndTime } from "./plan-and-time.tsx";
import { runGraph } from "./run-graph.ts";
import { StepPanel } from "./step-panel.tsx";
import { useRunLines } from "./use-run-lines.ts";

/** Beyond this many steps the table says more than the graph. */
const MOST_DRAWN = 300;

/** One run: how it stands, its graph, what each step did and why, when, and what it printed. */
export function PipelineRunPage() {
  const pipeline = useSegment("pipeline");
  const number = Number(useSegment("number"));
  const run = useAnswer(["pipelines", "getRun"], { pipeline, number });
  return (
    <Loaded answer={run} skeleton={<PictureSkeleton height={420} />}>
      {(known) => <RunView key={`${pipeline}/${number}`} run={known} />}
    </Loaded>
  );
}

function RunView({ run }: { run: PipelineRun }) {
  const { t, format } = useWords();
  const scope = useScope();
  const [chosenName, choose] = useView("step");
  const cancel = useAction(["pipelines", "cancelRun"]);
  const again = useAction(["pipelines", "startRun"]);
  const failed = cancel.error ?? again.error;
  const { lines, error } = useRunLines(run.pipeline, run.number);
  const versions = useAnswer(["pipelines", "listVersions"], { pipeline: run.pipeline, limit: 1000 });
  const definition = versions.data?.items.find(({ digest }) => digest === run.version)?.definition;
  const chosen = run.steps.find(({ name }) => name === chosenName) ?? mostTelling(run.steps);
  const detailOf = (step: StepRun) => {
    if (step.state === "cached") {
      return step.cachedFrom === null
        ? t("pipelines.hit")
        : t("pipelines.hitFrom", { run: String(step.cachedFrom) });
    }
    return step.startedAt === null || step.endedAt === null
      ? t(`stepState.${step.state}`)
      : format.duration(Date.parse(step.endedAt) - Date.parse(step.startedAt));
  };
  const [read] = Object.values(run.datasets);
  const input =
    read === undefined
      ? undefined
      : {
          text: `${read.dataset} ${shortDigest(read.version)}`,
          to: places.datasetVersion(scope, { dataset: read.dataset, id: read.version }),
        };
  const { nodes, edges } = runGraph(run, definition, { chosen: chosen?.name, detailOf });
  return (
    <>
      <PageHead
        title={`${run.pipeline} ${run.number}`}
        sub={<Sub run={run} />}
        actions={<Actions run={run} acts={{ cancel, again }} />}
      />
      {failed === null ? null : <ErrorNote error={failed} />}
      <SubjectTrace
        here="pipeline-run"
        subject={`/api/pipelines/pipelines/${run.pipeline}/runs/${run.number}`}
        text={`${run.pipeline} ${run.number}`}
        known={input === undefined ? {} : { "data-version": input }}
      />
      {run.problem === null ? null : (
        <div className="note crit" role="alert">
          {run.problem}
        </div>
      )}
      {run.steps.length > MOST_DRAWN ? null : (
        <Section open>
          <Graph
            label={t("pipelines.graphOf", { pipeline: run.pipeline })}
            nodes={nodes}
            edges={edges}
            onNode={choose}
          />
          <p className="quiet small">{t("pipelines.legend")}</p>
        </Section>
      )}
      <div className="columns log-side">
        <PlanAndTime run={run} chosen={chosen?.name} choose={choose} />
        {chosen === undefined ? null : (
          <StepPanel run={run} step={chosen} definition={definition} lines={lines} error={error} />
        )}
      </div>
    </>
  );
}

function Sub({ run }: { run: PipelineRun }) {
  const { t } = useWords();
  const scope = useScope();
  const params = Object.entries(run.params).filter(([name]) => !(name in run.datasets));
  return (
    <>
      <StatusWord status={pipelineRunStatus(run.state)}>
        {t(`pipelineRunState.${run.state}`)}
        {run.startedAt === null ? null : (
          <>
            , <Elapsed from={run.startedAt} to={run.endedAt} />
          </>
        )}
      </StatusWord>
      <span>
        {t("words.started")} <Moment at={run.createdAt} /> {t("shell.madeBy", { who: run.createdBy.name })}
      </span>
      {Object.entries(run.datasets).map(([name, { dataset, version }]) => (
        <span key={name}>
          {name}{" "}
          <Go to={places.datasetVersion(scope, { dataset, id: version })}>
            {dataset} <code>{shortDigest(version)}</code>
          </Go>
        </span>
      ))}
      {params.length === 0 ? null : (
        <code>{params.map(([name, value]) => `${name} ${JSON.stringify(value)}`).join(", ")}</code>
      )}
      <CopyId id={run.version} short={`sha256 ${shortDigest(run.version)}`} />
    </>
  );
}

type Acts = {
  cancel: ReturnType<typeof useAction<"pipelines", "cancelRun">>;
  again: ReturnType<typeof useAction<"pipelines", "startRun">>;
};

function Actions({ run, acts: { cancel, again } }: { run: PipelineRun; acts: Acts }) {
  const { t } = useWords();
  const scope = useScope();
  const go = useGo();
  const isActive = run.state === "queued" || run.state === "running";
  return isActive || run.state === "cancelling" ? (
    <button
      type="button"
      className="button danger"
      disabled={!isActive || cancel.isPending}
      onClick={() => cancel.mutate({ pipeline: run.pipeline, number: run.number })}
    >
      {t("pipelines.cancel")}
    </button>
  ) : (
    <button
      type="button"
      className="button"
      disabled={again.isPending}
      onClick={() =>
        again.mutate(
          { pipeline: run.pipeline, version: run.version, params: run.params },
          { onSuccess: (next) => go(places.pipelineRun(scope, next)) },
        )
      }
    >
      {t("pipelines.again")}
    </button>
  );
}
