import type { Alert, Monitor, MonitorWindow } from "@causeway/contract";
import { Go } from "../../components/go.tsx";
import { Moment } from "../../components/moment.tsx";
import { PageHead } from "../../components/page-frame.tsx";
import { StatusWord } from "../../components/status-mark.tsx";
import { SubjectTrace } from "../../components/subject-trace.tsx";
import { windowName } from "../../components/window-name.ts";
import { useAnswer } from "../../lib/api.ts";
import { places } from "../../lib/places.ts";
import { useScope } from "../../lib/scope.ts";
import { useWords } from "../../lib/words.tsx";
import { monitorStatus, nameOfWindow } from "./judgement.ts";

/** The head of a monitor's page: its state, what it watches, and the decision that waits. */
export function MonitorHead({
  monitor,
  alert,
  window,
}: {
  monitor: Monitor;
  alert: Alert | undefined;
  window: MonitorWindow | undefined;
}) {
  const { t, format } = useWords();
  const scope = useScope();
  const approvals = useAnswer(["registry", "listApprovals"], { state: "pending" });
  const approval = approvals.data?.items.find(({ model }) => model === window?.model);
  const version = window?.versions[0]?.version;
  const isOpen = alert !== undefined && alert.state !== "resolved";
  const status = monitorStatus(monitor, isOpen ? [alert] : []);
  const length =
    typeof monitor.settings.window === "string"
      ? monitor.settings.window
      : t("monitoring.rowsWord", { count: monitor.settings.window.rows });
  return (
    <PageHead
      title={monitor.name}
      sub={
        <>
          <StatusWord status={status}>
            {isOpen
              ? t(`alertKind.${alert.kind}`)
              : monitor.paused
                ? t("monitoring.paused")
                : t(`status.${status}`)}
          </StatusWord>
          {version === undefined ? null : <span className="tag live">v{version}</span>}
          <Go to={places.deployment(scope, monitor.deployment)}>{monitor.deployment}</Go>
          <span>{t("monitoring.perWindow", { length })}</span>
          {monitor.watermark === null ? null : (
            <span>
              {t("monitoring.watermark")}{" "}
              <time dateTime={monitor.watermark} title={format.exact(new Date(monitor.watermark))}>
                {format.dateTime(new Date(monitor.watermark))}
              </time>
            </span>
          )}
          {monitor.newest === null || isClose(monitor.newest.end, monitor.newest.closedAt) ? null : (
            <span className="quiet">
              {t("monitoring.closedAt")} <Moment at={monitor.newest.closedAt} />
            </span>
          )}
        </>
      }
      actions={
        approval === undefined ? undefined : (
          <Go className="button primary" to={places.approval(scope, approval)}>
            {t("monitoring.reviewVersion", { version: approval.version })}
          </Go>
        )
      }
    />
  );
}

/** Event time and server time are told apart where they are more than a day apart. */
function isClose(end: string, closedAt: string): boolean {
  return Math.abs(Date.parse(closedAt) - Date.parse(end)) < 86_400_000;
}

/** The trace of the window that is shown: from its alert to the code of the version that answered in it. */
export function MonitorTrace({
  monitor,
  alert,
  window,
}: {
  monitor: Monitor;
  alert: Alert | undefined;
  window: MonitorWindow | undefined;
}) {
  const { t, format } = useWords();
  const scope = useScope();
  const version = window?.versions[0]?.version;
  return (
    <SubjectTrace
      here="deployment"
      subject={
        window === undefined || version === undefined
          ? `/api/deployments/deployments/${monitor.deployment}`
          : `/api/registry/models/${encodeURIComponent(window.model)}/versions/${version}`
      }
      text={
        window === undefined
          ? monitor.deployment
          : `${monitor.deployment}, ${windowName(window.title, { t, format })}`
      }
      known={{
        ...(alert === undefined
          ? {}
          : { alert: { text: t(`alertKind.${alert.kind}`), to: places.alert(scope, alert) } }),
        ...(window === undefined
          ? {}
          : {
              rows: {
                text: t("monitoring.rowsWord", { count: window.rows }),
                to: rowsPlace(scope, monitor, window),
              },
            }),
      }}
    />
  );
}

/** The page of a window's rows: those that were answered wrongly, once truth has come. */
export function rowsPlace(
  scope: ReturnType<typeof useScope>,
  { deployment }: Pick<Monitor, "deployment">,
  window: MonitorWindow,
): string {
  return places.predictions(scope, deployment, {
    from: window.start,
    until: window.end,
    truth: window.coverage.labelled > 0 ? "wrong" : "",
  });
}

/** The address of a window on its monitor's page. */
export function windowPlace(scope: ReturnType<typeof useScope>, window: MonitorWindow): string {
  return places.monitor(scope, window.monitor, { window: nameOfWindow(window) });
}
