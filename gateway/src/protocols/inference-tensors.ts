import { type FieldType, fail, type Issue, type Signature } from "@causeway/contract";
import type { Batch } from "../models/batch-queue.ts";
import { type ColumnTensor, columnTensors } from "../models/tensor-columns.ts";
import { DATATYPES, type Datatype, type Tensor, type TensorInfo } from "../runtimes/index.ts";

/** A request of the Open Inference Protocol, its form checked. */
export type InferenceRequest = {
  readonly id: string | undefined;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly inputs: readonly InputTensor[];
  /** Null: all. */
  readonly outputs: readonly string[] | null;
};

type InputTensor = {
  readonly name: string;
  readonly datatype: Datatype;
  readonly shape: readonly number[];
  readonly data: readonly unknown[];
};

const INTEGERS: readonly Datatype[] = [
  "INT64",
  "INT32",
  "INT16",
  "INT8",
  "UINT64",
  "UINT32",
  "UINT16",
  "UINT8",
];
const REALS: readonly Datatype[] = ["FP64", "FP32", "FP16"];

/** What may be sent for a column; the first is what the model's description says. */
const ACCEPTED: Record<FieldType, readonly Datatype[]> = {
  boolean: ["BOOL"],
  integer: INTEGERS,
  double: [...REALS, ...INTEGERS],
  string: ["BYTES"],
  tensor: [...REALS, ...INTEGERS, "BOOL", "BYTES"],
  json: ["BYTES"],
};

/** The inputs as the model's description gives them; a tensor that is served as columns is still one. */
export function inputInfos(signature: Signature): TensorInfo[] {
  const tensors = new Map(columnTensors(signature).map((tensor) => [tensor.columns[0], tensor]));
  return signature.inputs.flatMap((input) => {
    if (input.element === undefined) return columnInfo(input);
    const tensor = tensors.get(input.name);
    return tensor === undefined ? [] : tensorInfo(tensor);
  });
}

function tensorInfo({ name, dtype, shape }: ColumnTensor): TensorInfo {
  return { name, datatype: datatypeOf(dtype), shape: [-1, ...shape] };
}

/** A column as the model's description gives it. */
function columnInfo({ name, type, tensor }: Signature["inputs"][number]): TensorInfo {
  return {
    name,
    datatype: tensor === undefined ? (ACCEPTED[type][0] ?? "BYTES") : datatypeOf(tensor.dtype),
    shape: [-1, ...(tensor?.shape ?? [1])],
  };
}

/** The element type of the protocol for numpy's. */
function datatypeOf(dtype: string): Datatype {
  const [, kind, bits] = /^(u?int|float)(8|16|32|64)$/.exec(dtype) ?? [];
  if (kind === undefined) return dtype === "bool" ? "BOOL" : "BYTES";
  const named = kind === "float" ? `FP${bits}` : `${kind.toUpperCase()}${bits}`;
  return DATATYPES.find((known) => known === named) ?? "FP64";
}

/** Checks the form of a request's body. */
export function parseInferenceRequest(body: unknown): InferenceRequest {
  const request = objectOf(body, "body");
  const { id, inputs, outputs } = request;
  if (id !== undefined && typeof id !== "string") throw malformed("id", "text", id);
  if (!Array.isArray(inputs) || inputs.length === 0)
    throw malformed("inputs", "a list of at least one tensor", inputs);
  if (outputs !== undefined && !Array.isArray(outputs)) throw malformed("outputs", "a list", outputs);
  return {
    id,
    parameters: request["parameters"] === undefined ? {} : objectOf(request["parameters"], "parameters"),
    inputs: inputs.map((input, index) => parseInput(input, `inputs[${index}]`)),
    outputs:
      outputs === undefined || outputs.length === 0
        ? null
        : outputs.map((output, index) =>
            textOf(objectOf(output, `outputs[${index}]`), "name", `outputs[${index}]`),
          ),
  };
}

