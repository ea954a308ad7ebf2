import { z } from "zod";
import { model, report } from "../pipeline/port.ts";
import { libraryStep } from "../pipeline/step.ts";

const step = libraryStep("register", {
  input: { model: model(), report: report() },
  params: {
    /** Name of the registered model. */
    name: z.string().min(1).max(250),
    description: z.string().max(10_000).default(""),
  },
  output: { version: model() },
});

/** A model of MLflow may come without a report: it is judged whenever there are rows. */
const unjudged = libraryStep("register", {
  input: { model: model("mlflow") },
  params: {
    /** Name of the registered model. */
    name: z.string().min(1).max(250),
    description: z.string().max(10_000).default(""),
  },
  output: { version: model("mlflow") },
});

/**
 * Registers a model as the next version of a name, with the report of `evaluate`, its signature and golden rows. Gives the
 * model file of the version.
 *
 * @example
 * register({ name: "churn", model, report });
 */
export function register(args: Parameters<typeof step>[0]): ReturnType<typeof step>["version"];
/** A model of MLflow says itself what it takes and answers, so that it needs no report. */
export function register(args: Parameters<typeof unjudged>[0]): ReturnType<typeof unjudged>["version"];
export function register(args: Parameters<typeof step>[0] | Parameters<typeof unjudged>[0]) {
  return "report" in args ? step(args).version : unjudged(args).version;
}
