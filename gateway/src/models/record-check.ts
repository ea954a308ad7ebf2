import { fail, type Issue, type Signature, type SignatureInput } from "@causeway/contract";
import { type Row, Structured, type Value } from "../runtimes/index.ts";

/** A signature compiled for the hot path. */
export type RecordCheck = {
  readonly fields: readonly string[];
  /** The rows of records; throws INVALID_FIELD that names every wrong field of every record at once. */
  rows(records: readonly unknown[]): Row[];
  /** The same for rows whose values are already in the signature's order. */
  values(rows: readonly (readonly unknown[])[]): Row[];
  /** How often column i had a value that training never saw. */
  readonly unseen: readonly number[];
};

/** Issues told in one error; more are counted only. */
const MOST_ISSUES = 20;
/** Longest value repeated in an error, in characters. */
const LONGEST_VALUE = 60;

const WRONG = Symbol("wrong");
type Parse = (value: unknown) => Value | typeof WRONG;

const LEAST_INT64 = -(2n ** 63n);
const GREATEST_INT64 = 2n ** 63n - 1n;
const REAL_TEXTS: Record<string, number> = { NaN: Number.NaN, Infinity, "-Infinity": -Infinity };

const PARSERS: Record<SignatureInput["type"], Parse> = {
  boolean: (value) => (typeof value === "boolean" ? value : WRONG),
  string: (value) => (typeof value === "string" ? value : WRONG),
  integer: (value) => {
    if (typeof value === "number") return Number.isSafeInteger(value) ? value : WRONG;
    if (typeof value === "bigint") return value >= LEAST_INT64 && value <= GREATEST_INT64 ? value : WRONG;
    return typeof value === "string" ? largeInteger(value) : WRONG;
  },
  double: (value) => {
    if (typeof value === "number") return value;
    if (typeof value === "bigint") return Number(value);
    return (typeof value === "string" ? REAL_TEXTS[value] : undefined) ?? WRONG;
  },
  tensor: (value) => new Structured(value),
  json: (value) => new Structured(value),
};

/** Whether a value is a nested list of the shape; -1 is any size. Elements are numbers, or texts where numpy calls them so. */
function fitsTensor(value: unknown, tensor: NonNullable<SignatureInput["tensor"]>): boolean {
  const isElement = ELEMENTS.find(([kind]) => kind.test(tensor.dtype))?.[1] ?? (() => true);
  const fits = (part: unknown, [size, ...rest]: readonly number[]): boolean =>
    size === undefined
      ? isElement(part)
      : Array.isArray(part) && (size === -1 || part.length === size) && part.every((one) => fits(one, rest));
  return fits(value, tensor.shape);
}

const ELEMENTS: readonly [RegExp, (value: unknown) => boolean][] = [
  [/^bool/, (value) => typeof value === "boolean"],
  [/^u?int/, (value) => Number.isSafeInteger(value) || typeof value === "bigint"],
  [/^float/, (value) => typeof value === "number" || typeof value === "bigint"],
  [/^(str|<U|bytes)/, (value) => typeof value === "string"],
];

/** The wire writes an integer beyond 2^53 as text; a smaller one as text is a mistake of the caller. */
function largeInteger(text: string): bigint | typeof WRONG {
  if (!/^-?\d{16,19}$/.test(text)) return WRONG;
  const value = BigInt(text);
  if (Number.isSafeInteger(Number(value))) return WRONG;
  return value >= LEAST_INT64 && value <= GREATEST_INT64 ? value : WRONG;
}

