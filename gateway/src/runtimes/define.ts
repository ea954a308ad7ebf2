import type { ModelFormat, Signature } from "@causeway/contract";

/** A nested list or an object as JSON gave it: a value of an input of the type `tensor` or `json`. */
export class Structured {
  readonly json: unknown;

  constructor(json: unknown) {
    this.json = json;
  }

  toJSON(): unknown {
    return this.json;
  }
}

/** A value of a record as a model takes it; `bigint` only for integers beyond 2^53. */
export type Value = string | number | bigint | boolean | null | Structured;

/** One value per input of the signature, in its order; behind them, where the request has any, its parameters. */
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
  readonly json?: boolean;
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
  /** True where each text is the JSON of a value that is no number and no plain text. */
  readonly json?: boolean;
};

/** What a file says of itself before any signature is known. */
export type Inspection = {
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
  /** Class labels in the order of the scores, where the file carries them. */
  readonly labels: readonly string[] | null;
  /** What only a Python model tells. */
  readonly python?: PythonInspection;
};

/** Rows that a Python model was logged with, and why they could not be answered when it was loaded. */
export type PythonInspection = {
  readonly form: PythonForm;
  readonly examples: readonly Record<string, unknown>[];
  readonly exampleProblem: string | null;
  readonly loadMs: number;
  readonly memoryBytes: number;
};

/**
 * What MLflow's own server makes of an answer: one list, a table of records, lists by name, or the answer as it is. `unknown`
 * before the first answer.
 */
export const PYTHON_FORMS = ["array", "records", "columns", "whole", "unknown"] as const;
export type PythonForm = (typeof PYTHON_FORMS)[number];

/** Where a model lies, and for a folder of Python the interpreter that loads it. */
export type ModelPlace = { readonly path: string; readonly python?: PythonProgram | null };

/** An interpreter with a model's packages, and what it is started with. */
export type PythonProgram = {
  readonly interpreter: string;
  /** Folder that holds the package `causeway`. */
  readonly modules: string;
  readonly variables: Readonly<Record<string, string>>;
};

/** A model's own process, as metrics tell of it. */
export type ModelProcess = {
  readonly restarts: number;
  readonly recycled: number;
  readonly memoryBytes: number;
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
  /** Set where the model runs in a process of its own. */
  readonly process?: () => ModelProcess;
  /** Set where the answers are those of MLflow's `predict`, for its own protocol. */
  readonly form?: () => PythonForm;
};

/** A Python model in memory, with what it says of itself. */
export type PythonModel = RunningModel & { readonly inspection: Inspection };

type AnyRuntime<Format extends ModelFormat> = {
  readonly format: Format;
  /** As the Open Inference Protocol names it: `<project>_<format>`. */
  readonly platform: string;
};

/** A way to run the models of a format that are one file, in the gateway's own process. */
export type FileRuntime = AnyRuntime<Exclude<ModelFormat, "mlflow">> & {
  readonly holds: "file";
  /** How the name of the one model file ends. */
  readonly extension: string;
  /** Loads the library once, so that a model's own load time can be told from it. */
  prepare(): Promise<void>;
  inspect(file: Uint8Array): Promise<Inspection>;
  /** Refuses with BAD_MODEL what is not such a file or does not fit the signature. */
  load(file: Uint8Array, signature: Signature): Promise<RunningModel>;
};

/** A way to run the models of a format that are folders, in a process of their own. */
export type FolderRuntime = AnyRuntime<"mlflow"> & {
  readonly holds: "folder";
  load(place: ModelPlace, signature: Signature, watch: Watch): Promise<PythonModel>;
};

/** Whom a model in a process of its own tells what happens to it. */
export type Watch = {
  /** It ended and could not be started again. */
  readonly onDeath: (cause: Error) => void;
  /** What the model printed, and what became of its process. */
  readonly onLine: (line: string) => void;
};

/** A way to run the models of one format. */
export type Runtime = FileRuntime | FolderRuntime;

/** Declares a runtime of files. */
export function defineRuntime(runtime: Omit<FileRuntime, "holds">): FileRuntime {
  return { ...runtime, holds: "file" };
}
