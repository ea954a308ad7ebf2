import type { Column, ColumnProfile, Profile } from "@causeway/contract";
import type { PartColumn } from "../../../platform/database/rows/data.ts";
import type { Duck } from "../tables/duck.ts";
import { describeValues } from "./describe-values.ts";
import { countDistinctTexts } from "./distinct-texts.ts";
import { createMoments, type Moments, mergeMoments } from "./moments.ts";
import { type NumericColumn, type NumericSummary, summarizeNumbers } from "./numeric-summary.ts";

/** A part as the profile needs it. */
export interface ProfiledPart {
  path: string;
  rows: number;
  columns: PartColumn[];
}

/**
 * Profiles a version: counts and moments merge exactly from those of its parts, the rest is read from the rows: histogram,
 * quantiles and sketches of distinct values from the vectors, top values and the range of texts by SQL.
 */
export async function profileVersion(
  duck: Duck,
  parts: readonly ProfiledPart[],
  schema: readonly Column[],
): Promise<Profile> {
  const paths = parts.map(({ path }) => path);
  const rows = parts.reduce((sum, part) => sum + part.rows, 0);
  const merged = schema.map(({ name }) => mergeParts(parts, name));
  const numeric: NumericColumn[] = schema.flatMap(({ name, type }, index) => {
    const moments = merged[index];
    if (moments === undefined || type === "string" || type === "boolean" || moments.finite === 0) return [];
    return [{ name, type, finite: moments.finite, min: moments.min, max: moments.max }];
  });
  const texts = schema.filter(({ type }) => type === "string").map(({ name }) => name);
  const [summaries, textCounts] = await lookTwice(duck, { paths, numeric, texts });
  const estimates = new Map([
    ...numeric.map(({ name }, index) => [name, summaries[index]?.distinct ?? 0] as const),
    ...texts.map((name, index) => [name, textCounts[index] ?? 0] as const),
  ]);
  const described = await describeValues(duck, { paths, rows, estimates }, schema);
  const summaryOf = new Map(numeric.map(({ name }, index) => [name, summaries[index]]));
  const columns = schema.map(({ name, type }, index): ColumnProfile => {
    const part = merged[index] ?? { ...createMoments(), count: 0, missing: 0 };
    const value = described.get(name) ?? { distinct: 0, top: [], min: null, max: null };
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
  return { rows, columns };
}

/** Numbers and texts are read at the same time: while one waits for rows, the other computes. */
async function lookTwice(
  duck: Duck,
  { paths, numeric, texts }: { paths: string[]; numeric: NumericColumn[]; texts: string[] },
): Promise<[NumericSummary[], number[]]> {
  const beside = await duck.fork();
  try {
    return await Promise.all([
      summarizeNumbers(duck, paths, numeric),
      countDistinctTexts(beside, paths, texts),
    ]);
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
