export { type CalibrationBin, calibrationBins } from "./calibration-bins.ts";
export { confusion, countsOf } from "./confusion.ts";
export { type AucEstimate, delong } from "./delong.ts";
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
export { type RocPoint, rocCurve } from "./roc-curve.ts";
export { type ShareEstimate, wilson } from "./wilson.ts";
