import type { Deployment } from "@causeway/contract";
import { DataTable } from "../../components/data-table.tsx";
import { EmptyState } from "../../components/empty-state.tsx";
import { Go, useView } from "../../components/go.tsx";
import { Loaded, RowsSkeleton } from "../../components/loaded.tsx";
import { MetricTrend } from "../../components/metric-trend.tsx";
import { Moment } from "../../components/moment.tsx";
import { PageHead } from "../../components/page-frame.tsx";
import { Spark } from "../../components/spark.tsx";
import { StatusWord } from "../../components/status-mark.tsx";
import { deploymentStatus } from "../../components/work-status.ts";
import { useAnswer } from "../../lib/api.ts";
import { commandLine } from "../../lib/command-line.ts";
import { places } from "../../lib/places.ts";
import { useScope } from "../../lib/scope.ts";
import { useWords } from "../../lib/words.tsx";
import { DeployForm } from "./deploy-form.tsx";
import { trafficOf } from "./traffic.ts";

/** All deployments of the environment, the worst first, with what the newest predictions say of their traffic. */
export function FleetPage() {
  const { t } = useWords();
  const scope = useScope();
  const [isDeploying, setDeploying] = useView("deploy");
  const deployments = useAnswer(["deployments", "listDeployments"], { limit: 1000 });
  const items = deployments.data?.items ?? [];
  return (
    <>
      <PageHead
        title={t("stages.deployments")}
        sub={
          deployments.data === undefined
            ? undefined
            : t("deployments.sub", {
                serving: items.filter(({ state }) => state === "ready").length,
                failed: items.filter(({ state }) => state === "failed").length,
                environment: scope.environment,
              })
        }
        actions={
          isDeploying === "" ? (
            <button type="button" className="button primary" onClick={() => setDeploying("1")}>
              {t("deployments.deploy")}
            </button>
          ) : undefined
        }
      />
      {isDeploying === "" ? null : <DeployForm close={() => setDeploying("")} />}
      <Loaded answer={deployments} skeleton={<RowsSkeleton columns={6} />}>
        {(known) =>
          known.items.length === 0 ? (
            <EmptyState
              title={t("deployments.emptyTitle", { environment: scope.environment })}
              text={t("deployments.emptyText")}
              command={commandLine(scope, "deployments create churn --serve churn@champion")}
            />
          ) : (
            <Fleet deployments={known.items} />
          )
        }
      </Loaded>
    </>
  );
}

const RANK = { failed: 0, pending: 1, ready: 2 } as const;

function Fleet({ deployments }: { deployments: readonly Deployment[] }) {
  const { t } = useWords();
  const scope = useScope();
  const worstFirst = [...deployments].sort(
    (a, b) => RANK[a.state] - RANK[b.state] || a.name.localeCompare(b.name),
  );
  return (
    <DataTable
      label={t("stages.deployments")}
      rows={worstFirst}
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
        {
          key: "state",
          title: t("words.state"),
          sort: ({ state }) => RANK[state],
          cell: ({ state }) => (
            <StatusWord status={deploymentStatus(state)}>{t(`deploymentState.${state}`)}</StatusWord>
          ),
        },
        { key: "serve", title: t("deployments.serves"), cell: ({ serve }) => <code>{serve}</code> },
        {
          key: "version",
          title: t("words.version"),
          cell: ({ serving, revision }) => <span className="tag live">v{(serving ?? revision).version}</span>,
        },
        {
          key: "traffic",
          title: t("deployments.lastHour"),
          minor: true,
          cell: (of) => <TrafficSpark of={of} />,
        },
        {
          key: "performance",
          title: t("deployments.performance"),
          minor: true,
          cell: (of) => <Performance of={of} />,
        },
        { key: "p99", title: t("deployments.p99"), number: true, cell: (of) => <LatencyCell of={of} /> },
        {
          key: "gateways",
          title: t("deployments.gateways"),
          number: true,
          cell: ({ gateways }) =>
            `${gateways.filter(({ state }) => state === "ready").length} / ${gateways.length}`,
        },
        {
          key: "since",
          title: t("deployments.since"),
          number: true,
          sort: ({ revision }) => revision.createdAt,
          cell: ({ revision }) => <Moment at={revision.createdAt} />,
        },
      ]}
    />
  );
}

/** Columns of a row's spark: an hour in stretches of four minutes. */
const SPARK_COLUMNS = 15;

function useTraffic({ name }: Deployment) {
  return (
    useAnswer(["deployments", "getTraffic"], { deployment: name, spans: SPARK_COLUMNS }).data?.items ?? []
  );
}

function TrafficSpark({ of }: { of: Deployment }) {
  const { t } = useWords();
  const points = useTraffic(of);
  if (trafficOf(points).requests === 0) return <span className="quiet">{t("deployments.quietHour")}</span>;
  return <Spark values={points.map(({ requests }) => requests)} />;
}

function LatencyCell({ of }: { of: Deployment }) {
  const { format } = useWords();
  const { p99Ms } = trafficOf(useTraffic(of));
  return p99Ms === null ? null : <>{format.metric(p99Ms, 1)} ms</>;
}

/** The course of the metric that the deployment's monitor judges. */
function Performance({ of }: { of: Deployment }) {
  const scope = useScope();
  const monitors = useAnswer(["monitoring", "listMonitors"], { limit: 1000 });
  const monitor = monitors.data?.items.find(({ deployment }) => deployment === of.name);
  if (monitor === undefined) return null;
  return (
    <Go to={places.monitor(scope, monitor.name)} label={monitor.name}>
      <MetricTrend monitor={monitor.name} />
    </Go>
  );
}
