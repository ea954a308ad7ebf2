import { fail, type Signature } from "@causeway/contract";
import type { Tensor as OrtTypes } from "onnxruntime-node";
import type { Row, Value } from "./define.ts";

/** An input as onnxruntime describes it. */
export type OnnxInput = {
  readonly name: string;
  readonly type: OrtTypes.Type;
  readonly shape: readonly (number | string)[];
};

/** A tensor for one input of the graph. */
export type Feed = {
  readonly name: string;
  readonly type: OrtTypes.Type;
  readonly data: OrtTypes.DataType;
  readonly dims: readonly number[];
};

/** How rows become the tensors of one graph. */
export type Feeding = {
  /** The number of rows that the graph takes at once; null for any. */
  readonly batch: number | null;
  readonly takesNull: readonly boolean[];
  feeds(rows: readonly Row[]): Feed[];
};

type ElementType = {
  readonly nullable: boolean;
  readonly fits: (type: Signature["inputs"][number]["type"]) => boolean;
  /** Makes an array of `length` elements, each from the value at its place. */
  readonly fill: (length: number, at: (index: number) => Value) => OrtTypes.DataType;
};

type Wholes = Int32Array | Int16Array | Int8Array | Uint8Array | Uint16Array | Uint32Array;

const numeric = (type: string) => type !== "string";

function real(make: (length: number) => Float32Array | Float64Array): ElementType {
  return {
    nullable: true,
    fits: numeric,
    fill(length, at) {
      const data = make(length);
      for (let index = 0; index < length; index++) {
        const value = at(index);
        data[index] = value === null ? Number.NaN : Number(value);
      }
      return data;
    },
  };
}

function whole(make: (length: number) => Wholes): ElementType {
  return {
    nullable: false,
    fits: numeric,
    fill(length, at) {
      const data = make(length);
      for (let index = 0; index < length; index++) data[index] = Number(at(index));
      return data;
    },
  };
}

function long(make: (length: number) => BigInt64Array | BigUint64Array): ElementType {
  return {
    nullable: false,
    fits: numeric,
    fill(length, at) {
      const data = make(length);
      for (let index = 0; index < length; index++) {
        const value = at(index);
        data[index] = BigInt(
          typeof value === "number" ? Math.trunc(value) : typeof value === "object" ? 0 : value,
        );
      }
      return data;
    },
  };
}

/** A missing text is the empty text, as exported imputers expect it. */
const text: ElementType = {
  nullable: true,
  fits: () => true,
  fill: (length, at) => Array.from({ length }, (_, index) => String(at(index) ?? "")),
};

const ELEMENT_TYPES: Partial<Record<OrtTypes.Type, ElementType>> = {
  float32: real((length) => new Float32Array(length)),
  float64: real((length) => new Float64Array(length)),
  int64: long((length) => new BigInt64Array(length)),
  uint64: long((length) => new BigUint64Array(length)),
  int32: whole((length) => new Int32Array(length)),
  int16: whole((length) => new Int16Array(length)),
  int8: whole((length) => new Int8Array(length)),
  uint8: whole((length) => new Uint8Array(length)),
  uint16: whole((length) => new Uint16Array(length)),
  uint32: whole((length) => new Uint32Array(length)),
  bool: {
    ...whole((length) => new Uint8Array(length)),
    fits: (type) => type === "boolean" || type === "integer",
  },
  string: text,
};

/**
 * Decides how the columns of a signature reach a graph: one input per column by name, or one matrix with the columns in
 * the signature's order. Anything else is refused with what is missing on either side.
 */
