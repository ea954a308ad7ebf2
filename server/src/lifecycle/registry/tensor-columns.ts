import type { FieldType, SignatureInput } from "@causeway/contract";

/** A tensor of a model's signature; `shape` is that of one row of it. */
export type TensorSpec = {
  /** Null where it is the model's one input and has no name. */
  readonly name: string | null;
  readonly dtype: string;
  readonly shape: readonly number[];
};

/** A signature with more columns than this is a picture or a text in numbers, which nobody watches number by number. */
export const MOST_TENSOR_COLUMNS = 256;

const KINDS: readonly [RegExp, FieldType][] = [
  [/^float(16|32|64)$/, "double"],
  [/^u?int(8|16|32|64)$/, "integer"],
  [/^bool$/, "boolean"],
];

/**
 * A tensor that is a table of numbers as its columns, so that they are logged, watched and joined as any other's: `0` to
 * `n-1` as pandas names them, behind the tensor's name where it has one, and the name alone where there is one column. Null
 * where it is no such table.
 */
export function tensorColumns({ name, dtype, shape }: TensorSpec): SignatureInput[] | null {
  const type = KINDS.find(([dtypes]) => dtypes.test(dtype))?.[1];
  const [size = 1] = shape;
  if (type === undefined || shape.length > 1 || size < 1 || size > MOST_TENSOR_COLUMNS) return null;
  return Array.from({ length: size }, (_, at) => ({
    name: columnName({ name, size, at }),
    type,
    // A real number has a missing value in numpy.
    nullable: type === "double",
    categories: null,
    range: null,
    element: { tensor: name, dtype, shape: [...shape], at },
  }));
}

function columnName({ name, size, at }: { name: string | null; size: number; at: number }): string {
  if (name === null) return String(at);
  return size === 1 ? name : `${name}.${at}`;
}
