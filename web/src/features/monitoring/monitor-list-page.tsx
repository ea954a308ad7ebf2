import type { Alert, Monitor } from "@causeway/contract";
import { DataTable } from "../../components/data-table.tsx";
import { EmptyState } from "../../components/empty-state.tsx";
import { Go, useView } from "../../components/go.tsx";
import { Loaded, RowsSkeleton } from "../../components/loaded.tsx";
import { MetricTrend } from "../../components/metric-trend.tsx";
import { PageHead } from "../../components/page-frame.tsx";
import { StatusWord } from "../../components/status-mark.tsx";
import { windowName } from "../../components/window-name.ts";
import { useAnswer } from "../../lib/api.ts";
import { commandLine } from "../../lib/command-line.ts";
import { places } from "../../lib/places.ts";
import { useScope } from "../../lib/scope.ts";
import { useWords } from "../../lib/words.tsx";
import { byUrgency, monitorStatus, worstFirst } from "./judgement.ts";
import { MonitorForm } from "./monitor-form.tsx";

/** All monitors of the environment, the worst first: one strip of performance and the number of drifted columns each. */
export function MonitorListPage() {
  const { t } = useWords();
  const scope = useScope();
  const [isWatching, setWatching] = useView("watch");
  const monitors = useAnswer(["monitoring", "listMonitors"], { limit: 1000 });
  const alerts = useAnswer(["monitoring", "listAlerts"], { limit: 200 });
  const open = (alerts.data?.items ?? []).filter(({ state }) => state !== "resolved");
  return (
    <>
      <PageHead
        title={t("stages.monitoring")}
        sub={
          monitors.data === undefined
            ? undefined
            : t("monitoring.sub", {
                open: open.filter(({ state }) => state === "open").length,
                monitors: monitors.data.items.length,
                environment: scope.environment,
              })
        }
        actions={
          isWatching === "" ? (
            <button type="button" className="button primary" onClick={() => setWatching("1")}>
              {t("monitoring.watch")}
            </button>
          ) : undefined
        }
      />
      {isWatching === "" ? null : <MonitorForm close={() => setWatching("")} />}
      <Loaded answer={monitors} skeleton={<RowsSkeleton columns={6} />}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState
              title={t("monitoring.emptyTitle", { environment: scope.environment })}
              text={t("monitoring.emptyText")}
              command={commandLine(scope, "monitoring create churn")}
            />
          ) : (
            <MonitorTable monitors={worstFirst(items, open)} alerts={open} />
          )
        }
      </Loaded>
    </>
  );
}

function MonitorTable({ monitors, alerts }: { monitors: readonly Monitor[]; alerts: readonly Alert[] }) {
  const { t, format } = useWords();
  const scope = useScope();
  return (
    <DataTable
      label={t("stages.monitoring")}
      rows={monitors}
      rowKey={({ name }) => name}
      open={({ name }) => places.monitor(scope, name)}
      columns={[
        {
          key: "name",
          title: t("words.name"),
          sort: ({ name }) => name,
          cell: ({ name }) => (
            <Go className="ink-link strong" to={places.monitor(scope, name)}>
              {name}
            </Go>
          ),
        },
        {
          key: "state",
          title: t("words.state"),
          cell: (monitor) => <MonitorState monitor={monitor} alerts={alerts} />,
        },
        {
          key: "trend",
          title: t("monitoring.trend"),
          cell: ({ name }) => <MetricTrend monitor={name} />,
        },
        {
          key: "metric",
          title: t("monitoring.metricNow"),
          number: true,
          cell: ({ newest }) => {
            const moment = newest?.performance?.[0];
            return moment === undefined ? (
              <span className="quiet">–</span>
            ) : (
              <>
                <b>{format.metric(moment.now.value)}</b> <span className="quiet">{moment.metric}</span>
              </>
            );
          },
        },
        {
          key: "labels",
          title: t("monitoring.labels"),
          number: true,
          minor: true,
          cell: ({ newest }) =>
            newest?.coverage.share == null ? "" : format.percent(newest.coverage.share, 0),
        },
        {
          key: "drifted",
          title: t("monitoring.driftedColumns"),
          number: true,
          sort: ({ newest }) => newest?.drift.drifted.length ?? -1,
          cell: ({ newest }) =>
            newest === null ? (
              <span className="quiet">–</span>
            ) : (
              t("monitoring.ofColumns", {
                drifted: newest.drift.drifted.length,
                columns: newest.drift.columns,
              })
            ),
        },
        {
          key: "deployment",
          title: t("monitoring.deployment"),
          minor: true,
          cell: ({ deployment }) => <Go to={places.deployment(scope, deployment)}>{deployment}</Go>,
        },
        {
          key: "newest",
          title: t("monitoring.newest"),
          number: true,
          cell: ({ newest }) => (newest == null ? "" : windowName(newest.title, { t, format })),
        },
      ]}
    />
  );
}

function MonitorState({ monitor, alerts }: { monitor: Monitor; alerts: readonly Alert[] }) {
  const { t } = useWords();
  const status = monitorStatus(monitor, alerts);
  const worst = byUrgency(alerts.filter((alert) => alert.monitor === monitor.name))[0];
  const word =
    worst !== undefined
      ? t(`alertKind.${worst.kind}`)
      : monitor.paused
        ? t("monitoring.paused")
        : t(`status.${status}`);
  return <StatusWord status={status}>{word}</StatusWord>;
}
