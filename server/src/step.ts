import { join } from "node:path";
import { runStepProcess } from "./lifecycle/pipelines/step-process/index.ts";

/** Folder that holds the programs. */
const ROOT = join(import.meta.dirname, "..", "..");

/**
 * The role `step`: runs one attempt of a TypeScript or library step and answers its exit code. A pipeline waits for this
 * start at every step, so it loads nothing that the step at hand does not need.
 */
export async function runStep(args: readonly string[]): Promise<number> {
  const [stepFile = "", , dataDir = ""] = args; // written by the worker: <step file> --data-dir <folder>
  const stopping = new AbortController();
  process.once("SIGTERM", () => stopping.abort(new Error("the step was asked to stop")));
  return runStepProcess({
    stepFile,
    dataDir,
    root: ROOT,
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
