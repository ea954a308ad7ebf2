import { type Column, fail, type SplitRequest } from "@causeway/contract";

/** How far shares may miss 1 in sum: decimal fractions such as 0.1 have no exact double. */
const TOLERANCE = 1e-9;

/** A split that has been checked: which side a row falls on. */
export type SplitPlan =
  | {
      by: "hash";
      key: Column;
      seed: number;
      /** In order of their names; a row whose hash is below `below` and not below the one before falls on this side. */
      sides: { name: string; below: number }[];
    }
  | {
      by: "time";
      column: Column;
      /** In order of time; the last has no end. */
      sides: { name: string; before: string | null }[];
    };

/** Checks a request against the columns of the version that is split. */
export function planSplit(request: SplitRequest, schema: readonly Column[]): SplitPlan {
  return request.by === "hash" ? planByHash(request, schema) : planByTime(request, schema);
}

function planByHash(request: Extract<SplitRequest, { by: "hash" }>, schema: readonly Column[]): SplitPlan {
  const key = columnOf(request.key, { schema, field: "split.key" });
  if (key.type === "double") {
    throw fail("INVALID_FIELD", {
      message: `${key.name} is double: numbers with fractions do not name rows`,
      field: "split.key",
      value: key.name,
      help: "Choose a column of whole numbers, text or days that names what must stay on one side.",
    });
  }
  const names = Object.keys(request.shares).sort();
  const total = names.reduce((sum, name) => sum + (request.shares[name] ?? 0), 0);
  if (names.length < 2 || Math.abs(total - 1) > TOLERANCE) {
    throw fail("INVALID_FIELD", {
      message:
        names.length < 2
          ? "A split has at least two shares"
          : `The shares ${names.map((name) => `${name} ${request.shares[name]}`).join(", ")} add up to ${total}, not 1`,
      field: "split.shares",
      value: JSON.stringify(request.shares),
      help: 'Write for example {"train": 0.8, "test": 0.2}.',
    });
  }
  let below = 0;
  const sides = names.map((name, index) => {
    below += request.shares[name] ?? 0;
    return { name, below: index === names.length - 1 ? 1 : below };
  });
  return { by: "hash", key, seed: request.seed, sides };
}

function planByTime(request: Extract<SplitRequest, { by: "time" }>, schema: readonly Column[]): SplitPlan {
  const { names, boundaries } = request;
  const column = columnOf(request.column, { schema, field: "split.column" });
  if (column.type === "boolean") {
    throw fail("INVALID_FIELD", {
      message: `${column.name} is boolean: it has no order in time`,
      field: "split.column",
      value: column.name,
      help: "Choose a column of days, times or numbers that grow with time.",
    });
  }
  if (boundaries.length !== names.length - 1 || new Set(names).size !== names.length) {
    throw fail("INVALID_FIELD", {
      message: `${names.length} different names need ${names.length - 1} boundaries between them; there are ${boundaries.length}`,
      field: "split.boundaries",
      value: boundaries.join(", "),
      help: 'For example names ["train", "test"] and boundaries ["2024-01-01"].',
    });
  }
  const odd = boundaries.find((boundary) => !fits(column, boundary));
  if (odd !== undefined) {
    throw fail("INVALID_FIELD", {
      message: `The boundary ${odd} is not a value of ${column.name}, which is ${column.type}`,
      field: "split.boundaries",
      value: odd,
      help: "Days are written 2024-01-31, times 2024-01-31T10:00:00Z.",
    });
  }
  const order = boundaries.map((boundary) => orderOf(column, boundary));
  if (order.some((value, index) => index > 0 && value <= (order[index - 1] ?? value))) {
    throw fail("INVALID_FIELD", {
      message: `The boundaries ${boundaries.join(", ")} do not grow`,
      field: "split.boundaries",
      value: boundaries.join(", "),
      help: "Write them in order of time.",
    });
  }
  return {
    by: "time",
    column,
    sides: names.map((name, index) => ({ name, before: boundaries[index] ?? null })),
  };
}

function columnOf(name: string, { schema, field }: { schema: readonly Column[]; field: string }): Column {
  const column = schema.find((candidate) => candidate.name === name);
  if (column !== undefined) return column;
  throw fail("INVALID_FIELD", {
    message: `There is no column ${name}; the columns are ${schema.map((candidate) => candidate.name).join(", ")}`,
    field,
    value: name,
    help: "Names are compared exactly, case included.",
  });
}

function fits({ type }: Column, boundary: string): boolean {
  if (type === "string") return true;
  if (type === "integer" || type === "double")
    return boundary.trim() !== "" && Number.isFinite(Number(boundary));
  return (
    /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?Z?)?$/.test(boundary) &&
    !Number.isNaN(timeOf(boundary))
  );
}

function timeOf(boundary: string): number {
  const text = boundary.replace(" ", "T");
  return Date.parse(text.length > 10 && !text.endsWith("Z") ? `${text}Z` : text);
}

function orderOf({ type }: Column, boundary: string): number | string {
  if (type === "string") return boundary;
  return type === "integer" || type === "double" ? Number(boundary) : timeOf(boundary);
}
