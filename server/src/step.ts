import { join } from "node:path";
import { awaitOrder, loadSdk, runStepProcess } from "./lifecycle/pipelines/step-process/index.ts";
import { GATEWAY_PROGRAM } from "./programs.ts";

/** Folder that holds `sdk/`. */
const ROOT = join(import.meta.dirname, "..", "..");

/**
 * The role `step`: runs one attempt of a TypeScript or library step and answers its exit code. A pipeline waits for this
 * start at every step, so it loads nothing that the step at hand does not need. With `--spare` it is started ahead of its
 * step, loads what steps of that kind need, and waits to be told.
 */
export async function runStep(args: readonly string[], variables: NodeJS.ProcessEnv): Promise<number> {
  const { stepFile, dataDir, spare } = readArguments(args);
  const file = spare === undefined ? stepFile : await waitAsSpare(spare, variables);
  if (file === undefined) return 0;
  const stopping = new AbortController();
  process.once("SIGTERM", () => stopping.abort(new Error("the step was asked to stop")));
  return runStepProcess({
    stepFile: file,
    dataDir,
    root: ROOT,
    modelProgram: GATEWAY_PROGRAM,
    signal: stopping.signal,
    async loadLibraryStep(name) {
      const { LIBRARY_STEPS } = await import("./library.ts");
      return LIBRARY_STEPS.find((step) => step.name === name);
    },
    async loadTableTools(context) {
      const { createStepData } = await import("./lifecycle/data/index.ts");
      return createStepData(context);
    },
  });
}

async function waitAsSpare(kind: string, variables: NodeJS.ProcessEnv): Promise<string | undefined> {
  if (kind === "library") await import("./library.ts");
  else await loadSdk(ROOT);
  return awaitOrder(variables)?.stepFile;
}

/** Written by the worker: `[<step file>] --data-dir <folder> [--spare <kind>]`. */
function readArguments(args: readonly string[]): {
  stepFile: string;
  dataDir: string;
  spare: string | undefined;
} {
  const after = (flag: string) => (args.includes(flag) ? args[args.indexOf(flag) + 1] : undefined);
  return { stepFile: args[0] ?? "", dataDir: after("--data-dir") ?? "", spare: after("--spare") };
}
