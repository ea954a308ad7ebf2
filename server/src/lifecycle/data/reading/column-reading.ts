import { type ColumnType, MISFIT_SENTENCES } from "@causeway/contract";
import { FIELD } from "./field-kind.ts";

/** Kinds that say how a value is written, not what it is. */
const MANNER = FIELD.spaced | FIELD.bit | FIELD.zoned;
const MISSING = FIELD.blank | FIELD.marker;

/** The narrowest type that every field of a column can be read as, from the union of their kinds. */
export function inferType(seen: number): ColumnType {
  const kinds = seen & ~MANNER & ~MISSING;
  switch (kinds) {
    case FIELD.integer:
      return "integer";
    case FIELD.double:
    case FIELD.double | FIELD.integer:
      return "double";
    case FIELD.boolean:
      return "boolean";
    case FIELD.date:
      return "date";
    case FIELD.timestamp:
    case FIELD.timestamp | FIELD.date:
      return "timestamp";
    default:
      return "string";
  }
}

const ACCEPTED: Record<ColumnType, number> = {
  boolean: FIELD.boolean | FIELD.bit,
  integer: FIELD.integer | FIELD.padded,
  double: FIELD.integer | FIELD.padded | FIELD.wide | FIELD.double,
  date: FIELD.date,
  timestamp: FIELD.date | FIELD.timestamp,
  string: ~0,
};

/** True when a field of this kind can stand in a column of that type. Blanks and markers can: they are missing values. */
export function acceptsKind(type: ColumnType, kind: number): boolean {
  return (kind & (ACCEPTED[type] | MISSING)) !== 0;
}

/** Why a value does not fit its column. */
export function mismatchReason(type: ColumnType): string {
  return MISFIT_SENTENCES[type];
}

/** DuckDB wants seconds before a distance from UTC. */
const MINUTES_WITH_ZONE = "^(.{10}.[0-9]{2}:[0-9]{2})([Z+-])";

/** How a column's text becomes its type in DuckDB. `text` is an SQL expression of type VARCHAR. */
export function castExpression(text: string, column: { type: ColumnType; seen: number }): string {
  const trimmed = (column.seen & FIELD.spaced) === 0 ? text : `trim(${text}, ' \t')`;
  switch (column.type) {
    case "boolean":
      return `try_cast(${trimmed} as boolean)`;
    case "integer":
      return `try_cast(${trimmed} as bigint)`;
    case "double":
      // The marker NaN is a missing value, yet a cast would make it the number NaN.
      return (column.seen & FIELD.marker) === 0
        ? `try_cast(${trimmed} as double)`
        : `nullif(try_cast(${trimmed} as double), 'NaN'::double)`;
    case "date":
      return `try_cast(${trimmed} as date)`;
    case "timestamp":
      // A cast to TIMESTAMP would drop the distance from UTC without a word.
      return (column.seen & FIELD.zoned) === 0
        ? `try_cast(${trimmed} as timestamp)`
        : `(try_cast(regexp_replace(${trimmed}, '${MINUTES_WITH_ZONE}', '\\1:00\\2') as timestamptz) at time zone 'UTC')`;
    case "string":
      return text;
    default:
      throw new TypeError(column.type satisfies never);
  }
}
