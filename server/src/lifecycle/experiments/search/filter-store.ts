import { type Comparator, type Comparison, type Filter, fail, type SearchField } from "@causeway/contract";
import { type RawBuilder, sql } from "kysely";

/** What a field is in the database. `time` is a `timestamptz` that is asked with milliseconds since 1970. */
export type FieldSql = {
  readonly type: "text" | "number" | "time";
  /** The value: of the row itself, or of rows that hang on it. */
  readonly sql: RawBuilder<unknown>;
  /** Where the value is of rows that hang on it: whether one of them fulfils a condition on `sql`. */
  readonly exists?: (condition: RawBuilder<unknown>) => RawBuilder<unknown>;
  /** What a text of a filter means for the column. */
  readonly read?: (text: string) => string;
};

/** The fields of a table; undefined for one that cannot be searched. `value` is what a field of either kind is compared with. */
export type FieldTable = (field: SearchField, value?: Comparison["value"]) => FieldSql | undefined;

/**
 * A filter as a condition of SQL. A comparison with what is not there is not true, whatever its comparator; NOT makes true of
 * all that is not true.
 */
export function compileFilter(filter: Filter, fields: FieldTable): RawBuilder<unknown> {
  switch (filter.kind) {
    case "everything":
      return sql`true`;
    case "comparison":
      return compileComparison(filter, fields);
    case "not":
      return sql`((${compileFilter(filter.clause, fields)}) is not true)`;
    case "and":
    case "or": {
      const clauses = filter.clauses.map((clause) => compileFilter(clause, fields));
      return sql`(${sql.join(clauses, filter.kind === "and" ? sql` and ` : sql` or `)})`;
    }
    default:
      return filter satisfies never;
  }
}

function compileComparison(comparison: Comparison, fields: FieldTable): RawBuilder<unknown> {
  const field = fields(comparison.field, comparison.value);
  if (field === undefined) throw noSearch(comparison.field);
  const { comparator } = comparison;
  if (field.exists === undefined) return sql`(${compare(comparison, field)})`;
  if (comparator === "IS NULL") return sql`((${field.exists(sql`true`)}) is not true)`;
  if (comparator === "IS NOT NULL") return field.exists(sql`true`);
  return field.exists(compare(comparison, field));
}

/** The refusal of a field that the grammar knows and the table does not. */
export function noSearch({ group, key }: SearchField) {
  return fail("INVALID_FIELD", {
    message: `${group} ${key} cannot be searched here`,
    field: "filter",
    value: key,
    help: "The fields are in the guide: docs/guide/experiments.md",
  });
}

/** The comparison as a condition on the field's value. */
export function compare(
  comparison: Pick<Comparison, "comparator" | "value">,
  field: FieldSql,
): RawBuilder<unknown> {
  const { comparator, value } = comparison;
  if (comparator === "IS NULL") return sql`${field.sql} is null`;
  if (comparator === "IS NOT NULL") return sql`${field.sql} is not null`;
  if (typeof value === "number") {
    return field.type === "time"
      ? compareTime(comparator, field.sql, value)
      : compareNumber(comparator, field.sql, value);
  }
  const read = field.read ?? ((text: string) => text);
  if (typeof value === "string") return compareText(comparator, field.sql, read(value));
  const list = (value ?? []).map(read);
  return comparator === "NOT IN"
    ? sql`${field.sql} <> all(${list}::text[])`
    : sql`${field.sql} = any(${list}::text[])`;
}

const SIGNS = {
  "=": sql`=`,
  "!=": sql`<>`,
  ">": sql`>`,
  ">=": sql`>=`,
  "<": sql`<`,
  "<=": sql`<=`,
} as const;

function signOf(comparator: Comparator): RawBuilder<unknown> {
  // Parsing has refused all others for numbers.
  return SIGNS[comparator as keyof typeof SIGNS];
}

/** NaN is above every number for the database and fulfils nothing but != for its readers. */
function compareNumber(
  comparator: Comparator,
  left: RawBuilder<unknown>,
  value: number,
): RawBuilder<unknown> {
  const condition = sql`${left} ${signOf(comparator)} ${String(value)}::double precision`;
  const isUpward = comparator === ">" || comparator === ">=";
  return isUpward ? sql`${condition} and ${left} <= 'Infinity'::double precision` : condition;
}

const EARLIEST_MS = Date.UTC(-4000, 0, 1);
const LATEST_MS = Date.UTC(200_000, 0, 1);

/** No row is as early or late as the limits: beyond them every comparison has the answer of the limit. */
function compareTime(comparator: Comparator, left: RawBuilder<unknown>, ms: number): RawBuilder<unknown> {
  const within = Number.isNaN(ms) ? LATEST_MS : Math.min(Math.max(ms, EARLIEST_MS), LATEST_MS);
  const whole = Math.floor(within);
  // Rows hold whole milliseconds: any fraction of one lies between the same two.
  const fraction = whole === within ? sql`` : sql` + interval '0.5 ms'`;
  return sql`${left} ${signOf(comparator)} (to_timestamp(${whole / 1000}::double precision)::timestamptz(3)${fraction})`;
}

function compareText(comparator: Comparator, left: RawBuilder<unknown>, text: string): RawBuilder<unknown> {
  switch (comparator) {
    case "LIKE":
      return sql`${left} like ${toPattern(text)}`;
    case "ILIKE":
      return sql`${left} ilike ${toPattern(text)}`;
    case "RLIKE":
      return sql`${left} ~ ${text}`;
    default:
      return sql`${left} ${signOf(comparator)} ${text}`;
  }
}

/** A backslash before `%`, `_` or another escapes it; any other backslash is one. */
function toPattern(text: string): string {
  return text.replace(/\\([%_\\])|\\/g, (whole, escaped?: string) =>
    escaped === undefined ? "\\\\" : whole,
  );
}
