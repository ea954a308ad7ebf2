import type { Comparison, Filter } from "@causeway/contract";
import { type RawBuilder, sql } from "kysely";
import { compare, compileFilter, noSearch } from "./filter-store.ts";
import {
  datasetColumn,
  HANGING,
  INDEXED_BYTES,
  piecesOf,
  runAttribute,
  runFields,
} from "./run-fields-store.ts";

/** Which runs a search is about: those of these experiments. */
export type Scope = { readonly experiments: readonly number[] };

/**
 * A filter as set algebra over keys of runs: each comparison is one range of an index, AND, OR and NOT are INTERSECT, UNION and
 * EXCEPT. It costs at most one look at every value of each name in the scope, whatever the planner believes of their numbers.
 */
export function compileKeySet(filter: Filter, scope: Scope): RawBuilder<unknown> {
  switch (filter.kind) {
    case "everything":
      return runsWhere(sql`true`, scope);
    case "comparison":
      return comparedKeys(filter, scope);
    case "not":
      return sql`(${runsWhere(sql`true`, scope)} except ${compileKeySet(filter.clause, scope)})`;
    case "or":
      return joined(filter.clauses, sql` union `, scope);
    case "and": {
      // What has an index narrows the set; the rest is asked of the runs that are left.
      const narrow = filter.clauses.filter(isNarrow);
      if (narrow.length === 0) return joined(filter.clauses, sql` intersect `, scope);
      const rest = filter.clauses.filter((clause) => !isNarrow(clause));
      const keys = joined(narrow, sql` intersect `, scope);
      if (rest.length === 0) return keys;
      const condition = compileFilter({ kind: "and", clauses: rest }, runFields);
      return sql`(select run.key from experiments_runs as run where run.key = any(array(${keys})) and ${condition})`;
    }
    default:
      return filter satisfies never;
  }
}

function joined(filters: readonly Filter[], by: RawBuilder<unknown>, scope: Scope): RawBuilder<unknown> {
  return sql`(${sql.join(
    filters.map((filter) => compileKeySet(filter, scope)),
    by,
  )})`;
}

/** Whether a filter is answered by ranges of an index alone. */
function isNarrow(filter: Filter): boolean {
  switch (filter.kind) {
    case "comparison":
      return filter.field.group !== "attribute" && filter.comparator !== "IS NULL";
    case "or":
    case "and":
      return filter.clauses.every(isNarrow);
    case "not":
    case "everything":
      return false;
    default:
      return filter satisfies never;
  }
}

function comparedKeys(comparison: Comparison, scope: Scope): RawBuilder<unknown> {
  const { group, key } = comparison.field;
  switch (group) {
    case "attribute": {
      const attribute = runAttribute(key);
      if (attribute === undefined) throw noSearch(comparison.field);
      return runsWhere(compare(comparison, attribute), scope);
    }
    case "dataset":
      return sql`(select used.run_key from experiments_run_datasets as used
        join experiments_datasets as dataset on dataset.id = used.dataset
        where dataset.experiment_key = any(${scope.experiments}::bigint[])
          and ${compare(comparison, { type: "text", sql: datasetColumn(key) })})`;
    case "param":
    case "tag":
    case "metric":
      return hangingKeys({ ...comparison, field: { group, key } }, scope);
    default:
      throw noSearch(comparison.field);
  }
}

type Hanging = Comparison & { field: { group: keyof typeof HANGING; key: string } };

function hangingKeys(comparison: Hanging, scope: Scope): RawBuilder<unknown> {
  const { comparator, value } = comparison;
  const { group, key } = comparison.field;
  const { table, value: column, type } = HANGING[group];
  const keysWhere = (condition: RawBuilder<unknown>) => sql`(select run_key from ${table}
    where experiment_key = any(${scope.experiments}::bigint[]) and name = ${key} and ${condition})`;
  if (comparator === "IS NULL") {
    const held = hangingKeys({ ...comparison, comparator: "IS NOT NULL" }, scope);
    return sql`(${runsWhere(sql`true`, scope)} except ${held})`;
  }
  const condition =
    comparator === "IS NOT NULL" ? sql`true` : sql`(${compare(comparison, { type, sql: column })})`;
  const isShort = comparator === "=" && Buffer.byteLength(String(value)) <= INDEXED_BYTES;
  const pieces = isShort ? piecesOf(group).slice(0, 1) : piecesOf(group);
  return sql`(${sql.join(
    pieces.map((piece) => keysWhere(sql`${piece} and ${condition}`)),
    sql` union all `,
  )})`;
}

function runsWhere(condition: RawBuilder<unknown>, { experiments }: Scope): RawBuilder<unknown> {
  return sql`(select run.key from experiments_runs as run
    where run.experiment_key = any(${experiments}::bigint[]) and ${condition})`;
}
