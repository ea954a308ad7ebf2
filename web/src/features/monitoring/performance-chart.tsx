import type { Alert, Cycle, Monitor, MonitorWindow } from "@causeway/contract";
import type { ReactNode } from "react";
import { useView } from "../../components/go.tsx";
import { loopMarkers } from "../../components/loop-markers.ts";
import { SectionHead } from "../../components/page-frame.tsx";
import { ChoiceOf } from "../../components/tabs.tsx";
import { WindowChart } from "../../components/window-chart.tsx";
import { alarmLevel, metricPoints, metricsOf } from "../../components/window-metric.ts";
import { windowName } from "../../components/window-name.ts";
import { useWords } from "../../lib/words.tsx";
import { firingOf } from "./judgement.ts";

/** A metric over the windows with its interval, its reference, its alarm level and what happened meanwhile. */
export function PerformanceChart({
  monitor,
  windows,
  alerts,
  cycles,
  selected,
  select,
  gutter,
  byCount,
  right,
}: {
  monitor: Monitor;
  windows: readonly MonitorWindow[];
  alerts: readonly Alert[];
  cycles: readonly Cycle[];
  selected: string;
  select: (start: string) => void;
  gutter: { left: number; right: number };
  byCount: boolean;
  right: ReactNode;
}) {
  const { t, format } = useWords();
  const [chosen, setMetric] = useView("metric");
  const metrics = metricsOf(windows);
  const metric = metrics.find(({ name }) => name === chosen) ?? metrics[0];
  if (metric === undefined) {
    return (
      <>
        <SectionHead title={t("monitoring.performance")} right={right} />
        <p className="quiet">{t("monitoring.noPerformance")}</p>
      </>
    );
  }
  const points = metricPoints(windows, {
    metric: metric.name,
    settings: monitor.settings,
    watermark: monitor.watermark,
  });
  const newest = points.findLast(({ value }) => value !== null);
  const isJudged = metric.name === metrics[0]?.name;
  return (
    <WindowChart
      title={t("monitoring.performance")}
      hint={
        metrics.length < 2 ? (
          metric.name
        ) : (
          <ChoiceOf
            label={t("words.metric")}
            options={metrics.slice(0, 5).map(({ name }) => [name, name])}
            value={metric.name}
            onChange={setMetric}
          />
        )
      }
      right={right}
      name={metric.name}
      label={t("monitoring.performanceLabel", {
        metric: metric.name,
        value: newest?.value == null ? "–" : format.metric(newest.value),
        window: newest === undefined ? "–" : windowName(newest.title, { t, format }),
      })}
      points={points}
      byCount={byCount}
      level={
        isJudged
          ? alarmLevel(points.findLast(({ reference }) => reference !== null)?.reference ?? null, {
              drop: monitor.settings.performance.drop,
              lessIsBetter: metric.lessIsBetter,
            })
          : null
      }
      markers={loopMarkers({ windows, cycles, t })}
      firing={firingOf(alerts)}
      selected={selected}
      select={select}
      gutter={gutter}
    />
  );
}
