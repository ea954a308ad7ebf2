import type { Column, ColumnType, Json } from "@causeway/contract";
import { type Duck, identifier, parquet } from "../tables/duck.ts";

/** Up to this many distinct values they are counted exactly. */
const EXACT_DISTINCT = 1_000;
/** Estimates may miss: columns that are put near the limit are counted, too. */
const COUNTED_BELOW = EXACT_DISTINCT * 1.1;
const TOP_VALUES = 10;
/** Characters of a text that a profile repeats. */
const SHOWN_TEXT = 200;
/** Up to this many rows the cost lies in the queries, so that many columns share one. */
const FEW_ROWS = 100_000;
const BATCH_COLUMNS = 100;

/** What SQL tells of a column: distinct and most frequent values, the range of what is no number. */
export interface ValueDescription {
  distinct: number;
  top: { value: string; count: number }[];
  min: string | null;
  max: string | null;
}

/** What is described: all rows of the files, and about how many distinct values each column has. */
export interface DescribedRows {
  paths: readonly string[];
  rows: number;
  estimates: ReadonlyMap<string, number>;
}

/** Describes the values of every column. */
export async function describeValues(
  duck: Duck,
  { paths, rows, estimates }: DescribedRows,
  schema: readonly Column[],
): Promise<Map<string, ValueDescription>> {
  const source = parquet(paths);
  const expressions = schema.flatMap(({ name, type }) => {
    const column = identifier(name);
    const ranged = type !== "integer" && type !== "double";
    return [
      ranged ? `left(${shown(`min(${column})`, type)}, ${SHOWN_TEXT})` : "null",
      ranged ? `left(${shown(`max(${column})`, type)}, ${SHOWN_TEXT})` : "null",
    ];
  });
  const [row = []] = await duck.rows(`select ${expressions.join(", ")} from ${source}`);
  const found = new Map<string, ValueDescription>();
  for (const [index, { name }] of schema.entries()) {
    found.set(name, {
      distinct: estimates.get(name) ?? 0,
      min: textOf(row[index * 2]),
      max: textOf(row[index * 2 + 1]),
      top: [],
    });
  }
  const few = schema.filter(({ name }) => (found.get(name)?.distinct ?? 0) <= COUNTED_BELOW);
  const counts = await (rows <= FEW_ROWS
    ? countTogether(duck, source, few)
    : countOneByOne(duck, source, few));
  for (const [name, counted] of counts) Object.assign(found.get(name) ?? {}, counted);
  // The most frequent of very many numbers and times say little; of texts they show odd ones.
  for (const { name, type } of schema) {
    const description = found.get(name);
    if (description === undefined || type !== "string" || counts.has(name)) continue;
    description.top = await mostFrequent(duck, source, identifier(name));
  }
  return found;
}

type Counted = Pick<ValueDescription, "distinct" | "top">;

async function countTogether(
  duck: Duck,
  source: string,
  columns: readonly Column[],
): Promise<Map<string, Counted>> {
  const counts = new Map<string, Counted>();
  for (let from = 0; from < columns.length; from += BATCH_COLUMNS) {
    const batch = columns.slice(from, from + BATCH_COLUMNS);
    const histograms = batch.flatMap(({ name, type }) => {
      const column = identifier(name);
      const histogram = `histogram(${type === "timestamp" ? shown(column, type) : column})`;
      return [`map_keys(${histogram})::varchar[]`, `map_values(${histogram})`];
    });
    const [row = []] = await duck.rows(`select ${histograms.join(", ")} from ${source}`);
    for (const [index, { name }] of batch.entries()) {
      // Two lists of one length, in order of the values; null where no row has one.
      const keys = (row[index * 2] ?? []) as string[];
      const numbers = (row[index * 2 + 1] ?? []) as string[];
      const top = keys
        .map((value, at) => ({ value: value.slice(0, SHOWN_TEXT), count: Number(numbers[at]) }))
        .sort((a, b) => b.count - a.count)
        .slice(0, TOP_VALUES);
      counts.set(name, { distinct: keys.length, top });
    }
  }
  return counts;
}

async function countOneByOne(
  duck: Duck,
  source: string,
  columns: readonly Column[],
): Promise<Map<string, Counted>> {
  const counts = new Map<string, Counted>();
  for (const { name, type } of columns) {
    const column = identifier(name);
    const rows = await duck.rows(
      `with counted as (select ${column} as v, count(*) as n from ${source} where ${column} is not null group by 1)
       select left(${shown("v", type)}, ${SHOWN_TEXT}), n, count(*) over () from counted order by n desc, v limit ${TOP_VALUES}`,
    );
    counts.set(name, { distinct: Number(rows[0]?.[2] ?? 0), top: rows.map(toTop) });
  }
  return counts;
}

/** Of very many texts, the likeliest are found by a sketch and then counted, so that the counts are right. */
async function mostFrequent(duck: Duck, source: string, column: string): Promise<ValueDescription["top"]> {
  await duck.run(
    `create or replace temp table likely as select unnest(approx_top_k(${column}, ${TOP_VALUES})) from ${source}`,
  );
  const rows = await duck.rows(
    `select left(v, ${SHOWN_TEXT}), n from (
       select ${column} as v, count(*) as n from ${source} where ${column} in (from likely) group by 1
     ) order by n desc, v limit ${TOP_VALUES}`,
  );
  return rows.map(toTop);
}

function toTop([value, count]: readonly Json[]): { value: string; count: number } {
  return { value: String(value), count: Number(count) };
}

function shown(value: string, type: ColumnType): string {
  return type === "timestamp" ? `strftime(${value}, '%Y-%m-%dT%H:%M:%S.%gZ')` : `${value}::varchar`;
}

function textOf(value: Json | undefined): string | null {
  return value === null || value === undefined ? null : String(value);
}
