import type { Signature } from "@causeway/contract";
import { answer } from "../src/models/load-model.ts";
import { decideReading } from "../src/models/prediction-reading.ts";
import type { FileRuntime, Row } from "../src/runtimes/index.ts";

/** Loads a model from bytes, with a function that reads its answers as predictions. */
export async function loadModelBytes(runtime: FileRuntime, bytes: Uint8Array, signature: Signature) {
  const model = await runtime.load(bytes, signature);
  const reading = decideReading(model.outputs, signature, model.labels);
  return { model, predict: (rows: readonly Row[]) => answer(model, reading, rows) };
}
