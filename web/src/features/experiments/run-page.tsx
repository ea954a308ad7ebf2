import type { Run } from "@causeway/contract";
import { CopyId } from "../../components/copy.tsx";
import { ErrorNote } from "../../components/error-note.tsx";
import { Go, useSegment } from "../../components/go.tsx";
import { Loaded, PictureSkeleton } from "../../components/loaded.tsx";
import { Elapsed, Moment } from "../../components/moment.tsx";
import { Column, PageHead } from "../../components/page-frame.tsx";
import { RecordFacts } from "../../components/record-facts.tsx";
import { StatusWord } from "../../components/status-mark.tsx";
import { SubjectLineage } from "../../components/subject-lineage.tsx";
import { SubjectTrace } from "../../components/subject-trace.tsx";
import { Tabs } from "../../components/tabs.tsx";
import { runStatus } from "../../components/work-status.ts";
import { useAction, useAnswer } from "../../lib/api.ts";
import { decimalsOf } from "../../lib/format.ts";
import { places } from "../../lib/places.ts";
import { useScope } from "../../lib/scope.ts";
import { useWords } from "../../lib/words.tsx";
import { CurveControls, useCurveView } from "./curve-controls.tsx";
import { MetricChart } from "./metric-chart.tsx";
import { RunFiles } from "./run-files.tsx";
import { bestValue, metricNames } from "./run-metrics.ts";

/** How often a run that still goes on is asked anew, beside the events that tell of its start and end. */
const LIVE_MS = 3_000;

/** One run: how it stands, its metrics, the curves, what it was made from. */
export function RunPage() {
  const id = useSegment("run");
  const run = useAnswer(["experiments", "getRun"], { run: id });
  const isLive = run.data?.state === "running";
  const live = useAnswer(["experiments", "getRun"], { run: id }, { enabled: isLive, everyMs: LIVE_MS });
  return (
    <Loaded
      answer={isLive && live.data !== undefined ? live : run}
      skeleton={<PictureSkeleton height={320} />}
    >
      {(known) => <RunView run={known} />}
    </Loaded>
  );
}

function RunView({ run }: { run: Run }) {
  const { t } = useWords();
  const scope = useScope();
  const end = useAction(["experiments", "endRun"]);
  const subject = `/api/experiments/runs/${run.id}`;
  return (
    <>
      <PageHead
        title={run.name}
        sub={
          <>
            <StatusWord status={runStatus(run.state)}>
              {t(`runState.${run.state}`)}, <Elapsed from={run.startedAt} to={run.endedAt} />
            </StatusWord>
            <span>
              {t("experiments.startedIn")}{" "}
              <Go to={places.experiment(scope, run.experiment)}>{run.experiment.name}</Go> ·{" "}
              <Moment at={run.startedAt} /> {t("shell.madeBy", { who: run.createdBy.name })}
            </span>
            <CopyId id={run.id} short={run.id.slice(0, 8)} />
          </>
        }
        actions={
          run.state === "running" && run.step === null ? (
            <button
              type="button"
              className="button danger"
              disabled={end.isPending}
              onClick={() => end.mutate({ run: run.id, state: "killed" })}
            >
              {t("experiments.end")}
            </button>
          ) : undefined
        }
      />
      {end.error === null ? null : <ErrorNote error={end.error} />}
      <SubjectTrace here="pipeline-run" subject={subject} text={run.name} isRun />
      <Tabs
        label={run.name}
        tabs={[
          ["metrics", t("words.metrics")],
          ["origin", t("experiments.drivers")],
          ["files", t("words.files")],
        ]}
      >
        {(open) => {
          switch (open) {
            case "metrics":
              return <Metrics run={run} />;
            case "origin":
              return (
                <div className="section open stack">
                  <RecordFacts record={run.record} usage={run.usage} />
                  <SubjectLineage subject={subject} />
                </div>
              );
            case "files":
              return <RunFiles run={run} />;
            default:
              return open satisfies never;
          }
        }}
      </Tabs>
    </>
  );
}

function Metrics({ run }: { run: Run }) {
  const { t, format } = useWords();
  const view = useCurveView();
  const names = metricNames([run]);
  const curves = names.filter((name) =>
    run.metrics.some((metric) => metric.name === name && metric.points > 1),
  );
  return (
    <div className="columns open">
      <Column title={curves.length === 0 ? undefined : t("experiments.curves")}>
        {run.metrics.length === 0 ? (
          <p className="quiet">
            {run.state === "running" ? (
              <>
                {t("experiments.waitingFirst")} <Elapsed from={run.startedAt} to={null} />
              </>
            ) : (
              t("experiments.noMetrics")
            )}
          </p>
        ) : null}
        {curves.length === 0 ? null : <CurveControls />}
        <div className="stack">
          {curves.map((metric) => (
            <MetricChart key={metric} metric={metric} runs={[run]} view={view} />
          ))}
        </div>
        {run.metrics.length === 0 ? null : (
          <div className="scroll">
            <table className="table">
              <thead>
                <tr>
                  <th scope="col">{t("words.metric")}</th>
                  <th scope="col" className="number">
                    {t("words.last")}
                  </th>
                  <th scope="col" className="number">
                    {t("words.best")}
                  </th>
                  <th scope="col" className="number">
                    {t("words.step")}
                  </th>
                  <th scope="col" className="number">
                    {t("experiments.values")}
                  </th>
                </tr>
              </thead>
              <tbody>
                {names.map((name) => {
                  const metric = run.metrics.find((each) => each.name === name);
                  if (metric === undefined) return null;
                  const decimals = decimalsOf([metric.last.value, metric.min, metric.max]);
                  return (
                    <tr key={name}>
                      <td>
                        <b>{name}</b>
                      </td>
                      <td className="number" title={String(metric.last.value)}>
                        {format.metric(metric.last.value, decimals)}
                      </td>
                      <td className="number">{format.metric(bestValue(metric), decimals)}</td>
                      <td className="number">{format.count(metric.last.step)}</td>
                      <td className="number">{format.count(metric.points)}</td>
                    </tr>
                  );
                })}
              </tbody>
            </table>
          </div>
        )}
      </Column>
      <Column title={t("words.params")} hint={String(Object.keys(run.params).length)} className="stack">
        <NamedTexts of={run.params} />
        {Object.keys(run.tags).length === 0 ? null : (
          <div>
            <div className="section-head">
              <h2>{t("words.tags")}</h2>
            </div>
            <NamedTexts of={run.tags} />
          </div>
        )}
      </Column>
    </div>
  );
}

function NamedTexts({ of }: { of: Record<string, string> }) {
  const { t } = useWords();
  const entries = Object.entries(of).sort(([a], [b]) => a.localeCompare(b));
  if (entries.length === 0) return <p className="quiet">{t("shell.none")}</p>;
  return (
    <dl className="facts">
      {entries.map(([name, value]) => (
        <div key={name} style={{ display: "contents" }}>
          <dt>{name}</dt>
          <dd className="mono">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
