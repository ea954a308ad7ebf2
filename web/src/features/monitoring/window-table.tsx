import type { MonitorWindow } from "@causeway/contract";
import { notJudgedText } from "../../components/alert-words.ts";
import { DataTable } from "../../components/data-table.tsx";
import { Go } from "../../components/go.tsx";
import { StatusWord } from "../../components/status-mark.tsx";
import { windowName } from "../../components/window-name.ts";
import { useScope } from "../../lib/scope.ts";
import { useWords } from "../../lib/words.tsx";
import { windowPlace } from "./monitor-head.tsx";

/** Closed windows as a table, the newest first. */
export function WindowTable({ windows }: { windows: readonly MonitorWindow[] }) {
  const { t, format } = useWords();
  const scope = useScope();
  if (windows.length === 0) return <p className="quiet tab-body">{t("monitoring.driftNothing")}</p>;
  return (
    <DataTable
      label={t("monitoring.windows")}
      rows={windows}
      rowKey={({ start }) => start}
      open={(window) => windowPlace(scope, window)}
      columns={[
        {
          key: "window",
          title: t("monitoring.length"),
          sort: ({ start }) => start,
          cell: (window) => (
            <Go className="ink-link strong" to={windowPlace(scope, window)}>
              {windowName(window.title, { t, format })}
            </Go>
          ),
        },
        {
          key: "alarms",
          title: t("words.state"),
          cell: ({ alarms }) =>
            alarms.length === 0 ? (
              <StatusWord status="ok">{t("status.ok")}</StatusWord>
            ) : (
              <StatusWord status={alarms.includes("performance") ? "crit" : "warn"}>
                {alarms.map((kind) => t(`alertKind.${kind}`)).join(", ")}
              </StatusWord>
            ),
        },
        {
          key: "version",
          title: t("words.version"),
          cell: ({ versions }) => (
            <span className="tags">
              {versions.map(({ version }) => (
                <span key={version} className="tag live">
                  v{version}
                </span>
              ))}
            </span>
          ),
        },
        {
          key: "rows",
          title: t("words.rows"),
          number: true,
          sort: ({ rows }) => rows,
          cell: ({ rows }) => format.count(rows),
        },
        {
          key: "labels",
          title: t("monitoring.labels"),
          number: true,
          sort: ({ coverage }) => coverage.share ?? -1,
          cell: ({ coverage }) => (coverage.share === null ? "" : format.percent(coverage.share)),
        },
        {
          key: "metric",
          title:
            windows.find(({ performance }) => performance !== null)?.performance?.[0]?.metric ??
            t("words.metric"),
          number: true,
          sort: ({ performance }) => performance?.[0]?.now.value ?? Number.NEGATIVE_INFINITY,
          cell: ({ performance }) => {
            const now = performance?.[0]?.now;
            if (now === undefined) return <span className="quiet">–</span>;
            return now.low === null || now.high === null ? (
              format.metric(now.value)
            ) : (
              <>
                <b>{format.metric(now.value)}</b>{" "}
                <span className="quiet">({format.interval(now.low, now.high)})</span>
              </>
            );
          },
        },
        {
          key: "drifted",
          title: t("monitoring.driftedColumns"),
          number: true,
          sort: ({ drift }) => drift.drifted.length,
          cell: ({ drift }) =>
            drift.judged ? (
              t("monitoring.ofColumns", { drifted: drift.drifted.length, columns: drift.columns })
            ) : (
              <span className="quiet" title={notJudgedText(drift, { t, format })}>
                –
              </span>
            ),
        },
        {
          key: "largest",
          title: "psi",
          number: true,
          minor: true,
          cell: ({ drift }) =>
            drift.largest === null ? (
              ""
            ) : (
              <>
                <span className="quiet">{drift.largest.column}</span> {format.metric(drift.largest.psi, 2)}
              </>
            ),
        },
        {
          key: "restated",
          title: t("monitoring.restated"),
          number: true,
          minor: true,
          cell: ({ restated }) => (restated === 0 ? "" : format.count(restated)),
        },
      ]}
    />
  );
}
