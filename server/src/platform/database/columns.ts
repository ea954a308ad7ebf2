import type { ColumnType, Generated } from "kysely";

export type { ColumnType, Generated };

/**
 * A `timestamptz(3)` column: read as a Date, written as a Date or ISO text. The precision of 3 matters: a Date holds
 * milliseconds, so a finer column would not equal its own value when a keyset page asks for what comes after it.
 */
export type Timestamp = ColumnType<Date, Date | string, Date | string>;

/** A `timestamptz(3)` column with a default; may be left out of an insert. */
export type GeneratedTimestamp = ColumnType<Date, Date | string | undefined, Date | string>;

/** A nullable `timestamptz(3)` column; may be left out of an insert. */
export type NullableTimestamp = ColumnType<
  Date | null,
  Date | string | null | undefined,
  Date | string | null
>;

/**
 * A `jsonb` column: read as its parsed value, written with `JSON.stringify`. The text form is asked for on purpose:
 * the driver would send an array as a PostgreSQL array.
 */
export type Json<T> = ColumnType<T, string, string>;

/** A `jsonb` column with a default; may be left out of an insert. */
export type GeneratedJson<T> = ColumnType<T, string | undefined, string>;

/** A nullable `jsonb` column; may be left out of an insert. */
export type NullableJson<T> = ColumnType<T | null, string | null | undefined, string | null>;
