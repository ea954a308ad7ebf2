import type { Metric, Run } from "@causeway/contract";
import { lowerIsBetter } from "../../components/chart-series.ts";
import { toNumber } from "../../lib/format.ts";

/** Names by which people judge a model first, the strongest first. */
const JUDGED_FIRST = ["auc", "accuracy", "f1", "r2", "rmse", "mae", "loss"];

/** The metric that a run is judged by at first sight: a known judge on unseen rows, else the first by name. */
export function headMetric(metrics: readonly Metric[]): Metric | undefined {
  const rank = ({ name }: Metric) => {
    const lower = name.toLowerCase();
    const known = JUDGED_FIRST.findIndex((word) => lower.includes(word));
    const onTraining = /train/.test(lower) ? 0.5 : 0;
    return (known === -1 ? JUDGED_FIRST.length : known) + onTraining;
  };
  return [...metrics].sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name))[0];
}

/** The best value of a metric in the sense that its name has. */
export function bestValue(metric: Metric): number {
  return toNumber(lowerIsBetter(metric.name) ? metric.min : metric.max);
}

/** The run with the best value of the metric that the runs are judged by. */
export function bestRun(runs: readonly Run[]): { run: Run; metric: string; value: number } | undefined {
  const metric = headMetric(runs.flatMap(({ metrics }) => metrics))?.name;
  if (metric === undefined) return undefined;
  const sign = lowerIsBetter(metric) ? -1 : 1;
  let best: { run: Run; metric: string; value: number } | undefined;
  for (const run of runs) {
    const known = run.metrics.find(({ name }) => name === metric);
    if (known === undefined) continue;
    const value = bestValue(known);
    if (best === undefined || sign * value > sign * best.value) best = { run, metric, value };
  }
  return best;
}

/** All metric names of some runs, those judged first in front. */
export function metricNames(runs: ReadonlyArray<Pick<Run, "metrics">>): string[] {
  const byName = new Map(
    runs.flatMap(({ metrics }) => metrics.map((metric) => [metric.name, metric] as const)),
  );
  const names: string[] = [];
  for (let left = [...byName.values()]; left.length > 0; ) {
    const next = headMetric(left);
    if (next === undefined) break;
    names.push(next.name);
    left = left.filter(({ name }) => name !== next.name);
  }
  return names;
}
