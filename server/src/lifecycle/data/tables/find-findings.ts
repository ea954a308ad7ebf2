import type { Finding, Json, Profile } from "@causeway/contract";
import {
  type BlankCondition,
  blankFinding,
  constantFinding,
  duplicateKeyFinding,
  missingKeyFinding,
} from "../findings.ts";
import { type Duck, identifier, literal, parquet } from "./duck.ts";
import type { SourceColumn } from "./table-source.ts";

/** Columns whose blanks are looked into. */
const EXPLAINED_COLUMNS = 10;
/** Fewer blanks than this have something in common by accident. */
const FEWEST_EXPLAINED = 3;
/** A condition explains blanks when at least this share of the rows that meet it are blank. */
const LEAST_SHARE = 0.5;
const CANDIDATES = 20;

/** Says what a reader of the blanks should know; the rows are those of the import alone. */
export async function findBlanks(
  duck: Duck,
  paths: readonly string[],
  columns: readonly SourceColumn[],
): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const [index, column] of columns.filter(({ blanks }) => blanks > 0).entries()) {
    const condition =
      index < EXPLAINED_COLUMNS && column.blanks >= FEWEST_EXPLAINED
        ? await explainBlanks(duck, paths, { column, columns })
        : undefined;
    findings.push(
      blankFinding({ column: column.name, rows: column.blanks, markers: column.markers, condition }),
    );
  }
  return findings;
}

/** Looks for one value of one other column that all blanks share and that few other rows have. */
async function explainBlanks(
  duck: Duck,
  paths: readonly string[],
  { column, columns }: { column: SourceColumn; columns: readonly SourceColumn[] },
): Promise<BlankCondition | undefined> {
  const source = parquet(paths);
  const others = columns.filter(({ name, type }) => name !== column.name && type !== "double");
  if (others.length === 0) return undefined;
  const blank = `${identifier(column.name)} is null`;
  const [row = []] = await duck.rows(
    `select ${others.map(({ name }) => sharedValue(identifier(name))).join(", ")} from ${source} where ${blank}`,
  );
  const candidates = others
    .map(({ name }, index) => ({ column: name, value: row[index] }))
    .filter((candidate): candidate is BlankCondition => typeof candidate.value === "string")
    .slice(0, CANDIDATES);
  if (candidates.length === 0) return undefined;
  const [totals = []] = await duck.rows(
    `select ${candidates.map(({ column: name, value }) => `count(*) filter (${identifier(name)}::varchar = ${literal(value)})`).join(", ")} from ${source}`,
  );
  const best = candidates
    .map((candidate, index) => ({ candidate, total: Number(totals[index]) }))
    .sort((a, b) => a.total - b.total)[0];
  if (best === undefined || column.blanks < best.total * LEAST_SHARE) return undefined;
  return best.candidate;
}

/** The one value that all rows have, as text, or null. */
function sharedValue(column: string): string {
  return `case when count(*) = count(${column}) and min(${column}) = max(${column}) then min(${column})::varchar end`;
}

/** Says which rows repeat a key or have none, over all parts of the version. */
export async function findKeyFaults(duck: Duck, paths: readonly string[], key: string): Promise<Finding[]> {
  const column = identifier(key);
  const [row = []] = await duck.rows(
    `select sum(n) - count(*), any_value(v) filter (n > 1), (select count(*) from ${parquet(paths)} where ${column} is null)
     from (select ${column}::varchar as v, count(*) as n from ${parquet(paths)} where ${column} is not null group by 1)`,
  );
  const [repeated, example, missing] = row as [Json, Json, Json]; // the three columns of the query
  return [
    ...(Number(repeated) > 0 ? [duplicateKeyFinding(key, Number(repeated), String(example))] : []),
    ...(Number(missing) > 0 ? [missingKeyFinding(key, Number(missing))] : []),
  ];
}

/** Says which columns hold the same value in every row. */
export function findConstants(profile: Profile): Finding[] {
  if (profile.rows < 2) return [];
  return profile.columns.flatMap(({ name, distinct, missing, top, min }) =>
    distinct === 1 && missing === 0
      ? [constantFinding(name, profile.rows, top[0]?.value ?? String(min))]
      : [],
  );
}
