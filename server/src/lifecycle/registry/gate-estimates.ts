import type { Estimate } from "@causeway/contract";
import {
  type BinaryScores,
  delong,
  type Metric,
  type MetricInputs,
  normalQuantile,
} from "@causeway/statistics";

/** Any member of the catalog of metrics. */
export type KnownMetric = { [Kind in keyof MetricInputs]: Metric<Kind> }[keyof MetricInputs];

type Input = MetricInputs[keyof MetricInputs];
type Settings = { readonly confidence: number; readonly seed: number };

/** A metric of one side with its interval; null where the rows do not define it. */
export function estimateAnswers(metric: KnownMetric, input: Input, _settings: Settings): Estimate | null {
  // The input was made for the metric's own kind.
  const value = (metric.score as (input: Input) => number)(input);
  if (!Number.isFinite(value)) return null;
  return { name: metric.name, value, low: null, high: null, confidence: null, method: null };
}

/** The paired difference, challenger over champion in the direction in which more is better. */
export function compareAnswers(
  metric: KnownMetric,
  sides: { readonly champion: Input; readonly challenger: Input },
  settings: Settings,
): Estimate | null {
  const own = estimateAnswers(metric, sides.challenger, settings);
  const other = estimateAnswers(metric, sides.champion, settings);
  if (own === null || other === null) return null;
  const value = metric.better === "lower" ? other.value - own.value : own.value - other.value;
  if (metric.name !== "auc") return { ...own, value };
  const [a, b] = [sides.challenger, sides.champion].map((side) => delong(side as BinaryScores));
  const spread =
    normalQuantile(0.5 + settings.confidence / 2) * Math.sqrt((a?.variance ?? 0) + (b?.variance ?? 0));
  const { confidence } = settings;
  return { ...own, value, low: value - spread, high: value + spread, confidence, method: "delong" };
}
