import { z } from "zod";
import { dataset, model } from "../pipeline/port.ts";
import { python } from "../pipeline/step.ts";

/** The folder of Python steps that ship with Causeway. */
const SHIPPED = new URL("../../../python/causeway/steps/", import.meta.url);

const step = python("train-sklearn", {
  script: new URL("train_sklearn.py", SHIPPED),
  lock: new URL("train_sklearn.lock", SHIPPED),
  input: { rows: dataset() },
  params: {
    /** The column to predict. */
    target: z.string(),
    learner: z
      .enum(["logistic-regression", "random-forest", "gradient-boosting"])
      .default("gradient-boosting"),
    /** Columns to leave out, beside the dataset's key. */
    without: z.array(z.string()).default([]),
    seed: z.int().min(0).default(0),
  },
  output: { model: model("onnx") },
  timeout: "2 h",
});

/**
 * Trains a scikit-learn classifier or regressor with the columns' preparation inside, exported to ONNX. A worker builds
 * the Python environment once. Gives the model.
 *
 * @example
 * const model = trainSklearn({ rows, target: "Churn" });
 */
export function trainSklearn(args: Parameters<typeof step>[0]) {
  return step(args).model;
}