function parseInput(input: unknown, at: string): InputTensor {
  const tensor = objectOf(input, at);
  const name = textOf(tensor, "name", at);
  const said = textOf(tensor, "datatype", at);
  const datatype = DATATYPES.find((known) => known === said);
  if (!datatype) throw malformed(`${at}.datatype`, `one of ${DATATYPES.join(", ")}`, said);
  const { shape, data } = tensor;
  if (!Array.isArray(shape) || !shape.every((size) => Number.isSafeInteger(size) && size >= 0)) {
    throw malformed(`${at}.shape`, "a list of whole numbers", shape);
  }
  if (!Array.isArray(data)) throw malformed(`${at}.data`, "a list; binary tensors are not taken", data);
  const flat = data.some(Array.isArray) ? data.flat(Number.POSITIVE_INFINITY) : data;
  const size = shape.reduce((product: number, dimension: number) => product * dimension, 1);
  if (flat.length !== size)
    throw malformed(`${at}.data`, `${size} elements for the shape [${shape.join(", ")}]`, flat.length);
  return { name, datatype, shape, data: flat };
}

/** The tensor of the business key, and the request without it where the model has no such column. */
export function keyTensor(
  request: InferenceRequest,
  key: string | null,
  signature: Signature,
): { readonly tensor: { readonly data: readonly unknown[] } | undefined; readonly rest: InferenceRequest } {
  const tensor = request.inputs.find(({ name }) => name === key);
  if (tensor === undefined || signature.inputs.some(({ name }) => name === key))
    return { tensor, rest: request };
  return { tensor, rest: { ...request, inputs: request.inputs.filter((input) => input !== tensor) } };
}

/**
 * The rows of a request in the signature's order, their values not checked yet: one tensor per column of shape [rows] or
 * [rows, 1], or one matrix of every column.
 */
export function inferenceRows(request: InferenceRequest, signature: Signature): unknown[][] {
  const columns = signature.inputs;
  const pieces = columnTensors(signature);
  const inputs = pieces.length === 0 ? request.inputs : spreadInputs(request.inputs, pieces);
  const [only] = inputs;
  const matrix = only && inputs.length === 1 && !columns.some((column) => column.name === only.name);
  if (matrix && only.shape.length === 2 && only.shape[1] === columns.length) {
    const unfit = columns.filter((column) => !ACCEPTED[column.type].includes(only.datatype));
    if (unfit.length > 0) throw wrongInputs(unfit.map((column) => typeIssue(column, only.datatype)));
    return Array.from({ length: only.shape[0] ?? 0 }, (_, row) =>
      only.data.slice(row * columns.length, (row + 1) * columns.length),
    );
  }
  const byName = new Map(inputs.map((input) => [input.name, input] as const));
  const rows = inputs[0]?.shape[0] ?? 0;
  const issues: Issue[] = [];
  const tensors = columns.flatMap((column) => {
    const input = byName.get(column.name);
    if (!input) {
      issues.push({ field: column.name, expected: ACCEPTED[column.type][0] ?? "", got: "nothing" });
      return [];
    }
    if (!ACCEPTED[column.type].includes(input.datatype)) issues.push(typeIssue(column, input.datatype));
    const { shape } = input;
    if (column.type === "tensor") {
      // Beyond its rows, the record's check looks at the shape.
      if (shape[0] !== rows)
        issues.push({
          field: column.name,
          expected: `the shape [${rows}, ...]`,
          got: `[${shape.join(", ")}]`,
        });
    } else if (
      shape.length > 2 ||
      shape.length === 0 ||
      (shape.length === 2 && shape[1] !== 1) ||
      shape[0] !== rows
    ) {
      issues.push({
        field: column.name,
        expected: `the shape [${rows}] or [${rows}, 1]`,
        got: `[${shape.join(", ")}]`,
      });
    }
    return [input];
  });
  for (const { name } of inputs) {
    if (!columns.some((column) => column.name === name)) {
      issues.push({ field: name, expected: "no such column", got: "a tensor" });
    }
  }
  if (issues.length > 0) throw wrongInputs(issues);
  if (rows === 0) throw malformed("inputs", "at least one row", 0);
  return Array.from({ length: rows }, (_, row) =>
    tensors.map((tensor, index) =>
      columns[index]?.type === "tensor" ? rowOf(tensor, row) : tensor.data[row],
    ),
  );
}

