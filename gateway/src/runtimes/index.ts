import { fail, type ModelFormat } from "@causeway/contract";
import type { FileRuntime, Runtime } from "./define.ts";
import { mlflow } from "./mlflow.ts";
import { onnx } from "./onnx.ts";
import { ydf } from "./ydf.ts";

export type {
  FileRuntime,
  FolderRuntime,
  Inspection,
  ModelPlace,
  ModelProcess,
  PythonForm,
  PythonProgram,
  Row,
  RunningModel,
  Runtime,
  Tensor,
  TensorData,
  TensorInfo,
  Value,
  Watch,
} from "./define.ts";
export { DATATYPES, type Datatype, Structured } from "./define.ts";

export { exactNumber } from "./exact-number.ts";
export { joinTensors } from "./join-tensors.ts";

/** The runtimes of models that are one file. */
export const FILE_RUNTIMES: readonly FileRuntime[] = [onnx, ydf];

/** Every runtime this gateway has. */
export const RUNTIMES: readonly Runtime[] = [...FILE_RUNTIMES, mlflow];

/** The runtime of a format. */
export function runtimeOf(format: ModelFormat): Runtime {
  const runtime = RUNTIMES.find((candidate) => candidate.format === format);
  if (runtime) return runtime;
  throw fail("BAD_MODEL", {
    message: `no runtime for the format ${format}`,
    field: "format",
    value: format,
    help: `this gateway serves ${RUNTIMES.map((known) => known.format).join(", ")}`,
  });
}
