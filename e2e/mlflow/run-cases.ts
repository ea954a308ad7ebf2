import type { Running } from "../src/causeway.ts";
import { run } from "../src/causeway.ts";
import { MLFLOW_PYTHON } from "../src/requirement.ts";

type Result = { readonly case: string; readonly problem: string | null };

/** Runs a script of cases with MLflow's client: by name, what went wrong with each, or null. */
export async function runCases(
  script: string,
  running: Running,
): Promise<ReadonlyMap<string, string | null>> {
  const printed = await running.cli("env", "--json");
  const { MLFLOW_TRACKING_URI, MLFLOW_TRACKING_TOKEN } = JSON.parse(printed.stdout);
  const finished = await run(MLFLOW_PYTHON, [script], {
    variables: {
      MLFLOW_TRACKING_URI,
      MLFLOW_TRACKING_TOKEN,
      MLFLOW_DISABLE_TELEMETRY: "true",
      PYTHONDONTWRITEBYTECODE: "1",
    },
  });
  if (finished.code !== 0) throw new Error(finished.stderr);
  const results = finished.stdout
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line): Result => JSON.parse(line));
  return new Map(results.map((result) => [result.case, result.problem]));
}
