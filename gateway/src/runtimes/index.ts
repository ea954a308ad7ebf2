import { fail, type ModelFormat } from "@causeway/contract";
import type { Runtime } from "./define.ts";
import { onnx } from "./onnx.ts";
import { ydf } from "./ydf.ts";

export type {
  Inspection,
  Row,
  RunningModel,
  Runtime,
  Tensor,
  TensorData,
  TensorInfo,
  Value,
} from "./define.ts";
export { DATATYPES, type Datatype } from "./define.ts";

export { joinTensors } from "./join-tensors.ts";

/** Every runtime this gateway has. */
export const RUNTIMES: readonly Runtime[] = [onnx, ydf];

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
