import { z } from "zod";
import { dataset, model } from "../pipeline/port.ts";
import { libraryStep } from "../pipeline/step.ts";

const step = libraryStep("train-ydf", {
  input: { rows: dataset() },
  params: {
    /** The column to predict. */
    target: z.string(),
    learner: z.enum(["gradient-boosted-trees", "random-forest"]).default("gradient-boosted-trees"),
    /** Columns to leave out, beside the dataset's key. */
    without: z.array(z.string()).default([]),
    /** By the target's type unless said: text and truth values are classes, numbers are a regression. */
    task: z.enum(["classification", "regression"]).optional(),
  },
  output: { model: model("ydf") },
});

/**
 * Trains decision forests with Yggdrasil in this process's own WebAssembly: no Python needed. Gives the model.
 *
 * @example
 * const model = trainYdf({ rows, target: "Churn" });
 */
export function trainYdf(args: Parameters<typeof step>[0]) {
  return step(args).model;
}
