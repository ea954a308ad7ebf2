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

type Filled = OrtTypes.DataType;
type ElementType = {
  readonly nullable: boolean;
  readonly make: (length: number) => Filled;
  readonly fits: (type: Signature["inputs"][number]["type"]) => boolean;
  readonly put: (data: Filled, at: number, value: Value) => void;
};

const numeric = (type: string) => type !== "string";

// The casts below pair each array with the type that made it in the same entry.
function real(make: (length: number) => Float32Array | Float64Array): ElementType {
  return {
    nullable: true,
    make,
    fits: numeric,
    put: (data, at, value) => {
      (data as Float32Array)[at] = value === null ? Number.NaN : Number(value);
    },
  };
}

function whole(
  make: (length: number) => Int32Array | Int16Array | Int8Array | Uint8Array | Uint16Array | Uint32Array,
) {
  return {
    nullable: false,
    make,
    fits: numeric,
    put: (data: Filled, at: number, value: Value) => {
      (data as Int32Array)[at] = Number(value);
    },
  };
}

function long(make: (length: number) => BigInt64Array | BigUint64Array): ElementType {
  return {
    nullable: false,
    make,
    fits: numeric,
    put: (data, at, value) => {
      (data as BigInt64Array)[at] = BigInt(typeof value === "number" ? Math.trunc(value) : (value ?? 0));
    },
  };
}

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
  // A missing text is the empty text, as exported imputers expect it.
  string: {
    nullable: true,
    make: (length) => new Array<string>(length),
    fits: () => true,
    put: (data, at, value) => {
      (data as string[])[at] = value === null ? "" : String(value);
    },
  },
};

/**
 * Decides how the columns of a signature reach a graph: one input per column by name, or one matrix with the columns in
 * the signature's order. Anything else is refused with what is missing on either side.
 */
export function planFeeding(inputs: readonly OnnxInput[], signature: Signature): Feeding {
  const columns = signature.inputs;
  const byName = new Map(inputs.map((input) => [input.name, input]));
  const named = columns.filter((column) => byName.has(column.name));
  if (named.length === columns.length && inputs.length === columns.length) {
    return perColumn(
      columns.map((column) => ({ column, input: byName.get(column.name) as OnnxInput })), // has() above
    );
  }
  const [only] = inputs;
  if (inputs.length === 1 && only && named.length === 0) return matrix(only, signature);
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
      plans.map(({ name, type, element, flat }, column) => {
        const data = element.make(rows.length);
        for (let row = 0; row < rows.length; row++) element.put(data, row, rows[row]?.[column] ?? null);
        return { name, type, data, dims: flat ? [rows.length] : [rows.length, 1] };
      }),
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
  const { make, put, nullable } = element;
  return {
    batch: fixedBatch([input]),
    takesNull: columns.map(() => nullable),
    feeds(rows) {
      const data = make(rows.length * columns.length);
      for (let row = 0; row < rows.length; row++) {
        for (let column = 0; column < columns.length; column++) {
          put(data, row * columns.length + column, rows[row]?.[column] ?? null);
        }
      }
      return [{ name: input.name, type: input.type, data, dims: [rows.length, columns.length] }];
    },
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
