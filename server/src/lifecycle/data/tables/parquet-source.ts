import { type ColumnType, fail } from "@causeway/contract";
import type { BadRowLog } from "../reading/bad-row-log.ts";
import { mismatchReason } from "../reading/column-reading.ts";
import { listed, refuseDuplicates, refuseUnknownColumns } from "../reading/header.ts";
import { PART_ROWS } from "../reading/piece-writer.ts";
import { type Duck, identifier, literal, parquet } from "./duck.ts";
import type { SourceColumn, SourcePart, TableSource } from "./table-source.ts";

/** A Parquet file with the name that the user knows it by. */
export interface ParquetFile {
  path: string;
  file: string;
}

interface Reading {
  name: string;
  type: ColumnType;
  /** The value before it is brought to its type. */
  source: string;
  /** The typed value. */
  expression: string;
  /** True where a value may not fit its type. */
  fallible: boolean;
}

const MARKERS = "('', 'NA', 'N/A', 'n/a', 'NULL', 'null', 'NaN', 'nan', 'None')";

/** Makes the source of one or more Parquet files with the same columns, their rows in order. */
export async function parquetSource(
  duck: Duck,
  files: readonly ParquetFile[],
  { given, badRows }: { given: Record<string, ColumnType>; badRows: BadRowLog },
): Promise<TableSource> {
  const first = files[0];
  if (first === undefined) throw new TypeError("a Parquet source needs a file");
  const described = await describe(duck, first);
  for (const other of files.slice(1)) {
    const names = (await describe(duck, other)).map(([name]) => name);
    if (names.join("\n") === described.map(([name]) => name).join("\n")) continue;
    throw fail("BAD_DATA", {
      message: `${other.file} has the columns ${listed(names)}, ${first.file} has ${listed(described.map(([name]) => name))}`,
      field: "file",
      value: other.file,
      help: "Files of one table have the same columns in the same order.",
    });
  }
  const names = described.map(([name]) => name);
  refuseDuplicates(names, first.file);
  refuseUnknownColumns(Object.keys(given), names, first.file);
  const readings = described.map(([name, type]) => readingOf({ name, type, file: first.file }, given[name]));
  const columns = await Promise.all(readings.map((reading) => countBlanks(duck, files, reading)));
  for (const file of files) await logBadRows(duck, file, { readings, badRows });
  const good = readings.filter(({ fallible }) => fallible).map(fits);
  return { columns, parts: await cutParts(duck, files, { readings, good }) };
}

async function describe(duck: Duck, { path, file }: ParquetFile): Promise<[name: string, type: string][]> {
  try {
    const rows = await duck.rows(`describe select * from ${parquet([path])}`);
    return rows.map(([name, type]) => [String(name), String(type)]);
  } catch (cause) {
    throw fail("BAD_DATA", {
      message: `${file} cannot be read as Parquet: ${cause instanceof Error ? cause.message.split("\n")[0]?.replaceAll(path, file) : cause}`,
      field: "file",
      value: file,
      help: "Copy or export it again, without encryption.",
      cause,
    });
  }
}

/** The type that values of a DuckDB type become, or undefined where there is none. */
function plainType(type: string): ColumnType | undefined {
  if (/^(TINYINT|SMALLINT|INTEGER|BIGINT|UTINYINT|USMALLINT|UINTEGER|UBIGINT|HUGEINT|UHUGEINT)$/.test(type))
    return "integer";
  const scale = /^DECIMAL\(\d+,(\d+)\)$/.exec(type)?.[1];
  if (scale !== undefined) return scale === "0" ? "integer" : "double";
  if (type === "FLOAT" || type === "DOUBLE") return "double";
  if (type === "BOOLEAN") return "boolean";
  if (type === "DATE") return "date";
  if (type.startsWith("TIMESTAMP")) return "timestamp";
  if (type === "BLOB" || type === "BIT" || type === "GEOMETRY") return undefined;
  return "string";
}

function readingOf(
  { name, type, file }: { name: string; type: string; file: string },
  given: ColumnType | undefined,
): Reading {
  const column = identifier(name);
  const plain = plainType(type);
  if (plain === undefined) {
    throw fail("BAD_DATA", {
      message: `${file}: column ${name} holds bytes (${type}), which no column type can hold`,
      field: "columns",
      value: name,
      help: "Leave the column out of the export, or write it as text (base64).",
    });
  }
  const nested = /(\[\d*\]|^STRUCT|^MAP|^UNION)/.test(type);
  const source = type === "TIMESTAMP WITH TIME ZONE" ? `(${column} at time zone 'UTC')` : column;
  const wanted = given ?? plain;
  if (wanted === plain && plain === "string") {
    const expression = nested ? `to_json(${column})::varchar` : `${column}::varchar`;
    return { name, type: wanted, source: column, expression, fallible: false };
  }
  if (wanted === "string")
    return { name, type: wanted, source, expression: `${source}::varchar`, fallible: false };
  const sql = {
    boolean: "boolean",
    integer: "bigint",
    double: "double",
    date: "date",
    timestamp: "timestamp",
  }[wanted];
  if (plain === "string") {
    const value = `trim(${column}::varchar)`;
    const expression = `try_cast(case when ${value} not in ${MARKERS} then ${value} end as ${sql})`;
    return { name, type: wanted, source: `nullif(${value}, '')`, expression, fallible: true };
  }
  const same = wanted === plain && !/^(UBIGINT|HUGEINT|UHUGEINT|DECIMAL\(\d+,0\))$/.test(type);
  // A fraction must not be rounded away without a word.
  const whole = wanted === "integer" && plain === "double";
  const cast = `try_cast(${source} as ${sql})`;
  return {
    name,
    type: wanted,
    source,
    expression: whole ? `case when ${source} = trunc(${source}) then ${cast} end` : cast,
    fallible: !same,
  };
}

