import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./causeway.ts";

/** What a test may need beyond Node. */
export type Need = "python" | "evidently" | "mlflow" | "chromium" | "shared";

const PYTHON_PACKAGES = ["sklearn", "skl2onnx", "onnx", "onnxruntime", "pandas", "pyarrow"];

/** Real data sets that are too large for the repository. */
export const SHARED_DATA = join(process.env["CAUSEWAY_SHARED"] ?? join(ROOT, "..", "shared"), "data");

/** A Python that has Evidently: it needs an older pandas than the other packages. */
export const EVIDENTLY_PYTHON = process.env["CAUSEWAY_EVIDENTLY_PYTHON"] ?? "python3-with-evidently";

/** A Python that has MLflow's client and the frameworks whose models it logs. */
export const MLFLOW_PYTHON = process.env["CAUSEWAY_MLFLOW_PYTHON"] ?? "python3-with-mlflow";

/** The browser that tests drive. */
export const CHROMIUM = process.env["CAUSEWAY_CHROMIUM"] ?? "/usr/bin/chromium";

const LACKS: Record<Need, () => string | undefined> = {
  python: () => lackOf("python3", PYTHON_PACKAGES),
  evidently: () => lackOf(EVIDENTLY_PYTHON, ["evidently"]),
  mlflow: () => lackOf(MLFLOW_PYTHON, ["mlflow", "sklearn", "pandas", "pyarrow"]),
  chromium: () =>
    existsSync(CHROMIUM) ? undefined : `there is no browser at ${CHROMIUM} (CAUSEWAY_CHROMIUM)`,
  shared: () =>
    existsSync(SHARED_DATA) ? undefined : `there is no data at ${SHARED_DATA} (CAUSEWAY_SHARED)`,
};

function lackOf(python: string, packages: readonly string[]): string | undefined {
  const { error, status, stderr } = spawnSync(python, ["-c", `import ${packages.join(", ")}`], {
    encoding: "utf8",
  });
  if (error) return `${python} does not start: ${error.message}`;
  return status === 0 ? undefined : `${python} lacks a package: ${stderr.trim().split("\n").at(-1)}`;
}

/**
 * Tells whether what tests need is there: `describe.runIf(requires("python"))`. Says why where it is not, and fails where
 * `CAUSEWAY_TEST_REQUIRE` names the need, so that nothing is skipped unseen.
 */
export function requires(...needs: Need[]): boolean {
  const lacking = needs.flatMap((need) => {
    const reason = LACKS[need]();
    return reason === undefined ? [] : [{ need, reason }];
  });
  const demanded = (process.env["CAUSEWAY_TEST_REQUIRE"] ?? "").split(",");
  for (const { need, reason } of lacking) {
    if (demanded.includes(need))
      throw new Error(`${need} is demanded by CAUSEWAY_TEST_REQUIRE, but ${reason}`);
    console.warn(`skipped, ${need} is missing: ${reason}`);
  }
  return lacking.length === 0;
}
