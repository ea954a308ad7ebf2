import { type CausewayError, fail, type Signature } from "@causeway/contract";
import type { InferenceSession, Tensor as OrtTensor } from "onnxruntime-node";
import {
  type Datatype,
  defineRuntime,
  type Row,
  type Tensor,
  type TensorData,
  type TensorInfo,
} from "./define.ts";
import { joinTensors } from "./join-tensors.ts";
import { openZipMaps } from "./onnx-graph.ts";
import { type OnnxInput, planFeeding } from "./onnx-inputs.ts";

type Ort = typeof import("onnxruntime-node");

/** One thread per session: a gateway scales by processes and model threads, and more threads only fight over its cores. */
const SESSION_OPTIONS: InferenceSession.SessionOptions = {
  executionProviders: ["cpu"],
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  executionMode: "sequential",
  graphOptimizationLevel: "all",
  // Requests come in any number of rows; the arena and the memory pattern would keep a block for each.
  enableCpuMemArena: false,
  enableMemPattern: false,
  // Errors come back as exceptions; the runtime's own lines on standard error say nothing more.
  logSeverityLevel: 4,
};

const DATATYPE_OF: Partial<Record<OrtTensor.Type, Datatype>> = {
  bool: "BOOL",
  uint8: "UINT8",
  uint16: "UINT16",
  uint32: "UINT32",
  uint64: "UINT64",
  int8: "INT8",
  int16: "INT16",
  int32: "INT32",
  int64: "INT64",
  float16: "FP16",
  float32: "FP32",
  float64: "FP64",
  string: "BYTES",
};

/** ONNX models by onnxruntime, on the CPU. */
export const onnx = defineRuntime({
  format: "onnx",
  platform: "onnx_onnxv1",
  extension: ".onnx",
  async prepare() {
    await import("onnxruntime-node");
  },
  async inspect(file) {
    const { session, labels } = await open(file);
    try {
      return {
        inputs: tensorInputs(session).map((input) => infoOf(input)),
        outputs: tensorOutputs(session),
        labels,
      };
    } finally {
      await session.release();
    }
  },
  async load(file, signature) {
    const { ort, session, labels } = await open(file);
    try {
      return running({ ort, session, labels, signature });
    } catch (error) {
      await session.release();
      throw error;
    }
  },
});

async function open(file: Uint8Array) {
  const ort = await import("onnxruntime-node");
  const graph = openZipMaps(file);
  try {
    const session = await ort.InferenceSession.create(graph.bytes, SESSION_OPTIONS);
    return { ort, session, labels: graph.labels };
  } catch (cause) {
    throw notAModel(cause);
  }
}

type Opened = {
  ort: Ort;
  session: InferenceSession;
  labels: readonly string[] | null;
  signature: Signature;
};

function running({ ort, session, labels, signature }: Opened) {
  const feeding = planFeeding(tensorInputs(session), signature);
  const outputs = tensorOutputs(session);
  const fetches = outputs.map((output) => output.name);
  if (fetches.length === 0) {
    throw fail("BAD_MODEL", {
      message: "the model has no output that is a tensor",
      help: "export it with its predictions as tensors; only ZipMap lists are opened",
    });
  }

  async function runOnce(rows: readonly Row[]): Promise<Tensor[]> {
    const feeds: Record<string, OrtTensor> = {};
    for (const { name, type, data, dims } of feeding.feeds(rows)) {
      // The overloads tie the type to the data; planFeeding pairs them.
      feeds[name] = new ort.Tensor(type as "float32", data as Float32Array, dims);
    }
    const results = await session.run(feeds, fetches).catch((cause: unknown) => {
      throw fail("INTERNAL", { message: `the model failed on this request: ${firstLine(cause)}`, cause });
    });
    return outputs.map((output) => {
      const result = results[output.name];
      if (!result) throw fail("INTERNAL", { message: `onnxruntime gave no output ${output.name}` });
      return tensorOf({ output, result, rows: rows.length });
    });
  }

  async function runInBatches(rows: readonly Row[], size: number): Promise<Tensor[]> {
    const runs: Tensor[][] = [];
    for (let from = 0; from < rows.length; from += size) {
      const batch = rows.slice(from, from + size);
      const filler = batch[0];
      // A graph of a fixed batch takes no fewer rows: the first is repeated and its answers are cut off.
      while (filler && batch.length < size) batch.push(filler);
      runs.push(await runOnce(batch));
    }
    return outputs.flatMap(
      (_, index) =>
        joinTensors(
          runs.flatMap((run) => run[index] ?? []),
          rows.length,
        ) ?? [],
    );
  }

  const { batch } = feeding;
  return {
    outputs,
    labels,
    takesNull: feeding.takesNull,
    run: batch === null ? runOnce : (rows: readonly Row[]) => runInBatches(rows, batch),
    release: () => session.release(),
  };
}

type Fetched = { output: TensorInfo; result: OrtTensor; rows: number };

function tensorOf({ output, result, rows }: Fetched): Tensor {
  const width = result.data.length / rows;
  const rowShape = result.dims[0] === rows ? result.dims.slice(1) : [width];
  if (!Number.isInteger(width)) {
    throw fail("BAD_MODEL", {
      message: `output ${output.name} has ${result.data.length} elements for ${rows} rows`,
      field: output.name,
      help: "a served model answers each row by itself",
    });
  }
  // DATATYPE_OF names only types whose data is one of TensorData; half floats are widened here.
  const data = output.datatype === "FP16" ? widened(result.data) : (result.data as TensorData);
  return {
    name: output.name,
    datatype: output.datatype === "FP16" ? "FP32" : output.datatype,
    rowShape,
    width,
    data,
  };
}

function widened(data: OrtTensor["data"]): Float32Array {
  if (!ArrayBuffer.isView(data)) throw fail("INTERNAL", { message: "half floats came as no typed array" });
  return Float32Array.from(new Float16Array(data.buffer, data.byteOffset, data.byteLength / 2));
}

function tensorInputs(session: InferenceSession): OnnxInput[] {
  return session.inputMetadata.map((input) => {
    if (input.isTensor) return input;
    throw fail("BAD_MODEL", {
      message: `the model's input ${input.name} is no tensor`,
      field: input.name,
      help: "export the model with tensor inputs, one per column or one matrix",
    });
  });
}

function tensorOutputs(session: InferenceSession): TensorInfo[] {
  return session.outputMetadata.flatMap((output) => (output.isTensor ? [infoOf(output)] : []));
}

function infoOf({ name, type, shape }: OnnxInput): TensorInfo {
  const datatype = DATATYPE_OF[type];
  if (datatype) return { name, datatype, shape: shape.map((size) => (typeof size === "number" ? size : -1)) };
  throw fail("BAD_MODEL", {
    message: `${name} is a tensor of ${type}, which cannot be served`,
    field: name,
    help: "cast it to a common type when exporting",
  });
}

function notAModel(cause: unknown): CausewayError {
  return fail("BAD_MODEL", {
    message: `the file is not an ONNX model that can be served: ${firstLine(cause)}`,
    field: "file",
    help: "check the file with `onnx.checker.check_model`, and export it again",
    cause,
  });
}

function firstLine(cause: unknown): string {
  return (cause instanceof Error ? cause.message : String(cause)).split("\n")[0] ?? "";
}
