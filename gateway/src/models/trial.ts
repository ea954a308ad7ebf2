import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { fail, fromProblem, Problem, toProblem } from "@causeway/contract";
import { loadModel, type ModelFacts, type ModelSource } from "./load-model.ts";

/** A model that has not answered its golden rows after this time never will. */
const TRIAL_MS = 300_000;

type TrialResult = { readonly facts: ModelFacts } | { readonly problem: unknown };

/** The other side of `tryModel`: loads the model that standard input names, and gives what was found as a line. */
export async function runTrial(input: string): Promise<string> {
  try {
    // tryModel wrote it; both sides are this program.
    const { model, facts } = await loadModel(JSON.parse(input) as ModelSource);
    await model.release();
    return JSON.stringify({ facts } satisfies TrialResult);
  } catch (error) {
    return JSON.stringify({ problem: toProblem(error) } satisfies TrialResult);
  }
}

/**
 * Loads a model for the first time in a process of its own: its golden rows are answered and its times measured there. A
 * file that crashes or hangs the runtime so takes down nothing that serves, and no request waits for a load that fails.
 */
export async function tryModel(source: ModelSource, program: readonly string[]): Promise<ModelFacts> {
  const [command = "", ...args] = program;
  const child = spawn(command, args, {
    stdio: ["pipe", "pipe", "ignore"],
    timeout: TRIAL_MS,
    killSignal: "SIGKILL",
  });
  const ended = new Promise<{ code: number | null; signal: string | null }>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => resolve({ code, signal }));
  });
  // A child that dies early closes its input; its end tells more.
  child.stdin.on("error", () => undefined);
  child.stdin.end(JSON.stringify(source));
  const [output, { code, signal }] = await Promise.all([text(child.stdout), ended]);
  if (signal !== null || output === "") {
    throw fail("BAD_MODEL", {
      message: `the model ended the process that tried it (${signal ?? `code ${code}`})`,
      field: "file",
      help: "check the file with `onnx.checker.check_model`, and export it again",
    });
  }
  // runTrial wrote it; a problem is parsed before it is trusted as one.
  const result = JSON.parse(output) as TrialResult;
  if ("facts" in result) return result.facts;
  throw fromProblem(Problem.parse(result.problem));
}
