import type { Deployment } from "@causeway/contract";
import { DataTable } from "../../components/data-table.tsx";
import { Go } from "../../components/go.tsx";
import { MetricTrend } from "../../components/metric-trend.tsx";
import { Moment } from "../../components/moment.tsx";
import { Column } from "../../components/page-frame.tsx";
import { StatusWord } from "../../components/status-mark.tsx";
import { deploymentStatus } from "../../components/work-status.ts";
import { places } from "../../lib/places.ts";
import { useScope } from "../../lib/scope.ts";
import { useWords } from "../../lib/words.tsx";
import type { Overview } from "./stage-state.ts";

/** The deployments of this environment, the worst first. */
export function HomeDeployments({ overview }: { overview: Overview }) {
  const { t, format } = useWords();
  const scope = useScope();
  const rank = { failed: 0, pending: 1, ready: 2 } as const;
  const monitorOf = ({ name }: Deployment) => overview.monitors.find(({ deployment }) => deployment === name);
  const alertOf = ({ name }: Deployment) => overview.alerts.find(({ deployment }) => deployment === name);
  const urgency = (deployment: Deployment) =>
    rank[deployment.state] - (alertOf(deployment)?.severity === "critical" ? 1.5 : 0);
  const rows = [...overview.deployments].sort((a, b) => urgency(a) - urgency(b));
  return (
    <Column title={t("home.deploymentsIn", { environment: scope.environment })}>
      <DataTable
        label={t("stages.deployments")}
        view="deployments"
        rows={rows}
        rowKey={({ name }) => name}
        open={({ name }) => places.deployment(scope, name)}
        columns={[
          {
            key: "name",
            title: t("words.name"),
            sort: ({ name }) => name,
            cell: ({ name }) => (
              <Go className="ink-link strong" to={places.deployment(scope, name)}>
                {name}
              </Go>
            ),
          },
          { key: "serve", title: t("deployments.serves"), cell: ({ serve }) => <code>{serve}</code> },
          {
            key: "version",
            title: t("words.version"),
            cell: ({ serving, revision }) => (
              <span className="tag live">v{(serving ?? revision).version}</span>
            ),
          },
          {
            key: "state",
            title: t("words.state"),
            sort: ({ state }) => state,
            cell: (deployment) => {
              const alert = alertOf(deployment);
              return alert === undefined || deployment.state === "failed" ? (
                <StatusWord status={deploymentStatus(deployment.state)}>
                  {t(`deploymentState.${deployment.state}`)}
                </StatusWord>
              ) : (
                <StatusWord status={alert.severity === "critical" ? "crit" : "warn"}>
                  {t(`alertKind.${alert.kind}`)}
                </StatusWord>
              );
            },
          },
          {
            key: "trend",
            title: t("home.trend"),
            cell: (deployment) => {
              const monitor = monitorOf(deployment);
              return monitor === undefined ? null : <MetricTrend monitor={monitor.name} />;
            },
          },
          {
            key: "now",
            title: t("home.now"),
            number: true,
            cell: (deployment) => {
              const moment = monitorOf(deployment)?.newest?.performance?.[0];
              return moment === undefined ? (
                <span className="quiet">–</span>
              ) : (
                <>
                  {format.metric(moment.now.value)} <span className="quiet">{moment.metric}</span>
                </>
              );
            },
          },
          {
            key: "drifted",
            title: t("home.drifted"),
            number: true,
            minor: true,
            cell: (deployment) => {
              const drift = monitorOf(deployment)?.newest?.drift;
              return drift === undefined
                ? ""
                : t("monitoring.ofColumns", { drifted: drift.drifted.length, columns: drift.columns });
            },
          },
          {
            key: "since",
            title: t("deployments.since"),
            number: true,
            minor: true,
            sort: ({ revision }) => revision.createdAt,
            cell: ({ revision }) => <Moment at={revision.createdAt} />,
          },
        ]}
      />
    </Column>
  );
}
