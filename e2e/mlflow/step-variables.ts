import { dirname } from "node:path";
import { MLFLOW_PYTHON } from "../src/requirement.ts";

/** Variables of a product whose Python steps and models find MLflow. */
export const STEP_VARIABLES = {
  PATH: `${dirname(MLFLOW_PYTHON)}:${process.env["PATH"]}`,
  // The packages are there already: installing them is not what the tests are about.
  CAUSEWAY_PYTHON_ENVIRONMENTS: MLFLOW_PYTHON,
  MLFLOW_DISABLE_TELEMETRY: "true",
  GIT_PYTHON_REFRESH: "quiet",
};
