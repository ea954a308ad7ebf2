import { useAnswer } from "../lib/api.ts";
import { Spark } from "./spark.tsx";
import { metricPoints, metricsOf } from "./window-metric.ts";

const SHOWN = 30;

/** The judged metric of a monitor over its newest windows, as a line without axes. */
export function MetricTrend({ monitor }: { monitor: string }) {
  const windows = useAnswer(["monitoring", "listWindows"], { monitor, limit: SHOWN });
  const items = [...(windows.data?.items ?? [])].reverse();
  const points = metricPoints(items, {
    metric: metricsOf(items)[0]?.name,
    settings: { truth: { within: "0 s" } },
    watermark: null,
  });
  return <Spark values={points.flatMap(({ value }) => (value === null ? [] : [value]))} />;
}
