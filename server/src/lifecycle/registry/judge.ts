import type { Prediction } from "@causeway/contract";
import { judgeAmounts } from "./judge-amounts.ts";
import { type Judge, judgeClasses, type Truth } from "./judge-classes.ts";

/** How predictions are to be judged; what is null is read from the first row. */
export interface JudgeOptions {
  readonly target: string;
  readonly task: "classification" | "regression" | null;
  readonly positive: string | null;
}

/**
 * Chooses the judge by the first row: scores or a label that is text or truth value mean classes, a number beside a
 * number means amounts.
 */
export function chooseJudge(options: JudgeOptions, truth: Truth, first: Prediction): Judge {
  const isAmount = first.scores === undefined && typeof first.value === "number" && typeof truth === "number";
  const task = options.task ?? (isAmount ? "regression" : "classification");
  return task === "regression"
    ? judgeAmounts(options)
    : judgeClasses({ ...options, classes: Object.keys(first.scores ?? {}) });
}
