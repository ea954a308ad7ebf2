import { access, constants } from "node:fs/promises";
import { join } from "node:path";
import { fail } from "@causeway/contract";
import type { PythonProgram } from "./runtimes/index.ts";

/** Folder of the package `causeway`, which holds the worker of Python models. */
const MODULES = join(import.meta.dirname, "..", "..", "python");

/** What a model's process may know of the machine; keys and tokens are none of it. */
const INHERITED =
  /^(PATH|HOME|LANG|LC_\w+|TZ|TMPDIR|LD_LIBRARY_PATH|CUDA_\w+|OMP_\w+|MKL_\w+|KERAS_\w+|TF_\w+|HF_HOME)$/;

/** Python's own threads fight over the gateway's cores; as many as the machine's owner says, else one. */
const DEFAULTS = {
  OMP_NUM_THREADS: "1",
  TF_CPP_MIN_LOG_LEVEL: "2",
  MLFLOW_DISABLE_TELEMETRY: "true",
  DO_NOT_TRACK: "true",
};

/** The variables that processes of Python models inherit. */
export function pythonVariables(
  variables: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const kept = Object.entries(variables).flatMap(([name, value]) =>
    value !== undefined && INHERITED.test(name) ? [[name, value] as const] : [],
  );
  return { ...DEFAULTS, ...Object.fromEntries(kept) };
}

/** An interpreter with what it is started with. */
export function pythonProgram(
  interpreter: string,
  variables: Readonly<Record<string, string | undefined>>,
): PythonProgram {
  return { interpreter, modules: MODULES, variables: pythonVariables(variables) };
}

/** The interpreter of an environment that a worker prepared; null where the model asks for none. */
export async function findInterpreter(dataDir: string, environment: string | null): Promise<string | null> {
  if (environment === null) return null;
  const interpreter = join(dataDir, "python", environment, "bin", "python");
  try {
    await access(interpreter, constants.X_OK);
    return interpreter;
  } catch (cause) {
    throw fail("UNAVAILABLE", {
      message: `the Python environment ${environment.slice(0, 12)} of the model is not on this machine`,
      field: "environment",
      value: environment,
      help: "prepare the version again: causeway registry prepare <model> <version>",
      cause,
    });
  }
}
