import type { Pipeline } from "@causeway/contract";
import { DataTable } from "../../components/data-table.tsx";
import { EmptyState } from "../../components/empty-state.tsx";
import { Go } from "../../components/go.tsx";
import { Loaded, RowsSkeleton } from "../../components/loaded.tsx";
import { Elapsed, Moment } from "../../components/moment.tsx";
import { PageHead } from "../../components/page-frame.tsx";
import { StatusWord } from "../../components/status-mark.tsx";
import { pipelineRunStatus } from "../../components/work-status.ts";
import { useAnswer } from "../../lib/api.ts";
import { commandLine } from "../../lib/command-line.ts";
import { shortDigest } from "../../lib/format.ts";
import { places } from "../../lib/places.ts";
import { useScope } from "../../lib/scope.ts";
import { useWords } from "../../lib/words.tsx";
import { RunTicks } from "./run-ticks.tsx";

/** All pipelines: how their last twenty runs went. */
export function PipelineListPage() {
  const { t } = useWords();
  const scope = useScope();
  const pipelines = useAnswer(["pipelines", "listPipelines"], { limit: 1000 });
  const active = (pipelines.data?.items ?? []).filter(({ runs }) => isGoing(runs[0])).length;
  return (
    <>
      <PageHead
        title={t("stages.pipelines")}
        sub={
          pipelines.data === undefined
            ? undefined
            : t("pipelines.sub", { count: pipelines.data.items.length, active })
        }
      />
      <Loaded answer={pipelines} skeleton={<RowsSkeleton />}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState
              title={t("pipelines.emptyTitle")}
              text={t("pipelines.emptyText")}
              command={commandLine(scope, "pipelines run churn.pipeline.ts")}
            />
          ) : (
            <DataTable
              label={t("stages.pipelines")}
              rows={items}
              rowKey={({ name }) => name}
              open={({ name }) => places.pipeline(scope, name)}
              columns={[
                {
                  key: "name",
                  title: t("words.name"),
                  sort: ({ name }) => name,
                  cell: ({ name }) => (
                    <Go className="ink-link strong" to={places.pipeline(scope, name)}>
                      {name}
                    </Go>
                  ),
                },
                {
                  key: "state",
                  title: t("pipelines.lastRun"),
                  sort: ({ runs }) => runs[0]?.state,
                  cell: (pipeline) => <LastRun of={pipeline} />,
                },
                {
                  key: "ticks",
                  title: t("pipelines.lastTwenty"),
                  cell: ({ runs }) => <RunTicks runs={runs} />,
                },
                {
                  key: "took",
                  title: t("words.took"),
                  number: true,
                  cell: ({ runs: [last] }) =>
                    last?.startedAt == null ? "" : <Elapsed from={last.startedAt} to={last.endedAt} />,
                },
                {
                  key: "steps",
                  title: t("pipelines.steps"),
                  number: true,
                  minor: true,
                  sort: ({ latest }) => latest.definition.steps.length,
                  cell: ({ latest }) => latest.definition.steps.length,
                },
                {
                  key: "version",
                  title: t("words.version"),
                  minor: true,
                  cell: ({ latest }) => <code>{shortDigest(latest.digest)}</code>,
                },
                {
                  key: "started",
                  title: t("words.started"),
                  number: true,
                  sort: ({ runs }) => runs[0]?.createdAt,
                  cell: ({ runs: [last] }) => (last === undefined ? "" : <Moment at={last.createdAt} />),
                },
              ]}
            />
          )
        }
      </Loaded>
    </>
  );
}

function LastRun({ of: { name, runs } }: { of: Pipeline }) {
  const { t } = useWords();
  const scope = useScope();
  const last = runs[0];
  if (last === undefined) return <span className="quiet">{t("pipelines.neverRan")}</span>;
  return (
    <Go className="ink-link" to={places.pipelineRun(scope, { pipeline: name, number: last.number })}>
      <StatusWord status={pipelineRunStatus(last.state)}>
        {last.number}, {t(`pipelineRunState.${last.state}`)}
      </StatusWord>
    </Go>
  );
}

function isGoing(run: Pipeline["runs"][number] | undefined): boolean {
  return (
    run !== undefined && (run.state === "queued" || run.state === "running" || run.state === "cancelling")
  );
}
