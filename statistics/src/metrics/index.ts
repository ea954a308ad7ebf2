import { accuracy } from "./accuracy.ts";
import { auc } from "./auc.ts";
import { brier } from "./brier.ts";
import type { Judged, Metric } from "./define.ts";
import { f1 } from "./f1.ts";
import { logLoss } from "./log-loss.ts";
import { mae } from "./mae.ts";
import { precision } from "./precision.ts";
import { r2 } from "./r2.ts";
import { recall } from "./recall.ts";
import { rmse } from "./rmse.ts";

export type {
  Amounts,
  BinaryScores,
  ClassLabels,
  ClassProbabilities,
  Judged,
  Metric,
  MetricInputs,
} from "./define.ts";

/** Every metric, by what it judges, in the order in which a report shows them. */
export const METRICS: { readonly [Kind in Judged]: readonly Metric<Kind>[] } = {
  scores: [auc, brier],
  labels: [accuracy, precision, recall, f1],
  probabilities: [logLoss],
  amounts: [rmse, mae, r2],
};