/** Compiles a signature; `takesNull` says per input whether the model can take a missing value at all. */
export function createRecordCheck(signature: Signature, takesNull: readonly boolean[]): RecordCheck {
  if (signature.open) return OPEN_CHECK;
  const columns = signature.inputs.map((input, index) => ({
    name: input.name,
    nullable: input.nullable && takesNull[index] !== false,
    expected: expectedOf(input, takesNull[index] !== false),
    parse: parserOf(input),
    seen: input.categories && new Set(input.categories),
  }));
  const names = new Set(columns.map((column) => column.name));
  const unseen = columns.map(() => 0);

  function parse(column: number, value: unknown): Value | typeof WRONG {
    const rule = columns[column];
    if (!rule) return WRONG;
    if (value === null) return rule.nullable ? null : WRONG;
    const parsed = rule.parse(value);
    if (rule.seen && typeof parsed === "string" && !rule.seen.has(parsed))
      unseen[column] = (unseen[column] ?? 0) + 1;
    return parsed;
  }

  /** The row, or null when anything in the record is wrong. */
  function rowOf(record: unknown): Row | null {
    if (typeof record !== "object" || record === null || Array.isArray(record)) return null;
    const source = record as Record<string, unknown>; // an object that is no array, by the line above
    let fields = 0;
    for (const _ in source) fields++;
    if (fields !== columns.length) return null;
    const row = new Array<Value>(columns.length);
    for (let index = 0; index < columns.length; index++) {
      const value = parse(index, source[columns[index]?.name ?? ""]);
      if (value === WRONG) return null;
      row[index] = value;
    }
    return row;
  }

  function issuesOf(record: unknown, row: number | undefined): Issue[] {
    const at = row === undefined ? {} : { row };
    if (typeof record !== "object" || record === null || Array.isArray(record)) {
      return [
        { ...at, field: "record", expected: "an object of column names and values", got: shown(record) },
      ];
    }
    const source = new Map(Object.entries(record));
    const wrong = columns.flatMap(({ name, expected, nullable, parse: parseValue }) => {
      if (!source.has(name)) return [{ ...at, field: name, expected, got: "nothing" }];
      const value = source.get(name);
      const fine = value === null ? nullable : parseValue(value) !== WRONG;
      return fine ? [] : [{ ...at, field: name, expected, got: shown(value) }];
    });
    const extra = [...source].filter(([name]) => !names.has(name));
    return [
      ...wrong,
      ...extra.map(([name, value]) => ({
        ...at,
        field: name,
        expected: "no such column",
        got: shown(value),
      })),
    ];
  }

  function rows(records: readonly unknown[]): Row[] {
    const parsed: Row[] = [];
    for (const record of records) {
      const row = rowOf(record);
      if (row === null) throw refusal(records, issuesOf);
      parsed.push(row);
    }
    return parsed;
  }

  return {
    fields: columns.map((column) => column.name),
    rows,
    values: (given) =>
      given.map((values, at) =>
        values.map((value, index) => {
          const parsed = parse(index, value);
          if (parsed !== WRONG) return parsed;
          const { name = "", expected = "" } = columns[index] ?? {};
          throw invalid([{ row: at, field: name, expected, got: shown(value) }], 1);
        }),
      ),
    unseen,
  };
}

function parserOf({ type, tensor }: SignatureInput): Parse {
  if (type !== "tensor" || tensor === undefined) return PARSERS[type];
  return (value) => (fitsTensor(value, tensor) ? new Structured(value) : WRONG);
}

function expectedOf({ type, tensor, nullable }: SignatureInput, takesNull: boolean): string {
  const shape = tensor?.shape.map((size) => (size === -1 ? "any" : size)).join(", ");
  const expected = tensor === undefined ? type : `a list of ${tensor.dtype} of the shape [${shape}]`;
  return nullable && takesNull ? `${expected} or null` : expected;
}

/** Of a model without a signature: a row is its record. */
const OPEN_CHECK: RecordCheck = {
  fields: [],
  rows: (records) =>
    records.map((record, row) => {
      if (typeof record === "object" && record !== null && !Array.isArray(record))
        return [new Structured(record)];
      throw invalid([{ row, field: "record", expected: "an object", got: shown(record) }], 1);
    }),
  values() {
    throw fail("BAD_REQUEST", {
      message: "the model was logged without a signature, so that its columns are not known",
      field: "inputs",
      help: "send records to /predict or /invocations, or log the model with a signature",
    });
  },
  unseen: [],
};

function refusal(
  records: readonly unknown[],
  issuesOf: (record: unknown, row: number | undefined) => Issue[],
) {
  const issues: Issue[] = [];
  let count = 0;
  for (const [index, record] of records.entries()) {
    const found = issuesOf(record, records.length > 1 ? index : undefined);
    count += found.length;
    issues.push(...found.slice(0, MOST_ISSUES - issues.length));
  }
  return invalid(issues, count);
}

function invalid(issues: readonly Issue[], count: number) {
  const [first] = issues;
  const said = issues.map(({ row, field, expected, got }) => {
    const where = row === undefined ? field : `row ${row}, ${field}`;
    return `${where}: expected ${expected}, got ${got}`;
  });
  const more = count > issues.length ? `; and ${count - issues.length} more` : "";
  return fail("INVALID_FIELD", {
    message: said.join("; ") + more,
    field: first?.field ?? "record",
    help: "send every column of the deployment's signature and no other; a missing value is null where it is allowed",
    issues,
  });
}

function shown(value: unknown): string {
  if (typeof value === "bigint") return `${value}`;
  const text = JSON.stringify(value) ?? String(value);
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}…` : text;
}
