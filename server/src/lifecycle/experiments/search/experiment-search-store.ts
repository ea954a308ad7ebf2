import type { Filter, Order, SearchField } from "@causeway/contract";
import { type RawBuilder, sql } from "kysely";
import type { Db } from "../../../platform/database/index.ts";
import type { LifeView } from "../tracking.ts";
import { compileFilter, type FieldSql, noSearch } from "./filter-store.ts";
import { isBehind, orderBy, type SortedRow, type SortKey, selectKeys, sortValues } from "./keyset-store.ts";
import type { SortValue } from "./page-token.ts";

/** A search of experiments as the statement takes it. */
export type ExperimentQuery = {
  readonly project: string;
  readonly filter: Filter;
  readonly terms: readonly Order[];
  readonly view: LifeView;
  readonly limit: number;
  readonly after: readonly SortValue[] | undefined;
};

const NUMBER: SortKey = { sql: sql`experiment.number`, ascending: false, type: "number" };
const NEWEST: SortKey = { sql: sql`experiment.created_at`, ascending: false, type: "time" };

/** The sort keys of experiments: the newest first, or what is asked for; then by number. */
export function experimentKeys(terms: readonly Order[]): SortKey[] {
  if (terms.length === 0) return [NEWEST, { ...NUMBER, ascending: true }];
  const keys = terms.map(({ field, ascending }): SortKey => {
    const column = experimentField(field);
    if (field.group !== "attribute" || column === undefined) throw noSearch(field);
    return field.key === "experiment_id"
      ? { ...NUMBER, ascending }
      : { sql: column.sql, type: column.type, ascending };
  });
  const isGiven = terms.some(({ field }) => field.key === "experiment_id");
  return isGiven ? keys : [...keys, NUMBER];
}

/** Statements that search experiments. */
export function experimentSearchStore(db: Db) {
  return {
    async find({ project, filter, terms, view, limit, after }: ExperimentQuery) {
      const keys = experimentKeys(terms);
      const { rows } = await sql<SortedRow & { key: number }>`
        select experiment.key, ${selectKeys(keys)} from experiments_experiments as experiment
        where experiment.project = ${project} and ${inView(view, sql`experiment.deleted_at`)}
          and (${compileFilter(filter, experimentField)})
          and ${after === undefined ? sql`true` : isBehind(keys, after)}
        order by ${orderBy(keys)} limit ${limit}`.execute(db);
      return rows.map((row) => ({ key: row.key, values: sortValues(keys, row) }));
    },
  };
}

/** Whether a row is in a view of the living and the deleted. */
export function inView(view: LifeView, deletedAt: RawBuilder<unknown>): RawBuilder<unknown> {
  switch (view) {
    case "active":
      return sql`${deletedAt} is null`;
    case "deleted":
      return sql`${deletedAt} is not null`;
    case "all":
      return sql`true`;
    default:
      return view satisfies never;
  }
}

function experimentField({ group, key }: SearchField): FieldSql | undefined {
  if (group === "tag") {
    const exists = (condition: RawBuilder<unknown>) =>
      sql`exists (select 1 from experiments_experiment_tags as tag
        where tag.experiment_key = experiment.key and tag.name = ${key} and ${condition})`;
    return { type: "text", sql: sql`tag.value`, exists };
  }
  if (group !== "attribute") return undefined;
  switch (key) {
    case "name":
      return { type: "text", sql: sql`experiment.name` };
    case "experiment_id":
      return { type: "text", sql: sql`experiment.number::text` };
    case "creation_time":
      return { type: "time", sql: sql`experiment.created_at` };
    case "last_update_time":
      return { type: "time", sql: sql`experiment.updated_at` };
    default:
      return undefined;
  }
}
