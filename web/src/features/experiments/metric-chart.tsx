import type { Curve, CurveAxis, Run } from "@causeway/contract";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { ErrorNote } from "../../components/error-note.tsx";
import { PictureSkeleton } from "../../components/loaded.tsx";
import { TimeChart } from "../../components/time-chart.tsx";
import { call } from "../../lib/client.ts";
import { type Scope, useScope } from "../../lib/scope.ts";
import { useWords } from "../../lib/words.tsx";
import { curveSeries, goodEnd, MOST_COLOURED, mostPoints } from "./curve-series.ts";

/** How a learning curve is looked at; the span is on the axis, in its unit. */
export type CurveView = {
  across: CurveAxis;
  smoothing: number;
  log: boolean;
  from: number | undefined;
  until: number | undefined;
};

/** Key of the curves in the cache; the first part is not the stage, so that only the runs' own changes make them old. */
export const CURVES = "curves";

/** The learning curves of one metric for one run or for up to a hundred. */
export function MetricChart({
  metric,
  runs,
  view,
  height = 220,
  marked,
  onZoom,
}: {
  metric: string;
  runs: readonly Run[];
  view: CurveView;
  height?: number;
  /** A run that is pointed at: drawn in full where it would be one of the grey ones. */
  marked?: string | undefined;
  onZoom?: ((from: number, until: number) => void) | undefined;
}) {
  const { t, format } = useWords();
  const scope = useScope();
  const having = useMemo(
    () => runs.filter(({ metrics }) => metrics.some(({ name }) => name === metric)),
    [runs, metric],
  );
  const ids = {
    coloured: having.filter((run) => runs.indexOf(run) < MOST_COLOURED).map(({ id }) => id),
    grey: having.filter((run) => runs.indexOf(run) >= MOST_COLOURED).map(({ id }) => id),
  };
  const { across, from, until, smoothing, log } = view;
  const curves = useQuery({
    queryKey: [CURVES, scope, metric, ids, across, from, until],
    queryFn: () => readCurves(scope, { metric, ids, axis: across, from, until }),
    placeholderData: keepPreviousData,
    staleTime: 30_000,
    // Comparing tens of thousands of points with those before would hold the page up longer than drawing them.
    structuralSharing: false,
    enabled: having.length > 0,
  });
  const prepared = useMemo(
    () => curveSeries({ curves: curves.data ?? [], runs, metric, across, smoothing, marked }),
    [curves.data, runs, metric, across, smoothing, marked],
  );
  const good = goodEnd(metric);
  const options = useMemo(
    () => ({
      label: t("experiments.curveLabel", { metric, runs: having.length }),
      series: prepared.series,
      across: across === "time" ? ("time" as const) : ("step" as const),
      acrossName: t(`experiments.axis.${across}`),
      smoothing,
      log,
      write: (value: number) => format.plain(value),
      writeTick: (value: number, decimals: number) => format.metric(value, decimals),
      writeAcross: (value: number) => {
        if (across === "step") return format.count(value);
        return across === "relative" ? format.duration(value) : format.dateTime(new Date(value));
      },
    }),
    [t, format, prepared.series, metric, having.length, across, smoothing, log],
  );

  if (curves.error !== null) return <ErrorNote error={curves.error} retry={() => void curves.refetch()} />;
  if (curves.data === undefined) return <PictureSkeleton height={height} />;
  const hint = [
    ...(good === undefined
      ? []
      : [t(good === "lowest" ? "experiments.lowerBetter" : "experiments.higherBetter")]),
    t("experiments.points", { count: prepared.points }),
    ...(prepared.drawn < prepared.points ? [t("experiments.sampled", { count: prepared.drawn })] : []),
    ...(prepared.dropped === 0 ? [] : [t("experiments.dropped", { count: prepared.dropped })]),
  ].join(" · ");
  return <TimeChart title={metric} hint={hint} height={height} options={options} onZoom={onZoom} />;
}

type Asked = {
  metric: string;
  ids: Record<"coloured" | "grey", string[]>;
  axis: CurveAxis;
  from: number | undefined;
  until: number | undefined;
};

/** The curves of all runs: the coloured ones with more points, in a question of their own. */
async function readCurves(scope: Scope, { metric, ids, axis, from, until }: Asked): Promise<Curve[]> {
  const most = mostPoints(ids.coloured.length + ids.grey.length);
  const ask = async (look: "coloured" | "grey") => {
    if (ids[look].length === 0) return [];
    const { curves } = await call(
      ["experiments", "sampleCurves"],
      {
        runs: ids[look],
        metrics: [metric],
        axis,
        most: most[look],
        ...(from === undefined ? {} : { from }),
        ...(until === undefined ? {} : { until }),
      },
      scope,
    );
    return curves;
  };
  return (await Promise.all([ask("coloured"), ask("grey")])).flat();
}
