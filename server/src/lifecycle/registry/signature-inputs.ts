import { type Column, type ColumnType, type FieldType, fail } from "@causeway/contract";
import type { ModelInspection } from "./model-inspection.ts";

/** A column that a model reads, with the type in which it takes it. */
export interface ModelColumn {
  readonly name: string;
  readonly type: FieldType;
  /** What the data calls it, where that is something else. */
  readonly from?: string;
}

/** The data beside the model; `features` names the columns where they cannot be known otherwise. */
export interface ColumnChoice {
  readonly columns: readonly Column[];
  readonly target: string;
  readonly key: string | null;
  readonly features: readonly string[] | null;
  /** True for learners that keep only the columns that helped: which ones may change with each training. */
  readonly picks: boolean;
}

const FIELD_OF: Readonly<Record<ColumnType, FieldType>> = {
  boolean: "boolean",
  integer: "integer",
  double: "double",
  string: "string",
  date: "string",
  timestamp: "string",
};

/**
 * Finds which columns a model reads, in the order in which it takes them. A model with an input per column names them
 * itself; one with a single wide input takes `features`, or every column but target and key in the order of the data.
 * Where the learner picks, callers send all that it could pick from, so that the next training asks for the same columns.
 */
export function chooseInputs(inspection: ModelInspection, choice: ColumnChoice): ModelColumn[] {
  const byName = new Map(choice.columns.map((column) => [column.name, column]));
  const [only] = inspection.inputs;
  const isWide = inspection.inputs.length === 1 && only !== undefined && !byName.has(only.name);
  if (isWide) return wideInput(only, choice, byName);

  const absent = inspection.inputs.filter(({ name }) => !byName.has(name)).map(({ name }) => name);
  if (absent.length > 0 || inspection.inputs.length === 0) {
    throw fail("BAD_MODEL", {
      message:
        absent.length > 0
          ? `The model reads ${absent.join(", ")}, which the data has no column for`
          : "The model reads nothing",
      field: "model",
      value: absent,
      help: `The data has ${[...byName.keys()].join(", ")}. Export the model with one input per column under these names.`,
    });
  }
  const read = inspection.inputs.map(({ name, datatype }) => fieldFor(byName.get(name), datatype));
  return choice.picks ? offered(read, choice) : read;
}

function offered(
  read: readonly ModelColumn[],
  { columns, target, key, features }: ColumnChoice,
): ModelColumn[] {
  const types = new Map(read.map((column) => [column.name, column]));
  const names = columns.map(({ name }) => name).filter((name) => name !== target && name !== key);
  const wanted = new Set([...(features ?? names), ...types.keys()]);
  return columns
    .filter(({ name }) => wanted.has(name))
    .map(({ name, type }) => types.get(name) ?? { name, type: FIELD_OF[type] });
}

function wideInput(
  input: ModelInspection["inputs"][number],
  { columns, target, key, features }: ColumnChoice,
  byName: ReadonlyMap<string, Column>,
): ModelColumn[] {
  const unknown = features?.find((name) => !byName.has(name));
  if (unknown !== undefined) {
    throw fail("INVALID_FIELD", {
      message: `features names ${unknown}, which the data has no column for`,
      field: "features",
      value: unknown,
      help: `The data has ${[...byName.keys()].join(", ")}.`,
    });
  }
  const names = features ?? columns.map(({ name }) => name).filter((name) => name !== target && name !== key);
  const width =
    input.shape.length > 1 ? input.shape.slice(1).reduce((product, size) => product * size, 1) : 1;
  if (width > 0 && width !== names.length) {
    throw fail("BAD_MODEL", {
      message: `The model's input ${input.name} takes ${width} columns, and the data has ${names.length} beside target and key: ${names.join(", ")}`,
      field: "features",
      value: names.length,
      help: "Name the columns in the model's order: evaluate({ ..., features: [...] }).",
    });
  }
  return names.map((name) => fieldFor(byName.get(name), input.datatype));
}

/** The type on the wire: the model's where it asks for text, truth values or whole numbers, else the column's own. */
function fieldFor(column: Column | undefined, datatype: string): ModelColumn {
  if (column === undefined) throw new Error("a column that was looked up before");
  const own = FIELD_OF[column.type];
  const isNumeric = datatype !== "BYTES" && datatype !== "BOOL";
  if (isNumeric && own === "string") {
    throw fail("BAD_MODEL", {
      message: `The model reads ${column.name} as a number (${datatype}), and the data holds it as ${column.type}`,
      field: column.name,
      value: column.type,
      help: "Import the column as a number, or train the model on its text.",
    });
  }
  const asked = datatype === "BYTES" ? "string" : datatype === "BOOL" ? "boolean" : own;
  return {
    name: column.name,
    type: isNumeric && /INT/.test(datatype) && own === "double" ? "integer" : asked,
  };
}
