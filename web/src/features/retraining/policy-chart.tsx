import type { Cycle, Monitor, MonitorWindow, Policy } from "@causeway/contract";
import { useGo } from "../../components/go.tsx";
import { Loaded, PictureSkeleton } from "../../components/loaded.tsx";
import type { Marker } from "../../components/marker-lane.tsx";
import { Section } from "../../components/page-frame.tsx";
import { WindowChart } from "../../components/window-chart.tsx";
import { alarmLevel, metricPoints, metricsOf } from "../../components/window-metric.ts";
import { useAnswer } from "../../lib/api.ts";
import { places } from "../../lib/places.ts";
import { useScope } from "../../lib/scope.ts";
import { type Translate, useWords } from "../../lib/words.tsx";
import { cycleStatus } from "./cycle-status.ts";

const WINDOWS = 120;

/** The metric of the policy's monitor per window, with its cycles marked where they were noticed and where they switched. */
export function PolicyChart({ policy, cycles }: { policy: Policy; cycles: readonly Cycle[] }) {
  const { t } = useWords();
  const monitor = useAnswer(["monitoring", "getMonitor"], { monitor: policy.monitor });
  const windows = useAnswer(["monitoring", "listWindows"], { monitor: policy.monitor, limit: WINDOWS });
  return (
    <Loaded answer={monitor} skeleton={<PictureSkeleton height={280} />}>
      {(known) => (
        <Loaded answer={windows} skeleton={<PictureSkeleton height={280} />}>
          {({ items }) =>
            items.length === 0 ? (
              <Section open title={t("retraining.performancePlain")}>
                <p className="quiet">{t("retraining.noWindows")}</p>
              </Section>
            ) : (
              <Chart monitor={known} windows={[...items].reverse()} cycles={cycles} />
            )
          }
        </Loaded>
      )}
    </Loaded>
  );
}

function Chart({
  monitor,
  windows,
  cycles,
}: {
  monitor: Monitor;
  windows: readonly MonitorWindow[];
  cycles: readonly Cycle[];
}) {
  const { t } = useWords();
  const scope = useScope();
  const go = useGo();
  const metric = metricsOf(windows)[0];
  const points = metricPoints(windows, {
    metric: metric?.name,
    settings: monitor.settings,
    watermark: monitor.watermark,
  });
  const reference = points.findLast((point) => point.reference !== null)?.reference ?? null;
  const values = { metric: metric?.name ?? "", count: windows.length };
  return (
    <WindowChart
      title={metric === undefined ? t("retraining.performancePlain") : t("retraining.performance", values)}
      hint={t("retraining.performanceHint", { count: windows.length, monitor: monitor.name })}
      label={t("retraining.performanceLabel", values)}
      points={points}
      byCount={typeof monitor.settings.window !== "string"}
      level={alarmLevel(reference, {
        drop: monitor.settings.performance.drop,
        lessIsBetter: metric?.lessIsBetter ?? false,
      })}
      markers={markersOf(cycles, t)}
      select={(start) => go(places.monitor(scope, monitor.name, { window: start }))}
      gutter={{ left: 64, right: 96 }}
      height={300}
    />
  );
}

/** Each cycle where it noticed, and where its version began to serve. */
function markersOf(cycles: readonly Cycle[], t: Translate): Marker[] {
  return cycles.flatMap((cycle): Marker[] => {
    const noticed: Marker = {
      key: `${cycle.number} noticed`,
      at: Date.parse(cycle.noticedAt),
      status: cycle.switchedAt === null ? cycleStatus(cycle.state) : "warn",
      title: t("retraining.markNoticed", { number: cycle.number }),
    };
    const version = cycle.candidate ?? cycle.challenger;
    if (cycle.switchedAt === null || version === null) return [noticed];
    return [
      noticed,
      {
        key: `${cycle.number} switched`,
        at: Date.parse(cycle.switchedAt),
        status: cycleStatus(cycle.state),
        title: t("retraining.markSwitched", { version }),
      },
    ];
  });
}
