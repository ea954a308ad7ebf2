import { type Filter, fail, parseOrder, printField, SearchError, type SearchField } from "@causeway/contract";
import { type RawBuilder, sql } from "kysely";
import type { Db } from "../../../platform/database/index.ts";
import { compileFilter, type FieldSql, type FieldTable, noSearch } from "./filter-store.ts";
import {
  isBehind,
  nullsLast,
  orderBy,
  type SortedRow,
  type SortKey,
  selectKeys,
  sortValues,
} from "./keyset-store.ts";
import type { SortValue } from "./page-token.ts";

/** A dataset that metrics were measured on; without a digest, any of the name. */
export type OnDataset = { readonly name: string; readonly digest?: string | undefined };

/** One term of an order of logged models: a metric may be of one dataset. */
export type ModelOrder = {
  readonly field: string;
  readonly ascending: boolean;
  readonly dataset?: OnDataset | undefined;
};

/** A search of logged models as the statement takes it. */
export type ModelQuery = {
  readonly project: string;
  /** Numbers of experiments. */
  readonly experiments: readonly number[];
  readonly filter: Filter;
  readonly datasets: readonly OnDataset[];
  readonly terms: readonly ModelOrder[];
  readonly limit: number;
  readonly after: readonly SortValue[] | undefined;
};

const NEWEST: SortKey = { sql: sql`model.created_at`, ascending: false, type: "time" };
const ID: SortKey = { sql: sql`model.id`, ascending: true, type: "text" };

/** The sort keys of logged models: what is asked for, then the newest first, then by id. */
export function modelKeys(terms: readonly ModelOrder[]): SortKey[] {
  const fields = terms.map(({ field }) => readField(field));
  const keys = terms.flatMap(({ ascending, dataset }, index) => {
    const field = fields[index];
    return field === undefined ? [] : keysOf(field, ascending, dataset);
  });
  const isGiven = (key: string) => fields.some((field) => field.group === "attribute" && field.key === key);
  return [...keys, ...(isGiven("creation_timestamp") ? [] : [NEWEST]), ...(isGiven("model_id") ? [] : [ID])];
}

function readField(text: string): SearchField {
  try {
    return parseOrder(text, { entity: "logged-models" }).field;
  } catch (cause) {
    if (!(cause instanceof SearchError)) throw cause;
    throw fail("INVALID_FIELD", {
      message: `models cannot be ordered by ${text}: ${cause.message}`,
      field: "orderBy",
      value: text,
      help: "Order by an attribute such as creation_timestamp, or by metrics.<name>.",
      cause,
    });
  }
}

function keysOf(field: SearchField, ascending: boolean, dataset: OnDataset | undefined): SortKey[] {
  if (field.group === "attribute") {
    const column = modelAttribute(field.key);
    if (column === undefined) throw noSearch(field);
    // Every model has an id and its times, and pages need them as they are.
    const isAlways = ["model_id", "name", "creation_timestamp", "last_updated_timestamp"].includes(field.key);
    const key = { sql: column.sql, ascending, type: column.type };
    return isAlways ? [key] : nullsLast(key);
  }
  if (field.group !== "metric") {
    throw fail("INVALID_FIELD", {
      message: `models are ordered by attributes and metrics alone, not by ${printField(field, "logged-models")}`,
      field: "orderBy",
      value: field.key,
      help: "Order by an attribute such as creation_timestamp, or by metrics.<name>.",
    });
  }
  const latest = sql`(select metric.value from experiments_model_metrics as metric
    where metric.model = model.id and metric.name = ${field.key} and ${isOn(dataset === undefined ? [] : [dataset])}
    order by metric.at_ms desc, metric.step desc, metric.run limit 1)`;
  return nullsLast({ sql: latest, ascending, type: "number" });
}

/** Statements that search logged models. */
export function loggedModelSearchStore(db: Db) {
  return {
    async find(query: ModelQuery) {
      const { filter, datasets, after } = query;
      const keys = modelKeys(query.terms);
      const measured =
        datasets.length === 0 || namesMetric(filter)
          ? sql`true`
          : sql`exists (select 1 from experiments_model_metrics as metric
              where metric.model = model.id and ${isOn(datasets)})`;
      const { rows } = await sql<SortedRow & { id: string }>`
        select model.id, ${selectKeys(keys)} from experiments_models as model
        join experiments_experiments as experiment on experiment.key = model.experiment_key
        where experiment.project = ${query.project} and experiment.number = any(${query.experiments}::integer[])
          and model.deleted_at is null and (${compileFilter(filter, modelFields(datasets))}) and ${measured}
          and ${after === undefined ? sql`true` : isBehind(keys, after)}
        order by ${orderBy(keys)} limit ${query.limit}`.execute(db);
      return rows.map((row) => ({ id: row.id, values: sortValues(keys, row) }));
    },
  };
}

function namesMetric(filter: Filter): boolean {
  switch (filter.kind) {
    case "comparison":
      return filter.field.group === "metric";
    case "and":
    case "or":
      return filter.clauses.some(namesMetric);
    case "not":
      return namesMetric(filter.clause);
    case "everything":
      return false;
    default:
      return filter satisfies never;
  }
}

/** Whether `metric` was measured on one of these; on anything when there are none. */
function isOn(datasets: readonly OnDataset[]): RawBuilder<unknown> {
  if (datasets.length === 0) return sql`true`;
  const each = datasets.map(({ name, digest }) =>
    digest === undefined
      ? sql`metric.dataset_name = ${name}`
      : sql`(metric.dataset_name = ${name} and metric.dataset_digest = ${digest})`,
  );
  return sql`(${sql.join(each, sql` or `)})`;
}

function modelFields(datasets: readonly OnDataset[]): FieldTable {
  return ({ group, key }) => {
    switch (group) {
      case "attribute":
        return modelAttribute(key);
      case "metric":
        return {
          type: "number",
          sql: sql`metric.value`,
          exists: (condition) => sql`exists (select 1 from experiments_model_metrics as metric
            where metric.model = model.id and metric.name = ${key} and ${isOn(datasets)} and ${condition})`,
        };
      case "param":
        return {
          type: "text",
          sql: sql`param.value`,
          exists: (condition) => sql`exists (select 1 from experiments_model_params as param
            where param.model = model.id and param.name = ${key} and ${condition})`,
        };
      case "tag":
        return {
          type: "text",
          sql: sql`tag.value`,
          exists: (condition) => sql`exists (select 1 from experiments_model_tags as tag
            where tag.model = model.id and tag.name = ${key} and ${condition})`,
        };
      default:
        return undefined;
    }
  };
}

function modelAttribute(key: string): FieldSql | undefined {
  switch (key) {
    case "name":
      return { type: "text", sql: sql`model.name` };
    case "model_id":
      return { type: "text", sql: sql`model.id` };
    case "model_type":
      return { type: "text", sql: sql`model.model_type` };
    case "source_run_id":
      return { type: "text", sql: sql`model.source_run` };
    case "status":
      return {
        type: "text",
        sql: sql`replace(upper(model.status), '-', '_')`,
        read: (text) => text.toUpperCase().replace(/^LOGGED_MODEL_/, ""),
      };
    case "creation_timestamp":
      return { type: "time", sql: sql`model.created_at` };
    case "last_updated_timestamp":
      return { type: "time", sql: sql`model.updated_at` };
    default:
      return undefined;
  }
}