/** Tensors that are served as columns, and that came in one piece, as those. */
function spreadInputs(inputs: readonly InputTensor[], tensors: readonly ColumnTensor[]): InputTensor[] {
  return inputs.flatMap((input) => {
    const tensor = tensors.find(({ name }) => name === input.name);
    const [rows = 0, width = 1] = input.shape;
    if (tensor === undefined || tensor.columns.length === 1) return input;
    if (width !== tensor.columns.length || input.shape.length !== 2) {
      const { columns, name } = tensor;
      const got = `[${input.shape.join(", ")}]`;
      throw wrongInputs([{ field: name, expected: `the shape [rows, ${columns.length}]`, got }]);
    }
    return tensor.columns.map((name, at) => ({
      name,
      datatype: input.datatype,
      shape: [rows],
      data: Array.from({ length: rows }, (_, row) => input.data[row * width + at]),
    }));
  });
}

/** A row of a tensor, nested as its shape says. */
function rowOf({ shape, data }: InputTensor, row: number): unknown {
  const [, ...dimensions] = shape;
  const size = dimensions.reduce((product, dimension) => product * dimension, 1);
  const nest = (flat: readonly unknown[], [length, ...rest]: readonly number[]): unknown => {
    if (length === undefined) return flat[0];
    const step = flat.length / Math.max(1, length);
    return Array.from({ length }, (_, index) => nest(flat.slice(index * step, (index + 1) * step), rest));
  };
  return nest(data.slice(row * size, (row + 1) * size), dimensions);
}

/** JSON text of one output's share of a batch. */
export function outputText(tensor: Tensor, { from }: Batch, rows: number): string {
  const shape = [rows, ...tensor.rowShape];
  const data = tensor.data.slice(from * tensor.width, (from + rows) * tensor.width);
  return `{"name":${JSON.stringify(tensor.name)},"datatype":"${tensor.datatype}","shape":${JSON.stringify(shape)},"data":${elements(tensor.datatype, data)}}`;
}

/** Whole numbers keep every digit, also beyond 2^53; what is no finite number is null. */
function elements(datatype: Datatype, data: Tensor["data"]): string {
  if (datatype === "BOOL") return JSON.stringify(Array.from<unknown>(data).map(Boolean));
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) return `[${data.join(",")}]`;
  return JSON.stringify(Array.from<unknown>(data));
}

function objectOf(value: unknown, field: string): Record<string, unknown> {
  // The check makes it so.
  if (typeof value === "object" && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  throw malformed(field, "an object", value);
}

function textOf(object: Record<string, unknown>, field: string, at: string): string {
  const value = object[field];
  if (typeof value === "string" && value !== "") return value;
  throw malformed(`${at}.${field}`, "text", value);
}

function typeIssue(column: Signature["inputs"][number], got: Datatype): Issue {
  return { field: column.name, expected: ACCEPTED[column.type][0] ?? "", got };
}

function wrongInputs(issues: readonly Issue[]) {
  return fail("INVALID_FIELD", {
    message: issues
      .map(({ field, expected, got }) => `${field}: expected ${expected}, got ${got}`)
      .join("; "),
    field: issues[0]?.field ?? "inputs",
    help: "GET /v2/models/<deployment> describes the inputs",
    issues,
  });
}

function malformed(field: string, expected: string, value: unknown) {
  const shown = typeof value === "bigint" ? String(value) : (JSON.stringify(value) ?? "nothing");
  return fail("BAD_REQUEST", {
    message: `${field}: expected ${expected}, got ${shown.length > 60 ? `${shown.slice(0, 60)}…` : shown}`,
    field,
    help: "see the Open Inference Protocol, version 2",
  });
}
