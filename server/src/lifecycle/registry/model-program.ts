import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { fail, fromProblem, type ModelFormat, Prediction, Problem } from "@causeway/contract";
import { ModelInspection } from "./model-inspection.ts";

/** How to start the gateway's program, which holds the runtimes: for example `node <root>/gateway/src/main.ts`. */
export interface ModelProgramOptions {
  readonly command: string;
  readonly args: readonly string[];
}

/** A model file, or a folder of one, with the format that it is said to have. */
export interface ModelOnDisk {
  readonly format: ModelFormat;
  readonly path: string;
  /** The interpreter that has a Python model's packages. */
  readonly python?: string | undefined;
}

/** Looks into model files and asks models, in processes that end with the question. */
export type ModelProgram = ReturnType<typeof createModelProgram>;

const LAST_ERROR_LINES = 20;

/** Makes the door to the model runtimes; the very ones that serve, so that an answer here is an answer there. */
export function createModelProgram(options: ModelProgramOptions) {
  /** What a file says of itself; refuses with BAD_MODEL what is not a model. */
  async function inspect(
    model: ModelOnDisk & { readonly signatureFile?: string },
    signal: AbortSignal,
  ): Promise<ModelInspection> {
    const { signatureFile } = model;
    const args = [
      "inspect",
      ...flags(model),
      ...(signatureFile === undefined ? [] : ["--signature", signatureFile]),
    ];
    const lines: string[] = [];
    for await (const line of run(args, Readable.from([]), signal)) lines.push(line);
    return ModelInspection.parse(JSON.parse(lines.join("\n")));
  }

  /** Answers records (one JSON object a line) in their order; `signatureFile` holds the signature as JSON. */
  async function* score(
    model: ModelOnDisk & { readonly signatureFile: string },
    records: AsyncIterable<string> | Iterable<string>,
    signal: AbortSignal,
  ): AsyncIterable<Prediction> {
    const input = Readable.from(lined(records));
    const args = ["score", ...flags(model), "--signature", model.signatureFile];
    for await (const line of run(args, input, signal)) yield Prediction.parse(JSON.parse(line));
  }

  async function* run(args: readonly string[], input: Readable, signal: AbortSignal): AsyncIterable<string> {
    const child = spawn(options.command, [...options.args, ...args], {
      stdio: ["pipe", "pipe", "pipe"],
      signal,
      killSignal: "SIGKILL",
    });
    const ended = new Promise<number | null>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", resolve);
    });
    const errors = lastLines(child.stderr);
    // A child that refuses stops reading; what it says on its standard error counts, not the broken pipe.
    const fed = pipeline(input, child.stdin).catch(() => {});
    ended.catch(() => {}); // observed below; an abort while lines are read must not count as unhandled
    try {
      for await (const line of createInterface({ input: child.stdout, crlfDelay: Number.POSITIVE_INFINITY }))
        if (line !== "") yield line;
      const code = await ended;
      if (code !== 0) throw failureOf(await errors, code);
      await fed;
    } finally {
      input.destroy();
      if (child.exitCode === null) child.kill("SIGKILL");
    }
  }

  return { inspect, score };
}

function flags({ format, path, python }: ModelOnDisk): string[] {
  return ["--format", format, "--model", path, ...(python === undefined ? [] : ["--python", python])];
}

async function* lined(records: AsyncIterable<string> | Iterable<string>): AsyncIterable<string> {
  for await (const record of records) yield `${record}\n`;
}

async function lastLines(stream: Readable): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of createInterface({ input: stream })) {
    lines.push(line);
    if (lines.length > LAST_ERROR_LINES) lines.shift();
  }
  return lines;
}

/** The problem that the program wrote, or its last words. */
function failureOf(lines: readonly string[], code: number | null): Error {
  for (const line of lines.toReversed()) {
    const problem = Problem.safeParse(parsed(line));
    if (problem.success) return fromProblem(problem.data);
  }
  return fail("BAD_MODEL", {
    message: `The model could not be run (exit ${code ?? "by a signal"}): ${lines.at(-1) ?? "it said nothing"}`,
    help: "Check that the file is a complete model of the format that was named.",
    cause: new Error(lines.join("\n")),
  });
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
