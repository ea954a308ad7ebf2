import { fail, type Issue, type Signature, type SignatureInput } from "@causeway/contract";
import {
  type ColumnTensor,
  columnTensors,
  onlyColumnTensor,
  otherShape,
  spreadRecord,
  spreadRow,
} from "../models/tensor-columns.ts";
import { onlyTensor } from "../models/tensor-records.ts";

/** What MLflow's scoring protocol was asked with, as records of the model's signature. */
export type Invocation = {
  readonly records: readonly Record<string, unknown>[];
  /** What stood beside the model's columns, by row: the business key may be among it. */
  readonly others: readonly Record<string, unknown>[];
  readonly params: Readonly<Record<string, unknown>> | null;
};

/** The names under which rows are sent; a request has exactly one of them. */
const FORMS = ["dataframe_split", "dataframe_records", "instances", "inputs"] as const;
type Form = (typeof FORMS)[number];

const BESIDE = new Set<string>([...FORMS, "params", "signature_name", "occurredAt"]);

/** Reads a JSON body of the protocol: rows in one of its four forms, and parameters. */
export function parseInvocation(body: unknown, signature: Signature): Invocation {
  const given = isObject(body) ? body : {};
  const forms = FORMS.filter((form) => form in given);
  const [form] = forms;
  const stray = Object.keys(given).find((name) => !BESIDE.has(name));
  if (form === undefined || forms.length > 1 || stray !== undefined) {
    const got = isObject(body)
      ? Object.keys(body).join(", ") || "nothing"
      : Array.isArray(body)
        ? "a list"
        : typeof body;
    throw malformed(
      `The input must be a JSON dictionary with exactly one of the input fields ${FORMS.join(", ")}. Received dictionary with input fields: ${got}`,
    );
  }
  const { params } = given;
  if (params !== undefined && params !== null && !isObject(params))
    throw malformed("params must be a dictionary");
  const rows = tensorRows(rowsOf(form, given[form], signature), signature);
  if (rows.length === 0) throw malformed(`${form} has no rows`);
  return { ...enforce(rows, signature), params: isObject(params) && signature.params ? params : null };
}

/** Reads a CSV of the protocol: a header and a row for each record, values in the types of the signature. */
export function parseCsvInvocation(text: string, signature: Signature): Invocation {
  const [header = [], ...lines] = csvLines(text);
  if (lines.length === 0) throw malformed("the CSV has a header and no rows, or nothing at all");
  const { inputs } = signature;
  const types = new Map(inputs.map((input) => [input.name, input.type]));
  // Of a tensor without a name the columns are called as the caller likes.
  const placed = unnamedTensor(signature)?.columns.length === header.length;
  const typeOf = (name: string, at: number) => types.get(name) ?? (placed ? inputs[at]?.type : undefined);
  const rows = lines.map((cells, index) => {
    if (cells.length !== header.length)
      throw malformed(
        `line ${index + 2} of the CSV has ${cells.length} values, and the header names ${header.length}`,
      );
    return header.map((name, at) => [name, cellValue(cells[at] ?? "", typeOf(name, at))] as const);
  });
  return { ...enforce(tensorRows(rows, signature), signature), params: null };
}

/** A row of a table: names beside values, in the order in which they were sent. */
type Entries = readonly (readonly [name: string, value: unknown])[];

/** The tensor without a name that is all a model takes. */
function unnamedTensor(signature: Signature): ColumnTensor | undefined {
  const only = onlyColumnTensor(signature);
  return only?.isNamed === false ? only : undefined;
}

/**
 * Rows as records, with tensors that were sent in one piece as their columns. Where all that a model takes is a tensor without
 * a name, MLflow takes a table's columns by their places, whatever they are called; here those that are called as the
 * signature's are taken by name.
 */
function tensorRows(rows: readonly Entries[], signature: Signature): Record<string, unknown>[] {
  const tensors = columnTensors(signature);
  const records = rows.map((row): Record<string, unknown> => Object.fromEntries(row));
  if (tensors.length === 0) return records;
  const unnamed = unnamedTensor(signature);
  return records.map((record, index) => {
    const spread = spreadRecord(record, tensors);
    if (unnamed === undefined || unnamed.columns.every((column) => column in spread)) return spread;
    const values = (rows[index] ?? []).map(([, value]) => value);
    const [only] = values;
    return spreadRow(values.length === 1 && Array.isArray(only) ? only : values, unnamed);
  });
}

function rowsOf(form: Form, given: unknown, signature: Signature): Entries[] {
  switch (form) {
    case "dataframe_split":
      return splitRows(given, signature);
    case "dataframe_records":
      if (Array.isArray(given) && given.every(isObject)) return given.map(Object.entries);
      throw malformed("dataframe_records must be a list of dictionaries by column name");
    case "instances":
    case "inputs":
      return listedRows(form, given, signature).map(Object.entries);
    default:
      return form satisfies never;
  }
}

