import type { Deployment } from "@causeway/contract";
import { DataTable } from "../../components/data-table.tsx";
import { Go } from "../../components/go.tsx";
import { Moment } from "../../components/moment.tsx";
import { Column } from "../../components/page-frame.tsx";
import { StatusWord } from "../../components/status-mark.tsx";
import { deploymentStatus } from "../../components/work-status.ts";
import { places } from "../../lib/places.ts";
import { useScope } from "../../lib/scope.ts";
import { useWords } from "../../lib/words.tsx";

/** The deployments of this environment, the worst first. */
export function HomeDeployments({ deployments }: { deployments: readonly Deployment[] }) {
  const { t } = useWords();
  const scope = useScope();
  const rank = { failed: 0, pending: 1, ready: 2 } as const;
  const rows = [...deployments].sort((a, b) => rank[a.state] - rank[b.state]);
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
            cell: ({ state }) => (
              <StatusWord status={deploymentStatus(state)}>{t(`deploymentState.${state}`)}</StatusWord>
            ),
          },
          {
            key: "gateways",
            title: t("deployments.gateways"),
            number: true,
            minor: true,
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
    </Column>
  );
}
