import { readFile } from "node:fs/promises";
import { fail, type GoldenRow, type ModelFormat, type Prediction, type Signature } from "@causeway/contract";
import { type Row, type RunningModel, runtimeOf, type TensorInfo } from "../runtimes/index.ts";
import { compareGolden, describeMismatch } from "./golden.ts";
import { decideReading, type Reading, readPrediction } from "./prediction-reading.ts";
import { createRecordCheck } from "./record-check.ts";

/** Which file to load, and what it must be like. */
export type ModelSource = {
  readonly format: ModelFormat;
  readonly path: string;
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
};

export type LoadedModel = { readonly model: RunningModel; readonly facts: ModelFacts };

const WARM_UP_RUNS = 10;

/**
 * Loads a model, has its golden rows answered, and warms it up on them. A model that answers one differently never gets
 * out of here: GOLDEN_MISMATCH tells the row and both answers.
 */
export async function loadModel(source: ModelSource): Promise<LoadedModel> {
  const runtime = runtimeOf(source.format);
  await runtime.prepare();
  const memoryBefore = process.memoryUsage.rss();
  const started = performance.now();
  const model = await runtime.load(await readFile(source.path), source.signature);
  try {
    const loadMs = performance.now() - started;
    const reading = decideReading(model.outputs, source.signature, model.labels);
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
    const rowMs = await warmUp(model, warm);
    const { outputs, takesNull } = model;
    const memoryBytes = Math.max(0, process.memoryUsage.rss() - memoryBefore);
    const facts = {
      outputs,
      takesNull,
      reading,
      golden: { equal: golden.equal, rows: golden.rows },
      loadMs,
      memoryBytes,
      rowMs,
    };
    return { model, facts };
  } catch (error) {
    await model.release();
    throw error;
  }
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

/** A row to warm up on where a version has no golden rows. */
function blankRow(signature: Signature, takesNull: readonly boolean[]): Row {
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
      default:
        return input.type satisfies never;
    }
  });
}
