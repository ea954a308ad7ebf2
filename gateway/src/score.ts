import { once } from "node:events";
import { access, readFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { CausewayError, fail, type ModelFormat, type Prediction, Signature } from "@causeway/contract";
import { findClasses } from "./models/class-scores.ts";
import { answer, openModel, readingOf } from "./models/load-model.ts";
import { createRecordCheck } from "./models/record-check.ts";
import { columnTensors, spreadRecord } from "./models/tensor-columns.ts";
import { type FolderRuntime, type ModelPlace, type PythonProgram, runtimeOf } from "./runtimes/index.ts";

/** Rows answered in one run. */
const BATCH_ROWS = 512;

/** Answers records (JSON lines) by a model file as a gateway would: one line `Prediction` for each, in order. */
export async function score(options: {
  readonly format: ModelFormat;
  readonly modelPath: string;
  readonly signaturePath: string;
  /** For the formats that Python runs. */
  readonly python: PythonProgram | null;
  readonly input: Readable;
  readonly output: Writable;
}): Promise<void> {
  const { format, modelPath, signaturePath, python, input, output } = options;
  const signature = await readSignature(signaturePath);
  await mustExist(modelPath);
  const model = await openModel({ format, path: modelPath, python, signature });
  const reading = readingOf(model, signature);
  const check = createRecordCheck(signature, model.takesNull);
  let line = 0;

  async function answerLines(lines: readonly string[]): Promise<void> {
    const records = lines.map((text, index) => parseLine(text, line + index + 1));
    const rows = records.flatMap((record, index) => checkLine(() => check.rows([record]), line + index + 1));
    line += lines.length;
    const predictions = await answer(model, reading, rows);
    const written = output.write(predictions.map((prediction) => `${JSON.stringify(prediction)}\n`).join(""));
    if (!written) await once(output, "drain");
  }

  try {
    let lines: string[] = [];
    for await (const text of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
      if (text.trim() !== "") lines.push(text);
      if (lines.length < BATCH_ROWS) continue;
      await answerLines(lines);
      lines = [];
    }
    if (lines.length > 0) await answerLines(lines);
  } finally {
    await model.release();
  }
}

/**
 * What a model says of its inputs and outputs, as one JSON line; refuses with BAD_MODEL what is no model. A Python model also
 * answers the rows that it was logged with, twice, as records of the signature that is given.
 */
export async function inspect(options: {
  readonly format: ModelFormat;
  readonly modelPath: string;
  readonly signaturePath: string | null;
  readonly python: PythonProgram | null;
  readonly output: Writable;
}): Promise<void> {
  const { modelPath, signaturePath, python } = options;
  const runtime = runtimeOf(options.format);
  await mustExist(modelPath);
  const found =
    runtime.holds === "file"
      ? await runtime.inspect(await readGiven(modelPath, "model"))
      : await inspectFolder({ runtime, place: { path: modelPath, python }, signaturePath });
  options.output.write(`${JSON.stringify({ format: options.format, ...found })}\n`);
}

async function inspectFolder(asked: {
  readonly runtime: FolderRuntime;
  readonly place: ModelPlace;
  readonly signaturePath: string | null;
}) {
  const { runtime, place, signaturePath } = asked;
  const given = signaturePath === null ? OPEN : await readSignature(signaturePath);
  const model = await runtime.load(place, given, { onDeath: () => undefined, onLine: () => undefined });
  try {
    const { inspection } = model;
    const tensors = columnTensors(given);
    const ask = async (records: readonly Record<string, unknown>[], signature: Signature) => {
      const rows = createRecordCheck(signature, model.takesNull).rows(records);
      return answer(model, readingOf(model, signature), rows);
    };
    let examples: readonly Record<string, unknown>[] = inspection.python?.examples ?? [];
    let signature = classified(given, inspection.labels);
    let logits = false;
    const answers: Prediction[][] = [];
    let answerProblem: string | null = null;
    try {
      examples = examples.map((record) => spreadRecord(record, tensors));
      if (inspection.labels === null && examples.length > 0) {
        const plain = await ask(examples, signature);
        const { outputs } = inspection;
        const found = findClasses({ outputs, answers: plain, named: given.classes });
        signature = {
          ...classified(given, found?.labels ?? null),
          ...(found?.logits ? { logits: true } : {}),
        };
        logits = found?.logits ?? false;
      }
      // Each time as a request of its own would be.
      for (let time = 0; examples.length > 0 && time < 2; time++)
        answers.push(await ask(examples, signature));
    } catch (error) {
      if (error instanceof CausewayError && error.code === "BAD_MODEL") throw error;
      answerProblem = error instanceof Error ? error.message : String(error);
    }
    const labels = signature.task === "classification" ? signature.classes : null;
    return {
      ...inspection,
      labels,
      logits,
      python: { ...inspection.python, examples, answers, answerProblem },
    };
  } finally {
    await model.release();
  }
}

/** A signature with the classes that are known; its answers are taken as they come where none are. */
function classified(signature: Signature, labels: readonly string[] | null): Signature {
  return labels === null
    ? { ...signature, task: "other", classes: [] }
    : { ...signature, task: "classification", classes: [...labels] };
}

/** Where no signature is given, records are taken as they are. */
const OPEN: Signature = { task: "other", target: null, classes: [], inputs: [], open: true };

async function readSignature(path: string): Promise<Signature> {
  return Signature.parse(JSON.parse((await readGiven(path, "signature")).toString("utf8")));
}

async function mustExist(modelPath: string): Promise<void> {
  await access(modelPath).catch((cause: unknown) => {
    throw unreadable(modelPath, "model", cause);
  });
}

async function readGiven(path: string, field: "model" | "signature"): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw unreadable(path, field, cause);
  }
}

function unreadable(path: string, field: "model" | "signature", cause: unknown) {
  return fail("NOT_FOUND", {
    message: `the ${field} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`,
    field,
    value: path,
    help: `give --${field} the path of a file`,
    cause,
  });
}

function parseLine(text: string, line: number): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw fail("BAD_DATA", {
      message: `line ${line} is not JSON`,
      field: "records",
      value: text,
      help: "write one record per line",
      cause,
    });
  }
}

function checkLine<Result>(check: () => Result, line: number): Result {
  try {
    return check();
  } catch (cause) {
    if (!(cause instanceof CausewayError)) throw cause;
    throw fail(cause.code, {
      message: `line ${line}: ${cause.message}`,
      ...(cause.field === undefined ? {} : { field: cause.field }),
      ...(cause.help === undefined ? {} : { help: cause.help }),
      ...(cause.issues === undefined ? {} : { issues: cause.issues }),
      cause,
    });
  }
}
