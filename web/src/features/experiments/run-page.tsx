import type { Run } from "@causeway/contract";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { CopyId } from "../../components/copy.tsx";
import { ErrorNote } from "../../components/error-note.tsx";
import { Go, useGo, useSegment } from "../../components/go.tsx";
import { Loaded, PictureSkeleton } from "../../components/loaded.tsx";
import { Elapsed, Moment } from "../../components/moment.tsx";
import { RenameForm } from "../../components/name-form.tsx";
import { PageHead } from "../../components/page-frame.tsx";
import { RecordFacts } from "../../components/record-facts.tsx";
import { RightButton } from "../../components/right-button.tsx";
import { StatusWord } from "../../components/status-mark.tsx";
import { SubjectLineage } from "../../components/subject-lineage.tsx";
import { SubjectTrace } from "../../components/subject-trace.tsx";
import { Tabs } from "../../components/tabs.tsx";
import { runStatus } from "../../components/work-status.ts";
import { useAction, useAnswer } from "../../lib/api.ts";
import { places } from "../../lib/places.ts";
import { useScope } from "../../lib/scope.ts";
import { useWords } from "../../lib/words.tsx";
import { ArtifactBrowser } from "./artifacts/artifact-browser.tsx";
import { CURVES } from "./metric-chart.tsx";
import { madeBy } from "./run-columns.ts";
import { RunMetrics } from "./run-metrics-view.tsx";
import { PARENT_TAG } from "./run-tree.ts";
import { useRunChanges } from "./use-run-changes.ts";

/** One run: how it stands, its metrics, the curves, its files, what it was made from. Followed while it is looked at. */
export function RunPage() {
  const id = useSegment("run");
  const scope = useScope();
  const cache = useQueryClient();
  const run = useAnswer(["experiments", "getRun"], { run: id });
  const known = run.data;
  useRunChanges(known === undefined ? [] : [known.experiment.id], (changed) => {
    if (known === undefined || !changed.includes(known.id)) return;
    void cache.invalidateQueries({ queryKey: ["experiments", "getRun", scope] });
    void cache.invalidateQueries({ queryKey: [CURVES, scope] });
  });
  return (
    <Loaded answer={run} skeleton={<PictureSkeleton height={320} />}>
      {(answer) => <RunView run={answer} />}
    </Loaded>
  );
}

function RunView({ run }: { run: Run }) {
  const { t } = useWords();
  const subject = `/api/experiments/runs/${run.id}`;
  return (
    <>
      <RunHead run={run} />
      <SubjectTrace here="pipeline-run" subject={subject} text={run.name} isRun />
      <Tabs
        label={run.name}
        tabs={[
          ["metrics", t("words.metrics")],
          ["files", t("words.files")],
          ["origin", t("experiments.drivers")],
        ]}
      >
        {(open) => {
          switch (open) {
            case "metrics":
              return <RunMetrics run={run} />;
            case "files":
              return <ArtifactBrowser run={run} />;
            case "origin":
              return (
                <div className="section open stack">
                  <RecordFacts record={run.record} usage={run.usage} />
                  <SubjectLineage subject={subject} />
                </div>
              );
            default:
              return open satisfies never;
          }
        }}
      </Tabs>
    </>
  );
}

function RunHead({ run }: { run: Run }) {
  const { t } = useWords();
  const scope = useScope();
  const go = useGo();
  const [asked, setAsked] = useState<"rename" | "delete">();
  const end = useAction(["experiments", "endRun"]);
  const remove = useAction(["experiments", "deleteRuns"]);
  const restore = useAction(["experiments", "restoreRuns"]);
  const parent = run.tags[PARENT_TAG];
  const error = end.error ?? remove.error ?? restore.error;
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
              <Moment at={run.startedAt} /> {t("shell.madeBy", { who: madeBy(run) })}
            </span>
            {parent === undefined ? null : (
              <span>
                {t("runPage.partOf")}{" "}
                <Go to={places.run(scope, { id: parent, experiment: run.experiment })}>
                  <code>{parent.slice(0, 8)}</code>
                </Go>
              </span>
            )}
            <CopyId id={run.id} short={run.id.slice(0, 8)} />
          </>
        }
        actions={
          <>
            {run.state === "running" && run.step === null ? (
              <RightButton
                permission="experiments:write"
                className="button danger"
                disabled={end.isPending}
                onClick={() => end.mutate({ run: run.id, state: "killed" })}
              >
                {t("experiments.end")}
              </RightButton>
            ) : null}
            <RightButton permission="experiments:write" onClick={() => setAsked("rename")}>
              {t("runList.rename")}
            </RightButton>
            {run.deletedAt === null ? (
              <RightButton permission="experiments:write" onClick={() => setAsked("delete")}>
                {t("runList.delete")}
              </RightButton>
            ) : null}
          </>
        }
      />
      {error === null ? null : <ErrorNote error={error} />}
      {run.deletedAt === null ? null : (
        <div className="note warn">
          <b>{t("runPage.deleted")}</b>
          <p className="second">{t("runList.deleteText")}</p>
          <div className="ways">
            <RightButton
              permission="experiments:write"
              disabled={restore.isPending}
              onClick={() => restore.mutate({ runs: [run.id] })}
            >
              {t("runList.restore")}
            </RightButton>
          </div>
        </div>
      )}
      {asked === "rename" ? <RenameRun run={run} onDone={() => setAsked(undefined)} /> : null}
      {asked === "delete" ? (
        <div className="note crit">
          <b>{t("runPage.deleteAsk", { run: run.name })}</b>
          <p className="second">{t("runList.deleteText")}</p>
          <div className="ways">
            <RightButton
              permission="experiments:write"
              className="button danger"
              disabled={remove.isPending}
              onClick={() =>
                remove.mutate(
                  { runs: [run.id] },
                  { onSuccess: () => go(places.experiment(scope, run.experiment)) },
                )
              }
            >
              {t("runPage.deleteConfirm")}
            </RightButton>
            <button type="button" className="button" onClick={() => setAsked(undefined)}>
              {t("shell.cancel")}
            </button>
          </div>
        </div>
      ) : null}
    </>
  );
}

function RenameRun({ run, onDone }: { run: Run; onDone: () => void }) {
  const { t } = useWords();
  const update = useAction(["experiments", "updateRun"]);
  return (
    <RenameForm
      label={t("runPage.name")}
      name={run.name}
      longest={250}
      permission="experiments:write"
      action={update}
      onName={(name) => update.mutate({ run: run.id, name: name.trim() }, { onSuccess: onDone })}
      cancel={onDone}
    />
  );
}