/** True in SQL where the value of a row is missing or fits its type. */
function fits({ source, expression }: Reading): string {
  return `(${source} is null or ${source}::varchar in ${MARKERS} or (${expression}) is not null)`;
}

async function countBlanks(
  duck: Duck,
  files: readonly ParquetFile[],
  reading: Reading,
): Promise<SourceColumn> {
  const column = {
    name: reading.name,
    type: reading.type,
    blanks: 0,
    firstBlank: undefined,
    missing: undefined,
    markers: [],
  };
  if (!reading.fallible || !reading.source.startsWith("nullif")) return column;
  const [row = []] = await duck.rows(
    `select count(*), min(file_row_number) + 1 from ${parquet(
      files.map(({ path }) => path),
      ", file_row_number = true",
    )} where trim(${identifier(reading.name)}::varchar) in ${MARKERS}`,
  );
  const blanks = Number(row[0]);
  return { ...column, blanks, firstBlank: blanks === 0 ? undefined : Number(row[1]) };
}

/** Parquet has no lines: the number of the row stands for it, counted from 1. */
async function logBadRows(
  duck: Duck,
  { path, file }: ParquetFile,
  { readings, badRows }: { readings: Reading[]; badRows: BadRowLog },
): Promise<void> {
  const fallible = readings.filter((reading) => reading.fallible);
  if (fallible.length === 0) return;
  const misfits = fallible.map((reading) => `when not ${fits(reading)} then ${literal(reading.name)}`);
  const values = fallible.map(
    (reading) => `when not ${fits(reading)} then left(${reading.source}::varchar, 200)`,
  );
  const result = await duck.stream(
    `select file_row_number + 1, case ${misfits.join(" ")} end, case ${values.join(" ")} end, to_json({${readings.map(({ name }) => `${literal(name)}: ${identifier(name)}`).join(", ")}})::varchar
     from ${parquet([path], ", file_row_number = true")} where not (${fallible.map(fits).join(" and ")})
     order by file_row_number`,
  );
  for await (const rows of result.yieldRowsJson()) {
    for (const [line, column, value, text] of rows) {
      const reading = readings.find(({ name }) => name === column);
      badRows.add(
        {
          file,
          line: Number(line),
          column: String(column),
          value: value === null ? null : String(value),
          reason: mismatchReason(reading?.type ?? "string"),
        },
        String(text),
      );
    }
  }
}

/** Cuts the rows of all files, one after the other, into parts. */
async function cutParts(
  duck: Duck,
  files: readonly ParquetFile[],
  { readings, good }: { readings: Reading[]; good: string[] },
): Promise<SourcePart[]> {
  const columns = readings.map(({ name, expression }) => `${expression} as ${identifier(name)}`).join(", ");
  const parts: { selects: string[]; taken: number; rows: number }[] = [];
  for (const { path } of files) {
    const [counted = []] = await duck.rows(
      `select sum(num_rows)::bigint from parquet_file_metadata(${literal(path)})`,
    );
    const total = Number(counted[0] ?? 0);
    for (let from = 0; from < total; ) {
      const open = parts.at(-1);
      const part = open !== undefined && open.taken < PART_ROWS ? open : { selects: [], taken: 0, rows: 0 };
      if (part !== open) parts.push(part);
      const to = Math.min(total, from + PART_ROWS - part.taken);
      const filter = [`file_row_number >= ${from}`, `file_row_number < ${to}`, ...good].join(" and ");
      const rows = `from ${parquet([path], ", file_row_number = true")} where ${filter}`;
      if (good.length === 0) part.rows += to - from;
      else part.rows += Number((await duck.rows(`select count(*) ${rows}`))[0]?.[0]);
      part.selects.push(`select ${columns} ${rows}`);
      part.taken += to - from;
      from = to;
    }
  }
  return parts
    .filter(({ rows }) => rows > 0)
    .map(({ selects, rows }) => ({ select: selects.join(" union all "), rows, piece: undefined }));
}
