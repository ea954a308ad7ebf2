import type { PipelineRun } from "@causeway/contract";
import { DataTable } from "../../components/data-table.tsx";
import { Go } from "../../components/go.tsx";
import { RowsSkeleton, Slowly } from "../../components/loaded.tsx";
import { Elapsed, Moment } from "../../components/moment.tsx";
import { Column } from "../../components/page-frame.tsx";
import { StatusWord } from "../../components/status-mark.tsx";
import { pipelineRunStatus } from "../../components/work-status.ts";
import { places } from "../../lib/places.ts";
import { useScope } from "../../lib/scope.ts";
import { useWords } from "../../lib/words.tsx";

const SHOWN = 6;

/** The newest pipeline runs: what ran, how it went, how long it took. */
export function RecentRuns({
  runs,
  isFailed,
}: {
  runs: readonly PipelineRun[] | undefined;
  /** They did not come; the page says why. */
  isFailed: boolean;
}) {
  const { t } = useWords();
  const scope = useScope();
  return (
    <Column
      title={t("home.recentRuns")}
      right={<Go to={places.stage(scope, "pipelines")}>{t("shell.all")}</Go>}
    >
      {runs === undefined ? (
        isFailed ? null : (
          <Slowly>
            <RowsSkeleton rows={SHOWN} />
          </Slowly>
        )
      ) : runs.length === 0 ? (
        <p className="quiet">{t("home.noRuns")}</p>
      ) : (
        <DataTable
          label={t("home.recentRuns")}
          view="runs"
          rows={runs.slice(0, SHOWN)}
          rowKey={(run) => `${run.pipeline}/${run.number}`}
          open={(run) => places.pipelineRun(scope, run)}
          columns={[
            {
              key: "run",
              title: t("words.run"),
              cell: (run) => (
                <Go className="ink-link strong" to={places.pipelineRun(scope, run)}>
                  {run.pipeline} {run.number}
                </Go>
              ),
            },
            {
              key: "state",
              title: t("words.state"),
              cell: (run) => (
                <StatusWord status={pipelineRunStatus(run.state)}>
                  {t(`pipelineRunState.${run.state}`)}
                </StatusWord>
              ),
            },
            {
              key: "steps",
              title: t("pipelines.steps"),
              number: true,
              cell: ({ steps }) =>
                `${steps.filter(({ state }) => state === "succeeded" || state === "cached").length} / ${steps.length}`,
            },
            {
              key: "took",
              title: t("words.took"),
              number: true,
              cell: (run) =>
                run.startedAt === null ? "" : <Elapsed from={run.startedAt} to={run.endedAt} />,
            },
            {
              key: "started",
              title: t("words.started"),
              number: true,
              cell: (run) => <Moment at={run.createdAt} />,
            },
          ]}
        />
      )}
    </Column>
  );
}
