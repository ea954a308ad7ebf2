import type { Estimate, MetricMoment, MonitorSettings, Signature } from "@causeway/contract";
import {
  differenceOfIndependent,
  estimateMetric,
  findMetric,
  type JudgedRows,
  promisedMetric,
} from "@causeway/statistics";

/** Resamples of an interval start from here, so that the same rows give the same interval. */
const SEED = 20_240_229;

/** Metrics that are shown beside the judged one; their intervals cost little. */
const SHOWN = { two: ["auc", "accuracy"], many: ["accuracy"], amounts: ["rmse", "mae"] } as const;

/** The metric that a monitor judges by unless told: auc for two classes, accuracy for more, rmse for amounts. */
export function judgedMetric(
  asked: string | undefined,
  { task, classes }: Pick<Signature, "task" | "classes">,
): string {
  if (asked !== undefined && findMetric(asked) !== undefined) return nameOf(asked);
  return shownMetrics(task, classes.length)[0] ?? "accuracy";
}

/**
 * The metrics of a window's labelled rows, the judged one first, each with its difference to the reference. Empty where the
 * rows do not define the judged one.
 */
export function judgePerformance(
  rows: JudgedRows,
  { metric, confidence, reference }: { metric: string; confidence: number; reference: readonly Estimate[] },
): MetricMoment[] {
  const classes = rows.task === "classification" ? rows.classes : 0;
  const names = [...new Set([metric, ...shownMetrics(rows.task, classes)])];
  const moments = names.flatMap((name) => {
    const now = estimateMetric(name, rows, { confidence, seed: SEED });
    if (now === null) return [];
    const lessIsBetter = findMetric(name)?.lessIsBetter ?? false;
    const before = reference.find((estimate) => nameOf(estimate.name) === nameOf(name)) ?? null;
    return [
      {
        metric: wireName(name),
        lessIsBetter,
        now,
        reference: before,
        difference: before === null ? null : differenceOfIndependent(now, before, { lessIsBetter }),
        promised: promisedMetric(name, rows),
      },
    ];
  });
  return moments[0]?.metric === wireName(metric) ? moments : [];
}

/** Worse than in the reference by more than the drop, with the confidence of the intervals. */
export function isWorse(
  moment: MetricMoment,
  { drop }: Pick<MonitorSettings["performance"], "drop">,
): boolean {
  const { now, reference, difference, lessIsBetter } = moment;
  if (reference === null || difference === null) return false;
  if (difference.high !== null) return difference.high < -drop;
  // The reference has no interval: the whole interval of now lies beyond.
  const best = lessIsBetter ? now.low : now.high;
  if (best === null) return false;
  return lessIsBetter ? best > reference.value + drop : best < reference.value - drop;
}

function shownMetrics(task: Signature["task"], classes: number): readonly string[] {
  if (task === "regression") return SHOWN.amounts;
  return classes === 2 ? SHOWN.two : SHOWN.many;
}

/** The catalog writes names with hyphens, the wire with underscores. */
function nameOf(metric: string): string {
  return metric.replaceAll("_", "-");
}

function wireName(metric: string): string {
  return metric.replaceAll("-", "_");
}
