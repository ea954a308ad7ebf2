import { fail, type Signature } from "@causeway/contract";

/** A tensor of a model that is served as columns, one for each number of a row. */
export type ColumnTensor = {
  /** What callers may send it as, in one piece. */
  readonly name: string;
  readonly isNamed: boolean;
  readonly dtype: string;
  /** Of one row: empty, or one size. */
  readonly shape: readonly number[];
  readonly columns: readonly string[];
};

/** What a tensor without a name is called. */
const UNNAMED = "input";

/** The tensors that a signature lists as columns, in its order. */
export function columnTensors({ inputs }: Signature): ColumnTensor[] {
  const tensors = new Map<string | null, ColumnTensor & { readonly columns: string[] }>();
  for (const { name, element } of inputs) {
    if (element === undefined) continue;
    const { tensor, dtype, shape } = element;
    const known = tensors.get(tensor);
    if (known === undefined)
      tensors.set(tensor, {
        name: tensor ?? UNNAMED,
        isNamed: tensor !== null,
        dtype,
        shape,
        columns: [name],
      });
    else known.columns.push(name);
  }
  return [...tensors.values()];
}

/** The one tensor whose columns are all that a model takes; undefined where it takes something beside it. */
export function onlyColumnTensor(signature: Signature): ColumnTensor | undefined {
  const [only, ...others] = columnTensors(signature);
  return others.length === 0 && only?.columns.length === signature.inputs.length ? only : undefined;
}

/** A record with each tensor that was sent in one piece as its columns. */
export function spreadRecord(
  record: Record<string, unknown>,
  tensors: readonly ColumnTensor[],
): Record<string, unknown> {
  const given = tensors.filter(({ name }) => Array.isArray(record[name]));
  if (given.length === 0) return record;
  const whole = new Set(given.map(({ name }) => name));
  const rest = Object.fromEntries(Object.entries(record).filter(([name]) => !whole.has(name)));
  return Object.assign(rest, ...given.map((tensor) => spreadRow(record[tensor.name], tensor)));
}

/** A row of a tensor as a record of its columns. */
export function spreadRow(row: unknown, tensor: ColumnTensor): Record<string, unknown> {
  const { columns } = tensor;
  const values: readonly unknown[] = Array.isArray(row) ? row : [row];
  if (values.length !== columns.length || values.some(Array.isArray)) throw otherShape(tensor, row);
  return Object.fromEntries(columns.map((column, at) => [column, values[at]]));
}

/** How many numbers a tensor takes, and how they are sent otherwise. */
export function otherShape({ name, dtype, columns }: ColumnTensor, row: unknown) {
  const [first = "", last = first] = [columns[0], columns.at(-1)];
  const expected = `a row of ${columns.length} ${dtype}`;
  const got = shapeText(row);
  const named = columns.length === 1 ? `{"${first}": ...}` : `{"${first}": ..., ..., "${last}": ...}`;
  return fail("INVALID_FIELD", {
    message: `${name}: expected ${expected}, got ${got}`,
    field: name,
    help: `send rows of ${columns.length} numbers as [[...], [...]], or records as ${named}`,
    issues: [{ field: name, expected, got }],
  });
}

function shapeText(row: unknown): string {
  if (!Array.isArray(row)) return row === null ? "null" : typeof row;
  const shape: number[] = [];
  for (let part: unknown = row; Array.isArray(part); part = part[0]) shape.push(part.length);
  return shape.length === 1 ? `${row.length}` : `a list of the shape [${shape.join(", ")}]`;
}
