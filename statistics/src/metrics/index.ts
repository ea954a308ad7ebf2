import { accuracy } from "./accuracy.ts";
import { auc } from "./auc.ts";
import { balancedAccuracy } from "./balanced-accuracy.ts";
import { brier } from "./brier.ts";
import type { Judged, Metric } from "./define.ts";
import { f1 } from "./f1.ts";
import { logLoss } from "./log-loss.ts";
import { mae } from "./mae.ts";
import { mape } from "./mape.ts";
import { mcc } from "./mcc.ts";
import { medianError } from "./median-error.ts";
import { prAuc } from "./pr-auc.ts";
import { precision } from "./precision.ts";
import { r2 } from "./r2.ts";
import { recall } from "./recall.ts";
import { rmse } from "./rmse.ts";

export type {
  Amounts,
  BinaryScores,
  ClassLabels,
  ClassProbabilities,
  Interval,
  Judged,
  Metric,
  MetricInputs,
  Paired,
} from "./define.ts";

/** Every metric, by what it judges, in the order in which a report shows them. */
export const METRICS: { readonly [Kind in Judged]: readonly Metric<Kind>[] } = {
  scores: [auc, prAuc, brier],
  labels: [accuracy, balancedAccuracy, precision, recall, f1, mcc],
  probabilities: [logLoss],
  amounts: [rmse, mae, medianError, mape, r2],
};
