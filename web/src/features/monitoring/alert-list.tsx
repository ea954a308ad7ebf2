import type { Alert } from "@causeway/contract";
import { alertTitle } from "../../components/alert-words.ts";
import { DataTable } from "../../components/data-table.tsx";
import { Go } from "../../components/go.tsx";
import { Moment } from "../../components/moment.tsx";
import { StatusWord } from "../../components/status-mark.tsx";
import { places } from "../../lib/places.ts";
import { useScope } from "../../lib/scope.ts";
import { useWords } from "../../lib/words.tsx";
import { alertStatus, byUrgency } from "./judgement.ts";

/** All alerts of a monitor: the open ones first, then those that are over. */
export function AlertList({ alerts }: { alerts: readonly Alert[] }) {
  const { t, format } = useWords();
  const scope = useScope();
  if (alerts.length === 0) return <p className="quiet tab-body">{t("monitoring.noAlerts")}</p>;
  return (
    <DataTable
      label={t("monitoring.alerts")}
      rows={byUrgency(alerts)}
      rowKey={({ id }) => id}
      open={(alert) => places.alert(scope, alert)}
      columns={[
        {
          key: "title",
          title: t("monitoring.alert"),
          className: "wrap",
          cell: (alert) => (
            <Go className="ink-link strong" to={places.alert(scope, alert)}>
              {alertTitle(alert, { t, format })}
            </Go>
          ),
        },
        {
          key: "state",
          title: t("words.state"),
          cell: (alert) => (
            <StatusWord status={alertStatus(alert)}>{t(`alertState.${alert.state}`)}</StatusWord>
          ),
        },
        { key: "kind", title: t("monitoring.kind"), cell: ({ kind }) => t(`alertKind.${kind}`) },
        {
          key: "since",
          title: t("monitoring.since"),
          number: true,
          sort: ({ since }) => since,
          cell: ({ since }) => format.day(new Date(since)),
        },
        {
          key: "windows",
          title: t("monitoring.windows"),
          number: true,
          sort: ({ windows }) => windows,
          cell: ({ windows }) => format.count(windows),
        },
        {
          key: "raised",
          title: t("monitoring.noticed"),
          number: true,
          sort: ({ raisedAt }) => raisedAt,
          cell: ({ raisedAt }) => <Moment at={raisedAt} />,
        },
      ]}
    />
  );
}
