import { readFile } from "node:fs/promises";
import { fail, type GoldenRow, type ModelFormat, type Prediction, type Signature } from "@causeway/contract";
import {
  type ModelPlace,
  type Row,
  type RunningModel,
  runtimeOf,
  type TensorInfo,
  type Watch,
} from "../runtimes/index.ts";
import { compareGolden, describeMismatch } from "./golden.ts";
import { decideReading, type Reading, readPrediction } from "./prediction-reading.ts";
import { createRecordCheck } from "./record-check.ts";

/** Which file or folder to load, and what it must be like. */
export type ModelSource = ModelPlace & {
  readonly format: ModelFormat;
  readonly signature: Signature;
  readonly golden: readonly GoldenRow[];
};

/** What is known of a model once it is loaded: plain data that crosses a thread. */
export type ModelFacts = {
  readonly outputs: readonly TensorInfo[];
  readonly takesNull: readonly boolean[];
  readonly reading: Reading;
  readonly golden: { readonly equal: number; readonly rows: number };
  readonly loadMs: number;
  /** Growth of the process while loading and warming up. */
  readonly memoryBytes: number;
  /** Median time of one row, after warm-up. */
  readonly rowMs: number;
  /** Rows that one run may take, where that was measured; else it follows from the time of one. */
  readonly batchRows?: number;
};

export type LoadedModel = { readonly model: RunningModel; readonly facts: ModelFacts };

const WARM_UP_RUNS = 10;
/** Rows of the run that tells what another row costs, and how long a run in a process of its own may take. */
const SAMPLE_ROWS = 32;
const LONGEST_OWN_RUN_MS = 100;
const MOST_OWN_ROWS = 256;
/** Of a model that has no row to warm up on. */
const ASSUMED_ROW_MS = 5;

const NOBODY: Watch = { onDeath: () => undefined, onLine: () => undefined };

/**
 * Loads a model, has its golden rows answered, and warms it up on them. A model that answers one differently never gets
 * out of here: GOLDEN_MISMATCH tells the row and both answers.
 */
export async function loadModel(source: ModelSource, watch: Watch = NOBODY): Promise<LoadedModel> {
  const runtime = runtimeOf(source.format);
  if (runtime.holds === "file") await runtime.prepare();
  const memoryBefore = process.memoryUsage.rss();
  const started = performance.now();
  const model = await openModel(source, watch);
  try {
    const loadMs = performance.now() - started;
    const reading = readingOf(model, source.signature);
    const check = createRecordCheck(source.signature, model.takesNull);
    const rows = goldenRows(source.golden, check.rows);
    const answers = rows.length > 0 ? await answer(model, reading, rows) : [];
    const golden = compareGolden(source.golden, answers);
    if (golden.mismatch) {
      throw fail("GOLDEN_MISMATCH", {
        message: describeMismatch(golden),
        field: "golden",
        help: "register the version again on this platform, or serve another version",
      });
    }
    const warm = rows[0] ?? blankRow(source.signature, model.takesNull);
    const rowMs = warm === null ? ASSUMED_ROW_MS : await warmUp(model, warm);
    const { outputs, takesNull } = model;
    const memoryBytes =
      model.process?.().memoryBytes ?? Math.max(0, process.memoryUsage.rss() - memoryBefore);
    const facts = {
      outputs,
      takesNull,
      reading,
      golden: { equal: golden.equal, rows: golden.rows },
      loadMs,
      memoryBytes,
      rowMs,
      ...(model.process && warm !== null ? { batchRows: await measureBatch(model, { warm, rowMs }) } : {}),
    };
    return { model, facts };
  } catch (error) {
    await model.release();
    throw error;
  }
}

/** Loads the model of a source, whatever it is made of. */
export async function openModel(
  source: Pick<ModelSource, "format" | "path" | "python" | "signature">,
  watch: Watch = NOBODY,
): Promise<RunningModel> {
  const runtime = runtimeOf(source.format);
  return runtime.holds === "folder"
    ? runtime.load(source, source.signature, watch)
    : runtime.load(await readFile(source.path), source.signature);
}

/** How a loaded model's outputs are read. What a Python model that tells no classes answers is taken as it comes. */
export function readingOf(model: RunningModel, signature: Signature): Reading {
  return model.form !== undefined && signature.task !== "classification"
    ? { kind: "any" }
    : decideReading(model.outputs, signature, model.labels);
}

/** Predictions of a loaded model for rows, in their order. */
export async function answer(
  model: RunningModel,
  reading: Reading,
  rows: readonly Row[],
): Promise<Prediction[]> {
  const tensors = await model.run(rows);
  return rows.map((_, row) => readPrediction(reading, tensors, row));
}

function goldenRows(golden: readonly GoldenRow[], rowsOf: (records: readonly unknown[]) => Row[]): Row[] {
  try {
    return rowsOf(golden.map((row) => row.record));
  } catch (cause) {
    throw fail("GOLDEN_MISMATCH", {
      message: `a golden row does not fit the signature: ${cause instanceof Error ? cause.message : String(cause)}`,
      field: "golden",
      help: "register the version again with golden rows of its own table",
      cause,
    });
  }
}

async function warmUp(model: RunningModel, row: Row): Promise<number> {
  const times: number[] = [];
  for (let run = 0; run < WARM_UP_RUNS; run++) {
    const started = performance.now();
    await model.run([row]);
    times.push(performance.now() - started);
  }
  times.sort((left, right) => left - right);
  return times[WARM_UP_RUNS / 2] ?? 0;
}

/** Rows that one run may take, by what a row costs beside others: Python's cost is per call far more than per row. */
async function measureBatch(
  model: RunningModel,
  { warm, rowMs }: { warm: Row; rowMs: number },
): Promise<number> {
  const rows = new Array<Row>(SAMPLE_ROWS).fill(warm);
  const started = performance.now();
  await model.run(rows);
  const each = Math.max(0, performance.now() - started - rowMs) / (SAMPLE_ROWS - 1);
  // Where one call alone takes long, rows beside it cost little: a run may take twice as long as a call of one row.
  const left = Math.max(rowMs, LONGEST_OWN_RUN_MS - rowMs);
  return each === 0 ? MOST_OWN_ROWS : Math.max(1, Math.min(MOST_OWN_ROWS, Math.floor(left / each)));
}

/** A row to warm up on where a version has no golden rows; null where none can be made up. */
function blankRow(signature: Signature, takesNull: readonly boolean[]): Row | null {
  if (signature.open || signature.inputs.some(({ type }) => type === "tensor" || type === "json"))
    return null;
  return signature.inputs.map((input, index) => {
    if (takesNull[index] && input.nullable) return null;
    switch (input.type) {
      case "boolean":
        return false;
      case "integer":
      case "double":
        return input.range?.min ?? 0;
      case "string":
        return input.categories?.[0] ?? "";
      case "tensor":
      case "json":
        return null;
      default:
        return input.type satisfies never;
    }
  });
}
