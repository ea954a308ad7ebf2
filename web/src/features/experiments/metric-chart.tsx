import type { Run } from "@causeway/contract";
import { useQueries } from "@tanstack/react-query";
import { useMemo } from "react";
import { drawable, lowerIsBetter, runLook, type Series } from "../../components/chart-series.ts";
import { ErrorNote } from "../../components/error-note.tsx";
import { PictureSkeleton } from "../../components/loaded.tsx";
import { TimeChart } from "../../components/time-chart.tsx";
import { call } from "../../lib/client.ts";
import type { Real } from "../../lib/format.ts";
import { type Scope, useScope } from "../../lib/scope.ts";
import { useWords } from "../../lib/words.tsx";

/** How a learning curve is looked at. */
export const ACROSS = ["step", "time"] as const;
export type Across = (typeof ACROSS)[number];
export type CurveView = { across: Across; smoothing: number; log: boolean };

/** Points read of one curve: a hundred pages of the largest size. */
const MOST_PAGES = 100;
const PAGE = 10_000;

type Point = { value: Real; step: number; occurredAt: string };

/** The learning curves of one metric for one run or for several. */
export function MetricChart({
  metric,
  runs,
  view,
  height = 220,
}: {
  metric: string;
  runs: readonly Run[];
  view: CurveView;
  height?: number;
}) {
  const { t, format } = useWords();
  const scope = useScope();
  const having = runs.filter(({ metrics }) => metrics.some(({ name }) => name === metric));
  const curves = useQueries({
    queries: having.map((run) => ({
      queryKey: ["experiments", "curve", scope, run.id, metric],
      queryFn: () => readCurve(scope, run.id, metric),
    })),
    combine: (answers) => ({
      points: answers.map(({ data }) => data),
      error: answers.find(({ error }) => error !== null)?.error ?? null,
    }),
  });
  const best = lowerIsBetter(metric) ? ("lowest" as const) : ("highest" as const);
  const prepared = useMemo(() => {
    let dropped = 0;
    const series = having.map((run, index): Series => {
      const drawn = drawable(
        (curves.points[index] ?? []).map((point) => [positionOf(point, view.across, run), point.value]),
      );
      dropped += drawn.dropped;
      const look = runLook(runs.indexOf(run));
      return { name: run.name, points: drawn.points, best, ...look };
    });
    return { series, dropped };
  }, [having, curves.points, view.across, runs, best]);

  if (curves.error !== null) return <ErrorNote error={curves.error} />;
  if (curves.points.every((points) => points === undefined)) return <PictureSkeleton height={height} />;
  const points = prepared.series.reduce((sum, series) => sum + series.points.length, 0);
  const hint = [
    t(best === "lowest" ? "experiments.lowerBetter" : "experiments.higherBetter"),
    t("experiments.points", { count: points }),
    ...(prepared.dropped === 0 ? [] : [t("experiments.dropped", { count: prepared.dropped })]),
  ].join(" · ");
  return (
    <TimeChart
      title={metric}
      hint={hint}
      height={height}
      options={{
        label: t("experiments.curveLabel", { metric, runs: prepared.series.length }),
        series: prepared.series,
        across: "step",
        acrossName: t(view.across === "step" ? "experiments.step" : "experiments.elapsed"),
        smoothing: view.smoothing,
        log: view.log,
        write: (value) => format.plain(value),
        writeTick: (value, decimals) => format.metric(value, decimals),
        writeAcross: (value) => (view.across === "step" ? format.count(value) : format.duration(value)),
      }}
    />
  );
}

/** Steps as they were counted, or the time since the run began. */
function positionOf(point: Point, across: Across, run: Run): number {
  return across === "step" ? point.step : Date.parse(point.occurredAt) - Date.parse(run.startedAt);
}

async function readCurve(scope: Scope, run: string, name: string): Promise<Point[]> {
  const points: Point[] = [];
  let after: string | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const part = await call(
      ["experiments", "metricHistory"],
      { run, name, limit: PAGE, ...(after === undefined ? {} : { after }) },
      scope,
    );
    points.push(...part.items);
    if (part.next === null) break;
    after = part.next;
  }
  return points;
}
