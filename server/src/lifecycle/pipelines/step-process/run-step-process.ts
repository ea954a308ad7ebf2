import type { Json } from "@causeway/contract";
import type { Program } from "../../../platform/processes/index.ts";
import type { LibraryStep, LibraryStepContext } from "../library/define-library-step.ts";
import { files } from "./files.ts";
import { type LoadTableTools, runFunctionStep } from "./function-step.ts";
import { sendStepMessage } from "./step-message.ts";
import type { StepOrder } from "./step-order.ts";

/** What the process of a TypeScript or library step is given. Loaders, because most steps need few of these. */
export type StepProcess = {
  /** The file that `$CAUSEWAY_STEP` names. */
  readonly stepFile: string;
  readonly dataDir: string;
  /** Folder that holds `sdk/`. */
  readonly root: string;
  /** How to start the program that holds the model runtimes. */
  readonly modelProgram: Program;
  readonly loadLibraryStep: (name: string) => Promise<LibraryStep | undefined>;
  readonly loadTableTools: LoadTableTools;
  readonly signal: AbortSignal;
};

/** Runs one attempt's step in this process; answers the exit code. */
export async function runStepProcess(options: StepProcess): Promise<number> {
  try {
    const order = JSON.parse(files.readFileSync(options.stepFile, "utf8")) as StepOrder; // written by the worker
    const context = {
      log: (metrics: Readonly<Record<string, number>>, step = 0) =>
        sendStepMessage({ kind: "metrics", metrics: printable(metrics), step }),
      logParams: (params: Readonly<Record<string, string | number | boolean>>) =>
        sendStepMessage({ kind: "params", params }),
      signal: options.signal,
      folder: order.folder,
      outputs: order.outputs,
    };
    if (order.work.kind === "library") {
      const step = await options.loadLibraryStep(order.work.name);
      if (step === undefined) throw new Error(`there is no library step ${order.work.name}`);
      const result = await step.run({ ...context, ...libraryContext(order, options) });
      if (result.summary !== undefined) sendStepMessage({ kind: "summary", text: result.summary });
      if (result.commit !== undefined)
        sendStepMessage({ kind: "commit", payload: result.commit satisfies Json });
    } else {
      await runFunctionStep(order, {
        root: options.root,
        loadTableTools: options.loadTableTools,
        context: { ...context, summarize: (text) => sendStepMessage({ kind: "summary", text }) },
      });
    }
    return 0;
  } catch (error) {
    console.error(error);
    sendStepMessage({ kind: "problem", message: describeError(error) });
    return 1;
  }
}

type RestOfContext = Pick<
  LibraryStepContext,
  "params" | "inputs" | "dataDir" | "prepared" | "modelProgram" | "print"
>;

function libraryContext(order: StepOrder, { dataDir, modelProgram }: StepProcess): RestOfContext {
  return {
    params: order.params,
    inputs: order.inputs,
    dataDir,
    ...(order.prepared === undefined ? {} : { prepared: order.prepared }),
    modelProgram,
    print: (text) => console.log(text),
  };
}

/** JSON has no words for these three; the other side reads them as numbers again. */
function printable(metrics: Readonly<Record<string, number>>): Record<string, number | string> {
  return Object.fromEntries(
    Object.entries(metrics).map(([name, value]) => [name, Number.isFinite(value) ? value : String(value)]),
  );
}

function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.name === "Error" || error.name === "CausewayError"
    ? error.message
    : `${error.name}: ${error.message}`;
}
