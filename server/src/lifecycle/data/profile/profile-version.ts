import type { Column, ColumnProfile, ColumnType, Json, Profile } from "@causeway/contract";
import type { PartColumn } from "../../../platform/database/rows/data.ts";
import { type Duck, identifier, parquet } from "../tables/duck.ts";
import { createMoments, type Moments, mergeMoments } from "./moments.ts";
import { type NumericColumn, summarizeNumbers } from "./numeric-summary.ts";

/** Up to this many distinct values they are counted exactly. */
const EXACT_DISTINCT = 1_000;
/** HyperLogLog may say less than there are: columns that it puts near the limit are counted, too. */
const COUNTED_BELOW = EXACT_DISTINCT * 1.2;
const TOP_VALUES = 10;
/** Characters of a text that a profile repeats. */
const SHOWN_TEXT = 200;

/** A part as the profile needs it. */
export interface ProfiledPart {
  path: string;
  rows: number;
  columns: PartColumn[];
}

/**
 * Profiles a version: counts and moments merge exactly from those of its parts, the rest is read from the rows. One look
 * in SQL (distinct and top values, range of texts) and one at the numbers (histogram, quantiles) run at the same time.
 */
export async function profileVersion(
  duck: Duck,
  parts: readonly ProfiledPart[],
  schema: readonly Column[],
): Promise<Profile> {
  const paths = parts.map(({ path }) => path);
  const merged = schema.map(({ name }) => mergeParts(parts, name));
  const numeric: NumericColumn[] = schema.flatMap(({ name, type }, index) => {
    const moments = merged[index];
    if (moments === undefined || type === "string" || type === "boolean" || moments.finite === 0) return [];
    return [{ name, type, finite: moments.finite, min: moments.min, max: moments.max }];
  });
  const beside = await duck.fork();
  try {
    const [summaries, texts] = await Promise.all([
      summarizeNumbers(duck, paths, numeric),
      describeValues(beside, paths, schema),
    ]);
    const summaryOf = new Map(numeric.map(({ name }, index) => [name, summaries[index]]));
    const columns = schema.map(({ name, type }, index): ColumnProfile => {
      const part = merged[index] ?? { ...createMoments(), count: 0, missing: 0 };
      const value = texts.get(name) ?? { distinct: 0, top: [], min: null, max: null };
      const summary = summaryOf.get(name);
      const measures = type === "integer" || type === "double";
      return {
        name,
        type,
        count: part.count,
        missing: part.missing,
        distinct: Math.min(value.distinct, part.count),
        min: measures ? (part.finite === 0 ? null : part.min) : value.min,
        max: measures ? (part.finite === 0 ? null : part.max) : value.max,
        mean: measures && part.finite > 0 ? part.mean : null,
        std: measures && part.finite > 1 ? Math.sqrt(part.m2 / (part.finite - 1)) : null,
        quantiles: measures ? (summary?.quantiles ?? []) : [],
        histogram: summary?.histogram ?? null,
        top: value.top,
      };
    });
    return { rows: parts.reduce((sum, { rows }) => sum + rows, 0), columns };
  } finally {
    beside.close();
  }
}

interface MergedColumn extends Moments {
  count: number;
  missing: number;
}

/** Counts and moments of a column over all parts, in their order. */
export function mergeParts(parts: readonly Pick<ProfiledPart, "columns">[], name: string): MergedColumn {
  const merged = { ...createMoments(), count: 0, missing: 0 };
  for (const { columns } of parts) {
    const part = columns.find((column) => column.name === name);
    if (part === undefined) continue;
    merged.count += part.count;
    merged.missing += part.missing;
    const { finite, mean, m2, min, max } = part;
    if (mean !== null && m2 !== null && min !== null && max !== null)
      mergeMoments(merged, { finite, mean, m2, min, max });
  }
  return merged;
}

interface ValueDescription {
  distinct: number;
  top: { value: string; count: number }[];
  min: string | null;
  max: string | null;
}

async function describeValues(
  duck: Duck,
  paths: readonly string[],
  schema: readonly Column[],
): Promise<Map<string, ValueDescription>> {
  const source = parquet(paths);
  const expressions = schema.flatMap(({ name, type }) => {
    const column = identifier(name);
    const ranged = type !== "integer" && type !== "double";
    return [
      `approx_count_distinct(${column})`,
      ranged ? `left(${text(column, type)("min")}, ${SHOWN_TEXT})` : "null",
      ranged ? `left(${text(column, type)("max")}, ${SHOWN_TEXT})` : "null",
    ];
  });
  const [row = []] = await duck.rows(`select ${expressions.join(", ")} from ${source}`);
  const found = new Map<string, ValueDescription>();
  for (const [index, { name }] of schema.entries()) {
    found.set(name, {
      distinct: Number(row[index * 3]),
      min: textOf(row[index * 3 + 1]),
      max: textOf(row[index * 3 + 2]),
      top: [],
    });
  }
  for (const { name, type } of schema) {
    const description = found.get(name);
    if (description === undefined) continue;
    const few = description.distinct <= COUNTED_BELOW;
    // The most frequent of very many values say little about numbers and times; of texts they show odd ones.
    if (!few && type !== "string") continue;
    const { distinct, top } = await countTop(duck, source, { name, type, few });
    if (distinct !== undefined) description.distinct = distinct;
    description.top = top;
  }
  return found;
}

const text = (column: string, type: ColumnType) => (which: "min" | "max") =>
  type === "timestamp"
    ? `strftime(${which}(${column}), '%Y-%m-%dT%H:%M:%S.%gZ')`
    : `${which}(${column})::varchar`;

async function countTop(
  duck: Duck,
  source: string,
  { name, type, few }: { name: string; type: ColumnType; few: boolean },
): Promise<{ distinct: number | undefined; top: { value: string; count: number }[] }> {
  const column = identifier(name);
  const counted = few
    ? `select ${column} as v, count(*) as n from ${source} where ${column} is not null group by 1`
    : await frequent(duck, source, column);
  const shown = type === "timestamp" ? "strftime(v, '%Y-%m-%dT%H:%M:%S.%gZ')" : "v::varchar";
  const rows = await duck.rows(
    `with counted as (${counted}) select left(${shown}, ${SHOWN_TEXT}), n, count(*) over () from counted
     order by n desc, v limit ${TOP_VALUES}`,
  );
  return {
    distinct: few ? Number(rows[0]?.[2] ?? 0) : undefined,
    top: rows.map(([value, count]) => ({ value: String(value), count: Number(count) })),
  };
}

/** Of very many texts, the likeliest are found by a sketch and then counted, so that the counts are right. */
async function frequent(duck: Duck, source: string, column: string): Promise<string> {
  const candidates = `select unnest(approx_top_k(${column}, ${TOP_VALUES})) from ${source}`;
  await duck.run(`create or replace temp table likely as ${candidates}`);
  return `select ${column} as v, count(*) as n from ${source} where ${column} in (from likely) group by 1`;
}

function textOf(value: Json | undefined): string | null {
  return value === null || value === undefined ? null : String(value);
}
