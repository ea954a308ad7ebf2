import type { Estimate, EvaluationReport } from "@causeway/contract";
import { lowerIsBetter } from "../../components/chart-series.ts";

/** The metric that a report is judged by first: AUC for classes, R² or RMSE for numbers, else its first. */
export function leadEstimate(report: EvaluationReport | null): Estimate | undefined {
  if (report === null) return undefined;
  const order = ["auc", "roc_auc", "accuracy", "r2", "rmse", "mae"];
  for (const name of order) {
    const found = report.metrics.find((metric) => metric.name.toLowerCase() === name);
    if (found !== undefined) return found;
  }
  return report.metrics[0];
}

/** One metric of a version beside the champion's. */
export type EstimatePair = {
  name: string;
  lowerIsBetter: boolean;
  version: Estimate;
  champion: Estimate | undefined;
  /** Positive is better, whichever way the metric runs; undefined without a champion. */
  gain: number | undefined;
};

/** The metrics of a report beside the same of the champion's. */
export function estimatePairs(report: EvaluationReport, champion: EvaluationReport | null): EstimatePair[] {
  return report.metrics.map((version) => {
    const other = champion?.metrics.find(({ name }) => name === version.name);
    const lower = lowerIsBetter(version.name) || /log_?loss|brier/i.test(version.name);
    const difference = other === undefined ? undefined : version.value - other.value;
    return {
      name: version.name,
      lowerIsBetter: lower,
      version,
      champion: other,
      gain: difference === undefined ? undefined : lower ? -difference : difference,
    };
  });
}

/** The range of an axis that holds all intervals of one metric, with a little room. */
export function axisOf({ version, champion }: EstimatePair): { low: number; high: number } {
  const values = [version, champion].flatMap((estimate) =>
    estimate === undefined
      ? []
      : [estimate.value, estimate.low ?? estimate.value, estimate.high ?? estimate.value],
  );
  const low = Math.min(...values);
  const high = Math.max(...values);
  const room = high === low ? Math.abs(high) * 0.05 || 0.05 : (high - low) * 0.15;
  return { low: low - room, high: high + room };
}

/** Whether two reports speak of the same rows, so that their numbers can be compared at all. */
export function sameRows(a: EvaluationReport, b: EvaluationReport | null): boolean {
  return b !== null && a.dataset === b.dataset && a.target === b.target;
}
