import type { Filter, Order } from "@causeway/contract";
import { type Selectable, sql } from "kysely";
import type { Db, Schema } from "../../platform/database/index.ts";
import {
  compileFilter,
  type FieldTable,
  isBehind,
  nullsLast,
  orderBy,
  type SortedRow,
  type SortKey,
  type SortValue,
  selectKeys,
  sortValues,
} from "../experiments/index.ts";
import { modelFields, versionFields } from "./registry-fields-store.ts";
import { modelOf, type StoredModel, type StoredVersion, versionOf } from "./registry-store.ts";

/** A search as the statements take it. */
export type RegistryQuery = {
  readonly project: string;
  readonly filter: Filter;
  readonly orders: readonly Order[];
  readonly limit: number;
  readonly keys: readonly SortKey[];
  /** The sort keys of the row behind which to go on. */
  readonly after: readonly SortValue[] | undefined;
};

/** A row that was found, and what a token carries to go on behind it. */
export type FoundRow<Row> = { readonly row: Row; readonly values: readonly SortValue[] };

/** What models are sorted by: the terms of the order, then their names. */
export function modelKeys(orders: readonly Order[]): SortKey[] {
  return [...keysOf(orders, modelFields), { sql: sql`model.name`, ascending: true, type: "text" }];
}

/** What versions are sorted by: the terms of the order, then their models' names, the newest first. */
export function versionKeys(orders: readonly Order[]): SortKey[] {
  return [
    ...keysOf(orders, versionFields),
    { sql: sql`version.model`, ascending: true, type: "text" },
    { sql: sql`version.version`, ascending: false, type: "number" },
  ];
}

/** Statements that search models and versions. */
export function registrySearchStore(db: Db) {
  return {
    async findModels(query: RegistryQuery): Promise<FoundRow<StoredModel>[]> {
      const { keys, after } = query;
      const behind = after === undefined ? sql`true` : isBehind(keys, after);
      const { rows } = await sql<Selectable<Schema["registry_models"]> & SortedRow>`
        select model.*, ${selectKeys(keys)} from registry_models as model
        where model.project = ${query.project} and (${compileFilter(query.filter, modelFields)}) and ${behind}
        order by ${orderBy(keys)} limit ${query.limit}`.execute(db);
      return rows.map((row) => ({ row: modelOf(row), values: sortValues(keys, row) }));
    },

    async findVersions(query: RegistryQuery): Promise<FoundRow<StoredVersion>[]> {
      const { keys, after } = query;
      const behind = after === undefined ? sql`true` : isBehind(keys, after);
      const { rows } = await sql<Selectable<Schema["registry_versions"]> & SortedRow>`
        select version.*, ${selectKeys(keys)} from registry_versions as version
        where version.project = ${query.project} and version.deleted_at is null
          and (${compileFilter(query.filter, versionFields)}) and ${behind}
        order by ${orderBy(keys)} limit ${query.limit}`.execute(db);
      return rows.map((row) => ({ row: versionOf(row), values: sortValues(keys, row) }));
    },

    /** The newest version of each registry stage of some models. */
    async listNewestOfStages(project: string, models: readonly string[]): Promise<StoredVersion[]> {
      if (models.length === 0) return [];
      const rows = await db
        .selectFrom("registry_versions")
        .selectAll()
        .distinctOn(["model", "stage"])
        .where("project", "=", project)
        .where("model", "in", models)
        .where("deleted_at", "is", null)
        .orderBy("model")
        .orderBy("stage")
        .orderBy("version", "desc")
        .execute();
      return rows.map(versionOf);
    },

    /** A version of these very files; undefined where none of the project has them. */
    async findByDigest(project: string, digest: string): Promise<StoredVersion | undefined> {
      const row = await db
        .selectFrom("registry_versions")
        .selectAll()
        .where("project", "=", project)
        .where("digest", "=", digest)
        .where("deleted_at", "is", null)
        .limit(1)
        .executeTakeFirst();
      return row === undefined ? undefined : versionOf(row);
    },
  };
}

function keysOf(orders: readonly Order[], fields: FieldTable): SortKey[] {
  return orders.flatMap(({ field, ascending }) => {
    const found = fields(field);
    return found === undefined ? [] : nullsLast({ sql: found.sql, ascending, type: found.type });
  });
}
