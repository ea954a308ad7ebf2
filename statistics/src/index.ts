export { type CalibrationBin, calibrationBins } from "./calibration-bins.ts";
export {
  type CategoricalSummary,
  COLUMN_KINDS,
  type ColumnKind,
  type ColumnSummary,
  missingOf,
  type NumericSummary,
  rowsOf,
} from "./column-summary.ts";
export { type ColumnComparison, type ColumnScore, compareColumn } from "./compare-column.ts";
export { confusion, countsOf } from "./confusion.ts";
export { type AucEstimate, delong } from "./delong.ts";
export { differenceOfIndependent } from "./difference-of-independent.ts";
export {
  type ColumnPair,
  DRIFT_TESTS,
  type DriftFigure,
  type DriftTest,
  type Exactness,
} from "./drift-tests/index.ts";
export { controlFalseDiscovery } from "./false-discovery.ts";
export {
  compareMetric,
  estimateMetric,
  findMetric,
  type IntervalOptions,
  listMetrics,
  type MetricComparison,
  type MetricEstimate,
  type MetricSummary,
} from "./judge-metric.ts";
export { type ColumnVerdict, judgeWindow } from "./judge-window.ts";
export type { JudgedAmounts, JudgedClasses, JudgedRows } from "./judged-rows.ts";
export { mergeSummaries } from "./merge-summaries.ts";
export {
  type Amounts,
  type BinaryScores,
  type ClassLabels,
  type ClassProbabilities,
  type Judged,
  METRICS,
  type Metric,
  type MetricInputs,
} from "./metrics/index.ts";
export { normalQuantile } from "./normal-quantile.ts";
export {
  type CategoricalProfile,
  type ColumnProfile,
  mergeProfiles,
  type NumericProfile,
  profileCategories,
  profileNumbers,
  summarizeProfile,
} from "./profiles/column-profile.ts";
export { quantilesOf } from "./profiles/quantile-sketch.ts";
export { promisedMetric } from "./promised-metric.ts";
export { referenceEdges } from "./reference-edges.ts";
export { type RocPoint, rocCurve } from "./roc-curve.ts";
export { summarizeCategories, summarizeNumbers } from "./summarize-column.ts";
export { type ShareEstimate, wilson } from "./wilson.ts";
export { windowLevel } from "./window-level.ts";