export function planFeeding(inputs: readonly OnnxInput[], signature: Signature): Feeding {
  const columns = signature.inputs;
  const byName = new Map(inputs.map((input) => [input.name, input]));
  const pairs = columns.flatMap((column) => {
    const input = byName.get(column.name);
    return input ? [{ column, input }] : [];
  });
  if (pairs.length === columns.length && inputs.length === columns.length) return perColumn(pairs);
  const [only] = inputs;
  if (inputs.length === 1 && only && pairs.length === 0) return matrix(only, signature);
  const unknown = inputs.filter((input) => !columns.some((column) => column.name === input.name));
  const absent = columns.filter((column) => !byName.has(column.name));
  throw fail("BAD_MODEL", {
    message: [
      "the model's inputs do not fit the signature",
      unknown.length > 0 ? `the signature lacks ${list(unknown.map((input) => input.name))}` : "",
      absent.length > 0 ? `the model lacks ${list(absent.map((column) => column.name))}` : "",
    ]
      .filter(Boolean)
      .join("; "),
    field: "signature.inputs",
    help: "export one input per column under the column's name, or one matrix of all columns",
  });
}

type Pair = { column: Signature["inputs"][number]; input: OnnxInput };

function perColumn(pairs: readonly Pair[]): Feeding {
  const plans = pairs.map(({ column, input }) => {
    const element = elementOf(input, column);
    const flat = input.shape.length === 1;
    const width = input.shape[1];
    if (input.shape.length > 2 || (typeof width === "number" && width !== 1)) {
      throw fail("BAD_MODEL", {
        message: `input ${input.name} has the shape [${input.shape.join(", ")}]; a column has [rows] or [rows, 1]`,
        field: input.name,
        help: "export one input per column",
      });
    }
    return { name: input.name, type: input.type, element, flat };
  });
  return {
    batch: fixedBatch(pairs.map((pair) => pair.input)),
    takesNull: plans.map((plan) => plan.element.nullable),
    feeds: (rows) =>
      plans.map(({ name, type, element, flat }, column) => ({
        name,
        type,
        data: element.fill(rows.length, (row) => rows[row]?.[column] ?? null),
        dims: flat ? [rows.length] : [rows.length, 1],
      })),
  };
}

function matrix(input: OnnxInput, signature: Signature): Feeding {
  const columns = signature.inputs;
  const width = input.shape[1];
  if (input.shape.length !== 2 || (typeof width === "number" && width !== columns.length)) {
    throw fail("BAD_MODEL", {
      message: `the model's input ${input.name} has the shape [${input.shape.join(", ")}], the signature ${columns.length} columns`,
      field: input.name,
      help: "give the signature of the columns that the model was trained on, in their order",
    });
  }
  let element: ElementType | undefined;
  for (const column of columns) element = elementOf(input, column);
  if (!element)
    throw fail("BAD_MODEL", { message: "the signature has no inputs", field: "signature.inputs" });
  const { fill, nullable } = element;
  const size = columns.length;
  return {
    batch: fixedBatch([input]),
    takesNull: columns.map(() => nullable),
    feeds: (rows) => [
      {
        name: input.name,
        type: input.type,
        data: fill(rows.length * size, (index) => rows[Math.floor(index / size)]?.[index % size] ?? null),
        dims: [rows.length, size],
      },
    ],
  };
}

function elementOf(input: OnnxInput, column: Pair["column"]): ElementType {
  const element = ELEMENT_TYPES[input.type];
  if (element?.fits(column.type)) return element;
  throw fail("BAD_MODEL", {
    message: `column ${column.name} is ${column.type}, the model's input ${input.name} takes ${input.type}`,
    field: column.name,
    value: column.type,
    help: "correct the signature, or export the model for the column's type",
  });
}

function fixedBatch(inputs: readonly OnnxInput[]): number | null {
  const sizes = new Set(inputs.map((input) => input.shape[0]).filter((size) => typeof size === "number"));
  if (sizes.size > 1) {
    throw fail("BAD_MODEL", {
      message: `the model's inputs take different numbers of rows: ${[...sizes].join(", ")}`,
      help: "export the model with one batch size, best a variable one",
    });
  }
  const [size] = sizes;
  return size === undefined || size < 1 ? null : size;
}

function list(names: readonly string[]): string {
  const shown = names.slice(0, 5).join(", ");
  return names.length > 5 ? `${shown} and ${names.length - 5} more` : shown;
}
