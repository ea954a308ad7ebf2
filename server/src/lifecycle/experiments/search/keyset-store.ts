import { type RawBuilder, sql } from "kysely";
import type { SortValue } from "./page-token.ts";

/** One thing that rows are sorted by; its expression is never null. */
export type SortKey = {
  readonly sql: RawBuilder<unknown>;
  readonly ascending: boolean;
  readonly type: "text" | "number" | "time";
};

/** A sorted row: its sort keys as `k0`, `k1`, … */
export type SortedRow = Readonly<Record<`k${number}`, string | number | Date>>;

/** The sort keys of a value that may be missing, and for a metric NaN: numbers, then NaN, then nothing. */
export function nullsLast(key: SortKey): SortKey[] {
  const { sql: value, ascending, type } = key;
  const rank = (ranked: RawBuilder<unknown>): SortKey => ({ sql: ranked, ascending: true, type: "number" });
  switch (type) {
    case "number":
      return [
        rank(sql`(case when ${value} is null then 2 when ${value} = 'NaN' then 1 else 0 end)`),
        { ascending, type, sql: sql`coalesce(nullif(${value}, 'NaN'), 0)` },
      ];
    case "time":
      return [
        rank(sql`(case when ${value} is null then 1 else 0 end)`),
        { ascending, type, sql: sql`coalesce(${value}, 'epoch')` },
      ];
    case "text":
      return [
        rank(sql`(case when ${value} is null then 1 else 0 end)`),
        { ascending, type, sql: sql`coalesce(${value}, '')` },
      ];
    default:
      return type satisfies never;
  }
}

/** The list behind `order by`. Text is sorted by code points, whatever the database's own way. */
export function orderBy(keys: readonly SortKey[]): RawBuilder<unknown> {
  return sql.join(
    keys.map((key) => sql`${sorted(key)} ${key.ascending ? sql`asc` : sql`desc`}`),
    sql`, `,
  );
}

/** The sort keys among what is selected. */
export function selectKeys(keys: readonly SortKey[]): RawBuilder<unknown> {
  return sql.join(
    keys.map((key, index) => sql`${key.sql} as ${sql.ref(`k${index}`)}`),
    sql`, `,
  );
}

/** Whether a row comes behind the one with these values. */
export function isBehind(keys: readonly SortKey[], values: readonly SortValue[]): RawBuilder<unknown> {
  let condition: RawBuilder<unknown> = sql`false`;
  for (let index = keys.length - 1; index >= 0; index -= 1) {
    const key = keys[index];
    const value = values[index];
    if (key === undefined || value === undefined) continue;
    const at = bound(key, value);
    const further = sql`${sorted(key)} ${key.ascending ? sql`>` : sql`<`} ${at}`;
    condition = sql`(${further} or (${sorted(key)} = ${at} and ${condition}))`;
  }
  return condition;
}

/** A value of a sort key as the database reads it. */
export function bound({ type }: Pick<SortKey, "type">, value: SortValue): RawBuilder<unknown> {
  switch (type) {
    case "number":
      return sql`${String(value)}::double precision`;
    case "time":
      return sql`${value}::timestamptz`;
    case "text":
      return sql`${value}::text`;
    default:
      return type satisfies never;
  }
}

/** What a token carries of a row. */
export function sortValues(keys: readonly SortKey[], row: SortedRow): SortValue[] {
  return keys.map((_, index) => {
    const value = row[`k${index}`];
    if (value instanceof Date) return value.toISOString();
    if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
    return value ?? "";
  });
}

function sorted({ sql: value, type }: SortKey): RawBuilder<unknown> {
  return type === "text" ? sql`(${value} collate "C")` : value;
}
