import type { SearchField } from "@causeway/contract";
import { sql } from "kysely";
import type { FieldSql, FieldTable } from "../experiments/index.ts";
import { PROMPT_TAG } from "./prompt.ts";

/** Fields of the row `model` of registry_models. */
export const modelFields: FieldTable = ({ group, key }: SearchField): FieldSql | undefined => {
  if (group === "tag") return tagOf("model", key);
  if (group !== "attribute") return undefined;
  switch (key) {
    case "name":
      return { type: "text", sql: sql`model.name` };
    case "creation_timestamp":
      return { type: "time", sql: sql`model.created_at` };
    case "last_updated_timestamp":
      return { type: "time", sql: sql`model.updated_at` };
    default:
      return undefined;
  }
};

/** Fields of the row `version` of registry_versions. */
export const versionFields: FieldTable = ({ group, key }: SearchField): FieldSql | undefined => {
  if (group === "tag") return tagOf("version", key);
  if (group !== "attribute") return undefined;
  switch (key) {
    case "name":
      return { type: "text", sql: sql`version.model` };
    case "run_id":
      return { type: "text", sql: sql`version.run` };
    case "source_path":
      return { type: "text", sql: sql`version.source` };
    case "version_number":
      // Orders of numbers know NaN, which an integer has not.
      return { type: "number", sql: sql`version.version::double precision` };
    case "creation_timestamp":
      return { type: "time", sql: sql`version.created_at` };
    case "last_updated_timestamp":
      return { type: "time", sql: sql`version.updated_at` };
    default:
      return undefined;
  }
};

/** What is no prompt says nothing about it; clients ask for models by that tag being another than `true`. */
function tagOf(row: "model" | "version", key: string): FieldSql {
  const tags = sql.ref(`${row}.tags`);
  const value = sql`(${tags} ->> ${key})`;
  return { type: "text", sql: key === PROMPT_TAG ? sql`coalesce(${value}, 'false')` : value };
}
