import {
  type FieldType,
  fail,
  Json,
  type Signature,
  type SignatureInput,
  type SignatureParam,
} from "@causeway/contract";
import { parse } from "yaml";
import { z } from "zod";
import { MOST_TENSOR_COLUMNS, tensorColumns } from "./tensor-columns.ts";

/** Name of the file that makes a folder an MLflow model. */
export const ML_MODEL_FILE = "MLmodel";

/** A text of JSON inside of the YAML: MLflow writes each part of a signature so. */
const JsonText = z.string().transform((text, context) => {
  try {
    // Whatever it is: the schema behind the pipe says what it must be.
    return JSON.parse(text) as unknown;
  } catch {
    context.addIssue({ code: "custom", message: "is not JSON" });
    return z.NEVER;
  }
});

const ColumnSpec = z.object({
  type: z.string(),
  name: z.string().optional(),
  required: z.boolean().optional(),
  optional: z.boolean().optional(),
  "tensor-spec": z.object({ dtype: z.string(), shape: z.array(z.int()) }).optional(),
});
type ColumnSpec = z.infer<typeof ColumnSpec>;

const ParamSpec = z.object({
  name: z.string(),
  type: z.string(),
  default: Json.nullish(),
  shape: z.array(z.int()).nullish(),
});

const Document = z.object({
  flavors: z.record(z.string(), z.record(z.string(), z.unknown())).default({}),
  mlflow_version: z.string().nullish(),
  metadata: z.record(z.string(), z.unknown()).nullish(),
  signature: z
    .object({
      inputs: JsonText.pipe(z.array(ColumnSpec)).nullish(),
      outputs: JsonText.pipe(z.array(ColumnSpec)).nullish(),
      params: JsonText.pipe(z.array(ParamSpec)).nullish(),
    })
    .nullish(),
});

/** What an `MLmodel` file says, as far as serving needs it. */
export type MlModel = {
  /** Names of the flavours, for example `sklearn` beside `python_function`. */
  readonly flavors: readonly string[];
  /** The module that loads it; null where the model has no Python function. */
  readonly loader: string | null;
  /** The version of Python that it was logged with; null where it does not say. */
  readonly python: string | null;
  readonly mlflow: string | null;
  /** Null where it was logged without. */
  readonly inputs: readonly ColumnSpec[] | null;
  readonly params: readonly SignatureParam[];
  /** Names of the classes in the order of its outputs, where it was logged with `metadata={"classes": [...]}`. */
  readonly classes: readonly string[];
};

/** Names of classes, which a notebook may write as numbers or truth values. */
const ClassNames = z.array(z.union([z.string(), z.number(), z.boolean()])).min(2);

/** Reads an `MLmodel` file; refuses with BAD_MODEL what is none. */
export function readMlModel(text: string): MlModel {
  const parsed = Document.safeParse(readYaml(text));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw badModel(`${issue?.path.join(".") ?? "it"} ${issue?.message ?? "cannot be read"}`, parsed.error);
  }
  const { flavors, signature, mlflow_version, metadata } = parsed.data;
  const pythonFunction = flavors["python_function"];
  return {
    flavors: Object.keys(flavors),
    loader: textOf(pythonFunction?.["loader_module"]),
    python: textOf(pythonFunction?.["python_version"]),
    mlflow: mlflow_version ?? null,
    inputs: signature?.inputs ?? null,
    params: (signature?.params ?? []).map(({ name, type, default: value, shape }) => ({
      name,
      type,
      default: value ?? null,
      list: shape !== null && shape !== undefined,
    })),
    // Other tools keep other things under this name: what is no list of names is none of ours.
    classes: ClassNames.safeParse(metadata?.["classes"]).data?.map(String) ?? [],
  };
}

/** The signature that a version of this model is registered with; preparation adds what only its answers tell. */
export function signatureOf({ inputs, params, classes }: MlModel): Signature {
  const task = classes.length === 0 ? ("other" as const) : ("classification" as const);
  const shared = { task, target: null, classes: [...classes] };
  const own = params.length === 0 ? {} : { params: [...params] };
  if (inputs === null || inputs.length === 0) return { ...shared, inputs: [], ...own, open: true };
  return { ...shared, inputs: inputsOf(inputs), ...own };
}

/** Tensors that are tables of numbers as columns, as long as those are few and their names tell them apart. */
function inputsOf(specs: readonly ColumnSpec[]): SignatureInput[] {
  const whole = specs.map((spec, index) => inputOf(spec, { index, of: specs.length }));
  const spread = specs.flatMap((spec, index) => {
    const { tensor } = whole[index] ?? {};
    const columns = tensor === undefined ? null : tensorColumns({ name: spec.name ?? null, ...tensor });
    return columns ?? whole.slice(index, index + 1);
  });
  const isPlain = new Set(spread.map(({ name }) => name)).size === spread.length;
  return isPlain && spread.length <= Math.max(MOST_TENSOR_COLUMNS, whole.length) ? spread : whole;
}

const FIELD_TYPES: Readonly<Record<string, FieldType>> = {
  boolean: "boolean",
  integer: "integer",
  long: "integer",
  float: "double",
  double: "double",
  string: "string",
  // A time in ISO 8601, and bytes in base64.
  datetime: "string",
  binary: "string",
};

function inputOf(spec: ColumnSpec, { index, of }: { index: number; of: number }): SignatureInput {
  const name = spec.name ?? (of === 1 ? "input" : `input_${index}`);
  const tensor = spec["tensor-spec"];
  const isOptional = spec.required === false || spec.optional === true;
  const shared = { name, categories: null, range: null, ...(isOptional ? { optional: true as const } : {}) };
  if (tensor === undefined) {
    const type = FIELD_TYPES[spec.type] ?? "json";
    // Real numbers, texts and times have a missing value in pandas, whatever the signature insists on.
    return { ...shared, type, nullable: isOptional || (type !== "integer" && type !== "boolean") };
  }
  // The first dimension counts rows.
  const shape = tensor.shape.slice(1).map((size) => Math.max(-1, size));
  return { ...shared, type: "tensor", nullable: false, tensor: { dtype: tensor.dtype, shape } };
}

function readYaml(text: string): unknown {
  try {
    return parse(text, { maxAliasCount: 0 });
  } catch (cause) {
    throw badModel(cause instanceof Error ? (cause.message.split("\n")[0] ?? "") : String(cause), cause);
  }
}

function textOf(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

function badModel(message: string, cause: unknown): Error {
  return fail("BAD_MODEL", {
    message: `The MLmodel file cannot be read: ${message}`,
    field: "MLmodel",
    help: "Log the model again with MLflow's client.",
    cause,
  });
}
