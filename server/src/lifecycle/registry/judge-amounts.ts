import { fail, type Prediction } from "@causeway/contract";
import { estimateMetric, METRICS } from "@causeway/statistics";
import type { Judge, Judgement, Truth } from "./judge-classes.ts";

/** Intervals that later windows are held against; resamples start from a fixed seed, so that they are the same every time. */
const INTERVAL = { confidence: 0.95, seed: 1 };

/** Judges a regression: every prediction and every true value is a number. */
export function judgeAmounts({ target }: { target: string }): Judge {
  const truths: number[] = [];
  const predictions: number[] = [];

  function add(truth: Truth, { value }: Prediction): void {
    if (typeof value !== "number" || !Number.isFinite(value)) {
      throw fail("BAD_MODEL", {
        message: `The model answers row ${truths.length} with ${JSON.stringify(value)}, which is no number`,
        value,
        help: "Judge it as a classification, or register a model that answers with a number.",
      });
    }
    if (typeof truth !== "number") {
      throw fail("BAD_DATA", {
        message: `The target ${target} has the value "${truth}", which is no number, and the model predicts numbers`,
        field: target,
        value: truth,
        help: "Name the column that the model predicts as target.",
      });
    }
    truths.push(truth);
    predictions.push(value);
  }

  function finish(): Judgement {
    const rows = {
      task: "regression" as const,
      truth: Float64Array.from(truths),
      predicted: Float64Array.from(predictions),
    };
    return {
      task: "regression",
      classes: [],
      positive: null,
      rows: truths.length,
      metrics: METRICS.amounts.flatMap(({ name }) => estimateMetric(name, rows, INTERVAL) ?? []),
      roc: null,
      calibration: null,
      confusion: null,
    };
  }

  return { add, finish };
}
