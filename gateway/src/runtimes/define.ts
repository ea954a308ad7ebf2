import type { ModelFormat, Signature } from "@causeway/contract";

/** A value of a record as a model takes it; `bigint` only for integers beyond 2^53. */
export type Value = string | number | bigint | boolean | null;

/** One value per input of the signature, in its order. */
export type Row = readonly Value[];

/** Element types of the Open Inference Protocol. */
export const DATATYPES = [
  "BOOL",
  "UINT8",
  "UINT16",
  "UINT32",
  "UINT64",
  "INT8",
  "INT16",
  "INT32",
  "INT64",
  "FP16",
  "FP32",
  "FP64",
  "BYTES",
] as const;
export type Datatype = (typeof DATATYPES)[number];

/** What a model says of an input or output. -1 is a dimension of any size; the first one counts rows. */
export type TensorInfo = {
  readonly name: string;
  readonly datatype: Datatype;
  readonly shape: readonly number[];
};

export type TensorData =
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | BigUint64Array
  | Int8Array
  | Int16Array
  | Int32Array
  | BigInt64Array
  | Float32Array
  | Float64Array
  | readonly string[];

/** An output for a batch: `width` elements per row, row after row. `rowShape` is the shape without its first dimension. */
export type Tensor = {
  readonly name: string;
  readonly datatype: Datatype;
  readonly rowShape: readonly number[];
  readonly width: number;
  readonly data: TensorData;
};

/** What a file says of itself before any signature is known. */
export type Inspection = {
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
  /** Class labels in the order of the scores, where the file carries them. */
  readonly labels: readonly string[] | null;
};

/** A model in memory. */
export type RunningModel = {
  readonly outputs: readonly TensorInfo[];
  /** Class labels in the order of the scores, as the model's label output writes them; null where it carries none. */
  readonly labels: readonly string[] | null;
  /** Whether input i of the signature has a way to be missing. */
  readonly takesNull: readonly boolean[];
  /** Answers rows in one go; blocks its thread meanwhile. */
  run(rows: readonly Row[]): Promise<readonly Tensor[]>;
  release(): Promise<void>;
};

/** A way to run the files of one format. */
export type Runtime = {
  readonly format: ModelFormat;
  /** As the Open Inference Protocol names it: `<project>_<format>`. */
  readonly platform: string;
  /** How the name of the one model file ends. */
  readonly extension: string;
  /** Loads the library once, so that a model's own load time can be told from it. */
  prepare(): Promise<void>;
  inspect(file: Uint8Array): Promise<Inspection>;
  /** Refuses with BAD_MODEL what is not such a file or does not fit the signature. */
  load(file: Uint8Array, signature: Signature): Promise<RunningModel>;
};

/** Declares a runtime. */
export function defineRuntime(runtime: Runtime): Runtime {
  return runtime;
}
