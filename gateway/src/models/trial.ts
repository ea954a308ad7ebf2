import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { fail, fromProblem, Problem, toProblem } from "@causeway/contract";
import { loadModel, type ModelFacts, type ModelSource } from "./load-model.ts";

/** A model that has not answered its golden rows after this time never will. */
const TRIAL_MS = 300_000;
/** The process waits this long for the next model; starting one takes longer than most models do. */
const IDLE_MS = 10_000;

type TrialResult = { readonly facts: ModelFacts } | { readonly problem: unknown };

/** The other side of `createTrials`: loads each model that a line of the input names, and gives what was found as a line. */
export async function runTrials(input: Readable, output: Writable): Promise<void> {
  for await (const line of createInterface({ input }))
    output.write(`${JSON.stringify(await runTrial(line))}\n`);
}

async function runTrial(line: string): Promise<TrialResult> {
  try {
    // createTrials wrote it; both sides are this program.
    const { model, facts } = await loadModel(JSON.parse(line) as ModelSource);
    await model.release();
    return { facts };
  } catch (error) {
    return { problem: toProblem(error) };
  }
}

export type Trials = {
  /** What is found of a model; refuses one that differs from its golden rows, is no model, or crashes. */
  run(source: ModelSource): Promise<ModelFacts>;
  close(): void;
};

type Running = { readonly child: ChildProcess; readonly answer: () => Promise<string | null> };

/**
 * Loads models for the first time in a process of its own: their golden rows are answered and their times measured there. A
 * file that crashes or hangs the runtime so takes down nothing that serves, and no request waits for a load that fails.
 * `program` is the command that calls `runTrials`.
 */
export function createTrials(program: readonly string[]): Trials {
  let running: Running | undefined;
  let idle: NodeJS.Timeout | undefined;
  let last: Promise<unknown> = Promise.resolve();
  let closed = false;

  function begin(): Running {
    const [command = "", ...args] = program;
    const child = spawn(command, args, { stdio: ["pipe", "pipe", "ignore"] });
    // A child that dies early closes its input; its end tells more.
    child.stdin.on("error", () => undefined);
    child.on("error", () => undefined);
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    return {
      child,
      async answer() {
        const { value, done } = await lines.next();
        return done ? null : value;
      },
    };
  }

  async function attempt(source: ModelSource): Promise<ModelFacts> {
    clearTimeout(idle);
    if (closed) throw fail("UNAVAILABLE", { message: "the gateway is stopping" });
    running ??= begin();
    const { child, answer } = running;
    const tooLong = setTimeout(() => child.kill("SIGKILL"), TRIAL_MS);
    child.stdin?.write(`${JSON.stringify(source)}\n`);
    const line = await answer();
    clearTimeout(tooLong);
    if (line === null) {
      running = undefined;
      throw crashed(child);
    }
    idle = setTimeout(end, IDLE_MS);
    // runTrial wrote it; a problem is parsed before it is trusted as one.
    const result = JSON.parse(line) as TrialResult;
    if ("facts" in result) return result.facts;
    throw fromProblem(Problem.parse(result.problem));
  }

  function end(): void {
    clearTimeout(idle);
    running?.child.stdin?.end();
    running = undefined;
  }

  return {
    run(source) {
      const result = last.then(() => attempt(source));
      last = result.catch(() => undefined);
      return result;
    },
    close() {
      closed = true;
      running?.child.kill("SIGKILL");
      end();
    },
  };
}

function crashed({ signalCode, exitCode }: ChildProcess) {
  return fail("BAD_MODEL", {
    message: `the model ended the process that tried it (${signalCode ?? exitCode ?? "it did not start"})`,
    field: "file",
    help: "check the file with `onnx.checker.check_model`, and export it again",
  });
}
