import type { TruthColumns } from "@causeway/contract";
import { identifier, literal } from "../../data/index.ts";
import { timestamp } from "./log-tables.ts";

const ROW_ID = "^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}(\\.[0-9]{1,9})?$";
/** Classes named in a refusal. */
const MOST_NAMED = 20;

/**
 * Makes the table `given` of a file's lines: n is the line that a reader of the file sees, name the id or key, `at` what was
 * said of the time, given_at that time or now.
 */
export function givenTable(given: {
  readonly table: string;
  readonly format: "csv" | "jsonl" | "parquet";
  readonly columns: TruthColumns;
  readonly now: string;
}): string {
  const { table, format, columns, now } = given;
  const name = columns.predictionId ?? columns.key ?? "";
  const header = format === "csv" ? 1 : 0;
  const at = columns.occurredAt === undefined ? "null" : `${identifier(columns.occurredAt)}::varchar`;
  return `create table given as select *, coalesce(try_cast("at" as timestamptz) at time zone 'UTC', ${timestamp(now)}) as given_at,
      coalesce(regexp_matches(name, ${literal(ROW_ID)}), false) as is_id,
      try_cast('0x' || substr(name, 1, 8) || substr(name, 10, 4) as bigint) as requested_ms
    from (select row_number() over () + ${header} as n, trim(${identifier(name)}::varchar) as name,
      nullif(${identifier(columns.value)}::varchar, '') as value, ${at} as "at" from ${table})`;
}

/** The columns field, bad and reason of what is wrong with a line: null where nothing is. */
export function badColumns(columns: TruthColumns): string {
  const name = columns.predictionId ?? columns.key ?? "";
  const byId = columns.predictionId !== undefined;
  const unknown = byId
    ? "'the log has no such prediction'"
    : "'no prediction with this key occurred before the truth'";
  const wrong = [
    ["name is null", name, "name", "'empty'"],
    ...(byId ? [["not is_id", name, "name", "'not the id of a prediction'"]] : []),
    ["found > 1", name, "name", "'the request has ' || found || ' rows: name one, <id>.<row>'"],
    ["id is null and not held", name, "name", unknown],
    ["value is null", columns.value, "value", "'empty'"],
    [
      "task = 'classification' and not list_contains(classes, value)",
      columns.value,
      "value",
      `'not one of the classes ' || array_to_string(classes[1:${MOST_NAMED}], ', ')`,
    ],
    [
      "task = 'regression' and not coalesce(isfinite(try_cast(value as double)), false)",
      columns.value,
      "value",
      "'not a number'",
    ],
    ...(columns.occurredAt === undefined
      ? []
      : [
          [
            `"at" is null or try_cast("at" as timestamptz) is null`,
            columns.occurredAt,
            `"at"`,
            "'not a time such as 2026-01-31T09:30:00Z'",
          ],
        ]),
  ];
  const pick = (place: 1 | 2 | 3) =>
    wrong
      .map((one) => `when ${one[0]} then ${place === 1 ? literal(one[1] ?? "") : (one[place] ?? "null")}`)
      .join(" ");
  return `case ${pick(1)} end as field, case ${pick(2)} end as bad, case ${pick(3)} end as reason`;
}

/** Rows of one statement of the database. */
export const CHUNK_ROWS = 20_000;

/**
 * A chunk of `newest`, which lies in the order of event time: JSON of PostgreSQL's array texts, so that the worker only
 * hands them on.
 */
export function matchedChunk(chunk: number): string {
  // One thread reads the rows in one order for all of the texts.
  const array = (expression: string) => `'{' || string_agg(${expression}, ',') || '}'`;
  // In an array's text an element in quotes writes quotes and backslashes with a backslash before them.
  const quoted = `'"' || replace(replace(value_text, '\\', '\\\\'), '"', '\\"') || '"'`;
  const time = (column: string) => `'"' || strftime(${column}, '%Y-%m-%d %H:%M:%S.%gZ') || '"'`;
  return `select to_json({rowCount: count(*), requests: ${array("request::varchar")}, rows: ${array("row::varchar")},
      values: ${array(quoted)}, occurredAt: ${array(time("given_at"))},
      timed: ${array("case when timed then 't' else 'f' end")}, predictedAt: ${array(time("predicted_at"))},
      versions: ${array("version::varchar")}})::varchar
    from newest where rowid >= ${chunk * CHUNK_ROWS} and rowid < ${(chunk + 1) * CHUNK_ROWS}`;
}

/** Least and greatest event time, in ms, of each hour that `newest` touches. */
export function hourSpans(): string {
  return `select epoch_ms(min(predicted_at))::double, epoch_ms(max(predicted_at))::double from newest
    group by epoch_ms(predicted_at) // 3600000 order by 1`;
}
