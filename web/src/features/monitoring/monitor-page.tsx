import type { Monitor } from "@causeway/contract";
import { EmptyState } from "../../components/empty-state.tsx";
import { useSegment, useView } from "../../components/go.tsx";
import { Loaded, PictureSkeleton } from "../../components/loaded.tsx";
import { Tabs } from "../../components/tabs.tsx";
import { windowName } from "../../components/window-name.ts";
import { useAnswer } from "../../lib/api.ts";
import { useWords } from "../../lib/words.tsx";
import { AlertEvidence } from "./alert-evidence.tsx";
import { AlertList } from "./alert-list.tsx";
import { alertInQuestion, around, firstWindow, SHOWN_WINDOWS, windowNamed } from "./judgement.ts";
import { MonitorHead, MonitorTrace } from "./monitor-head.tsx";
import { MonitorOverview } from "./monitor-overview.tsx";
import { MonitorSettingsView } from "./monitor-settings-view.tsx";
import { WindowSentence } from "./window-sentence.tsx";
import { WindowTable } from "./window-table.tsx";

/** As many as one answer can hold. */
const MOST_WINDOWS = 1000;

/** One monitor: the evidence of its open alert, performance, drift and rows on one axis, one column in detail. */
export function MonitorPage() {
  const name = useSegment("monitor");
  const monitor = useAnswer(["monitoring", "getMonitor"], { monitor: name });
  return (
    <Loaded answer={monitor} skeleton={<PictureSkeleton height={420} />}>
      {(known) => <MonitorView monitor={known} />}
    </Loaded>
  );
}

function MonitorView({ monitor }: { monitor: Monitor }) {
  const { t } = useWords();
  const [chosenAlert] = useView("alert");
  const [shown] = useView("show", SHOWN_WINDOWS[1]);
  const count = Number(SHOWN_WINDOWS.find((each) => each === shown) ?? SHOWN_WINDOWS[1]);
  const windows = useAnswer(["monitoring", "listWindows"], { monitor: monitor.name, limit: count });
  const alerts = useAnswer(["monitoring", "listAlerts"], { monitor: monitor.name, limit: 100 });
  const cycles = useCycles(monitor);
  const known = alerts.data?.items ?? [];
  const alert = alertInQuestion(known, chosenAlert);
  const cycle = cycles.find(({ trigger }) => alert !== undefined && trigger.alert === alert.id);
  const [windowName] = useView("window");
  const newest = windows.data?.items ?? [];
  // An address may name a window that has long passed: then the page shows the windows around it.
  const isFar =
    windowName !== "" &&
    windows.data !== undefined &&
    windows.data.next !== null &&
    windowNamed(newest, windowName) === undefined;
  const all = useAnswer(
    ["monitoring", "listWindows"],
    { monitor: monitor.name, limit: MOST_WINDOWS },
    { enabled: isFar },
  );
  const oldestFirst = around(isFar ? (all.data?.items ?? newest) : newest, windowName, count).reverse();
  const window = windowNamed(oldestFirst, windowName) ?? firstWindow(oldestFirst, alert);
  return (
    <>
      <MonitorHead monitor={monitor} alert={alert} window={window} />
      <div className="alert-first">
        <MonitorTrace monitor={monitor} alert={alert} window={window} />
        {alert === undefined ? null : (
          <AlertEvidence alert={alert} channels={monitor.settings.notify} cycle={cycle} />
        )}
      </div>
      {monitor.problem === null ? null : <p className="note warn">{monitor.problem}</p>}
      {alert === undefined && window !== undefined ? <WindowSentence window={window} /> : null}
      <Tabs
        label={monitor.name}
        tabs={[
          ["overview", t("monitoring.overview")],
          ["windows", t("monitoring.windows")],
          ["alerts", t("monitoring.alerts")],
          ["settings", t("monitoring.settings")],
        ]}
      >
        {(open) => {
          switch (open) {
            case "overview":
              return (
                <Loaded answer={windows} skeleton={<PictureSkeleton height={420} />}>
                  {() =>
                    window === undefined ? (
                      <NoWindow monitor={monitor} />
                    ) : (
                      <MonitorOverview
                        monitor={monitor}
                        windows={oldestFirst}
                        window={window}
                        alerts={known}
                        cycles={cycles}
                      />
                    )
                  }
                </Loaded>
              );
            case "windows":
              return <WindowTable windows={windows.data?.items ?? []} />;
            case "alerts":
              return <Loaded answer={alerts}>{({ items }) => <AlertList alerts={items} />}</Loaded>;
            case "settings":
              return <MonitorSettingsView monitor={monitor} />;
            default:
              return open satisfies never;
          }
        }}
      </Tabs>
    </>
  );
}

/** The retraining cycles of the deployment, the newest first. */
function useCycles({ deployment }: Monitor) {
  const policies = useAnswer(["retraining", "listPolicies"], { deployment });
  const policy = policies.data?.items[0]?.name;
  const cycles = useAnswer(
    ["retraining", "listCycles"],
    { policy: policy ?? "", limit: 50 },
    { enabled: policy !== undefined },
  );
  return policy === undefined ? [] : (cycles.data?.items ?? []);
}

function NoWindow({ monitor }: { monitor: Monitor }) {
  const { t, format } = useWords();
  return monitor.open === null ? (
    <EmptyState
      title={t("monitoring.noPrediction")}
      text={t("monitoring.noPredictionText", { deployment: monitor.deployment })}
    />
  ) : (
    <EmptyState
      title={t("monitoring.noWindow")}
      text={t("monitoring.noWindowText", { title: windowName(monitor.open.title, { t, format }) })}
    />
  );
}
