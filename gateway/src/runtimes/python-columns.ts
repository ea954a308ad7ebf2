import { fail, type Signature, type SignatureInput } from "@causeway/contract";
import type { Row, Tensor, TensorData, TensorInfo, Value } from "./define.ts";
import { DATATYPES, type Datatype, Structured } from "./define.ts";
import type { Frame } from "./python-frames.ts";

/** A column on its way to Python: in the body at a place, or in the header. */
type Column =
  | { readonly at: number; readonly bytes: number; readonly code: Code; readonly shape?: readonly number[] }
  | { readonly data: readonly unknown[] };

/** numpy's codes of what the body holds. */
type Code = "f8" | "i8" | "u1";

export type Encoded = { readonly columns: readonly Column[]; readonly parts: readonly Uint8Array[] };

type Numbers = {
  readonly code: Code;
  readonly data: Float64Array | BigInt64Array | Uint8Array;
  readonly shape?: readonly number[];
};

/** Rows as the columns of a frame, one for each input of the model's own signature: numbers as they lie in memory, everything else as JSON. */
export function encodeColumns(rows: readonly Row[], { inputs, open }: Signature): Encoded {
  const columns: Column[] = [];
  const parts: Uint8Array[] = [];
  let at = 0;
  const width = open === true ? 1 : inputs.length;
  for (let index = 0; index < width; ) {
    const input = inputs[index];
    const size = input?.element === undefined ? 1 : (input.element.shape[0] ?? 1);
    // The columns of a tensor follow each other: it goes to Python in one piece.
    const values =
      size === 1
        ? rows.map((row) => row[index] ?? null)
        : rows.flatMap((row) => Array.from({ length: size }, (_, at) => row[index + at] ?? null));
    const numbers = input === undefined ? null : numbersOf(values, input);
    index += size;
    if (numbers === null) columns.push({ data: values });
    else {
      const { code, data, shape } = numbers;
      columns.push({ at, bytes: data.byteLength, code, ...(shape === undefined ? {} : { shape }) });
      parts.push(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
      at += data.byteLength;
    }
  }
  return { columns, parts };
}

function numbersOf(values: readonly Value[], { type, tensor, element }: SignatureInput): Numbers | null {
  const shape = element === undefined ? {} : { shape: element.shape };
  switch (type) {
    case "double":
      // A missing number is NaN in numpy.
      return {
        code: "f8",
        data: Float64Array.from(values, (value) => (value === null ? Number.NaN : Number(value))),
        ...shape,
      };
    case "integer":
      if (values.includes(null)) return null;
      // The record's check lets only whole numbers into such a column.
      return {
        code: "i8",
        data: BigInt64Array.from(values, (value) => BigInt(value as number | bigint)),
        ...shape,
      };
    case "boolean":
      if (values.includes(null)) return null;
      return { code: "u1", data: Uint8Array.from(values, Number), ...shape };
    case "tensor":
      return tensorNumbers(values, tensor?.dtype ?? "");
    case "string":
    case "json":
      return null;
    default:
      return type satisfies never;
  }
}

/** Tensors of one shape, row after row; null where rows differ in shape or hold something else than numbers. */
function tensorNumbers(values: readonly Value[], dtype: string): Numbers | null {
  const isWhole = /^u?int/.test(dtype);
  if (!isWhole && !/^float/.test(dtype)) return null;
  const shape = shapeOf(jsonOf(values[0] ?? null));
  const size = shape.reduce((product, dimension) => product * dimension, 1);
  const whole = isWhole ? new BigInt64Array(size * values.length) : null;
  const reals = isWhole ? null : new Float64Array(size * values.length);
  let at = 0;
  const put = (value: unknown, depth: number): boolean => {
    if (Array.isArray(value))
      return value.length === shape[depth] && value.every((one) => put(one, depth + 1));
    if (depth !== shape.length) return false;
    if (typeof value !== "number" && typeof value !== "bigint") return false;
    if (whole) whole[at++] = BigInt(value);
    else if (reals) reals[at++] = Number(value);
    return true;
  };
  if (!values.every((value) => put(jsonOf(value), 0))) return null;
  const data = whole ?? reals ?? new Float64Array();
  return { code: isWhole ? "i8" : "f8", data, shape };
}

function jsonOf(value: Value): unknown {
  return value instanceof Structured ? value.json : value;
}

function shapeOf(value: unknown): number[] {
  return Array.isArray(value) ? [value.length, ...shapeOf(value[0])] : [];
}

/** What Python says of an output. */
export type OutputHeader = {
  readonly name: string;
  readonly datatype: string;
  readonly rowShape: readonly number[];
  readonly json: boolean;
  readonly at?: number;
  readonly bytes?: number;
  readonly data?: readonly string[];
};

/** An output as a model's description gives it. */
export function outputInfo({ name, datatype, rowShape, json }: OutputHeader): TensorInfo {
  return { name, datatype: datatypeOf(datatype), shape: [-1, ...rowShape], ...(json ? { json } : {}) };
}

/** The outputs of an answer as tensors of so many rows. */
export function decodeOutputs({ header, body }: Frame, rows: number): Tensor[] {
  // The worker of this repository wrote it, for the rows that it was given.
  const outputs = header["outputs"] as readonly OutputHeader[];
  return outputs.map((output) => {
    const datatype = datatypeOf(output.datatype);
    const data = output.data ?? numbersIn(body, datatype, output);
    const width = data.length / Math.max(1, rows);
    const { name, rowShape, json } = output;
    return { name, datatype, rowShape, width, data, ...(json ? { json } : {}) };
  });
}

function numbersIn(body: Uint8Array, datatype: Datatype, { at = 0, bytes = 0 }: OutputHeader): TensorData {
  // A copy of its own begins where its elements may begin; a Buffer's own slice would be no copy.
  const { buffer } = new Uint8Array(body.subarray(at, at + bytes));
  switch (datatype) {
    case "BOOL":
      return new Uint8Array(buffer);
    case "INT64":
      return new BigInt64Array(buffer);
    case "UINT64":
      return new BigUint64Array(buffer);
    case "FP32":
      return new Float32Array(buffer);
    case "FP64":
      return new Float64Array(buffer);
    default:
      throw fail("INTERNAL", { message: `a Python model's process sent elements of the type ${datatype}` });
  }
}

function datatypeOf(text: string): Datatype {
  const known = DATATYPES.find((datatype) => datatype === text);
  if (known) return known;
  throw fail("INTERNAL", { message: `a Python model's process sent the type ${text}` });
}
