import { z } from "zod";
import { dataset, model, report } from "../pipeline/port.ts";
import { libraryStep } from "../pipeline/step.ts";

const step = libraryStep("evaluate", {
  input: { model: model(), rows: dataset() },
  params: {
    /** The column that the model predicts. */
    target: z.string(),
    /** The class whose score is judged; the rarer one of two unless said. */
    positive: z.string().optional(),
    /** By the model and the target unless said. */
    task: z.enum(["classification", "regression"]).optional(),
    /** The columns of a model that takes them all in one input, in its order; all but target and key unless said. */
    features: z.array(z.string()).optional(),
  },
  output: { report: report() },
});

/**
 * Judges a model on rows that it has not seen: AUC with its 95 % interval and the other metrics of the task. Gives the
 * report, which `register` keeps with the version.
 *
 * @example
 * const report = evaluate({ model, rows: test, target: "Churn" });
 */
export function evaluate(args: Parameters<typeof step>[0]) {
  return step(args).report;
}