function splitRows(given: unknown, signature: Signature): Entries[] {
  const { columns, data } = isObject(given) ? given : {};
  if (!Array.isArray(data) || !data.every(Array.isArray))
    throw malformed("dataframe_split must have data, a list of rows, and columns, their names");
  const names = Array.isArray(columns) ? columns.map(String) : signature.inputs.map(({ name }) => name);
  return data.map((row: unknown[], index) => {
    if (row.length !== names.length)
      throw malformed(`dataframe_split: row ${index} has ${row.length} values for ${names.length} columns`);
    return names.map((name, at) => [name, row[at]] as const);
  });
}

/** A list of records, of rows in the signature's order, or of tensors; or lists by name. */
function listedRows(form: Form, given: unknown, signature: Signature): Record<string, unknown>[] {
  const names = signature.inputs.map(({ name }) => name);
  if (Array.isArray(given)) {
    if (given.every(isObject)) return given;
    const tensor = onlyTensor(signature);
    if (tensor !== undefined) return given.map((row) => ({ [tensor.name]: row }));
    const table = onlyColumnTensor(signature);
    if (table !== undefined) {
      const unfit = given.find((row) => Array.isArray(row) !== table.shape.length > 0);
      if (unfit !== undefined) throw otherShape(table, given);
      return given.map((row) => spreadRow(row, table));
    }
    if (names.length > 0 && given.every((row) => Array.isArray(row) && row.length === names.length))
      return given.map((row: unknown[]) => Object.fromEntries(names.map((name, at) => [name, row[at]])));
    if (names.length === 1) return given.map((value) => ({ [names[0] ?? ""]: value }));
    throw malformed(
      `${form} must be a list of dictionaries by column name, or of rows of ${names.length} values`,
    );
  }
  if (!isObject(given)) throw malformed(`${form} must be a list of rows, or lists by name`);
  const columns = Object.entries(given);
  if (!columns.every(([, values]) => Array.isArray(values))) return [given];
  const counts = new Set(columns.map(([, values]) => (values as unknown[]).length)); // lists, by the line above
  if (counts.size > 1)
    throw malformed(`${form}: the length of values for each input/column name are not the same`);
  const [count = 0] = counts;
  // Lists all, by the line that sends a single record back.
  return Array.from({ length: count }, (_, row) =>
    Object.fromEntries(columns.map(([name, values]) => [name, (values as unknown[])[row]])),
  );
}

/**
 * As MLflow enforces a signature: columns in any order, more of them than the model has, and those that it does not insist
 * on left out; one that is missing is named.
 */
function enforce(
  rows: readonly Record<string, unknown>[],
  { inputs, open }: Signature,
): Pick<Invocation, "records" | "others"> {
  if (open) return { records: rows, others: rows.map(() => ({})) };
  const known = new Set(inputs.map(({ name }) => name));
  const missing = inputs.filter(
    ({ name, optional }: SignatureInput) => optional !== true && rows.some((row) => !(name in row)),
  );
  if (missing.length > 0) {
    const issues: Issue[] = missing.map(({ name, type }) => ({
      field: name,
      expected: type,
      got: "nothing",
    }));
    throw fail("INVALID_FIELD", {
      message: `Failed to enforce schema: Model is missing inputs [${missing.map(({ name }) => `'${name}'`).join(", ")}]. The model's inputs are [${inputs.map(({ name }) => `'${name}'`).join(", ")}]`,
      field: missing[0]?.name ?? "inputs",
      help: "send every column of the model's signature",
      issues,
    });
  }
  return {
    records: rows.map((row) => Object.fromEntries(inputs.map(({ name }) => [name, row[name] ?? null]))),
    others: rows.map((row) => Object.fromEntries(Object.entries(row).filter(([name]) => !known.has(name)))),
  };
}

function cellValue(text: string, type: SignatureInput["type"] | undefined): unknown {
  // The texts that pandas reads as missing.
  if (text === "" || text === "NaN" || text === "NA" || text === "null" || text === "nan" || text === "None")
    return null;
  switch (type) {
    case "integer":
      return /^-?\d+$/.test(text) ? (Number.isSafeInteger(Number(text)) ? Number(text) : BigInt(text)) : text;
    case "boolean":
      return /^(true|1)$/i.test(text) ? true : /^(false|0)$/i.test(text) ? false : text;
    case "string":
      return text;
    case "double":
    case undefined:
      return text.trim() !== "" && !Number.isNaN(Number(text)) ? Number(text) : text;
    case "tensor":
    case "json":
      return text;
    default:
      return type satisfies never;
  }
}

/** Lines of CSV as RFC 4180 has them: quotes around values, doubled within. */
function csvLines(text: string): string[][] {
  const lines: string[][] = [];
  let cells: string[] = [];
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/gy;
  for (let match = cell.exec(text); match !== null; match = cell.exec(text)) {
    const [, quoted, plain = "", end] = match;
    cells.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === ",") continue;
    if (cells.length > 1 || cells[0] !== "") lines.push(cells);
    cells = [];
    if (end === "") break;
  }
  if (cell.lastIndex !== text.length && cell.lastIndex !== 0)
    throw malformed("the CSV has a quote that does not end");
  return lines;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function malformed(message: string) {
  return fail("BAD_REQUEST", {
    message,
    field: "body",
    help: 'send {"dataframe_split": {"columns": [...], "data": [[...]]}} or another form of MLflow\'s scoring protocol',
  });
}
