import { literal, parquet } from "../../data/index.ts";

/** Columns of a logged prediction and their types in a spool's JSON lines. */
const SPOOL_COLUMNS = {
  id: "VARCHAR",
  project: "VARCHAR",
  environment: "VARCHAR",
  deployment: "VARCHAR",
  revision: "INTEGER",
  model: "VARCHAR",
  version: "INTEGER",
  occurredAt: "TIMESTAMP",
  receivedAt: "TIMESTAMP",
  latencyMs: "DOUBLE",
  record: "JSON",
  prediction: "JSON",
  gateway: "VARCHAR",
} as const;

/** The columns in the order in which they are kept and read. */
export const LOG_COLUMNS = Object.keys(SPOOL_COLUMNS)
  .map((name) => `"${name}"`)
  .join(", ");

/**
 * A table of the rows of spool files. A line that a killed gateway or a full disk left torn, or that is being written just
 * now, is none: it was never acknowledged.
 */
export function spoolTable(paths: readonly string[]): string {
  const columns = Object.entries(SPOOL_COLUMNS).map(([name, type]) => `${literal(name)}: ${literal(type)}`);
  const files = paths.map(literal).join(", ");
  const rows = `read_json([${files}], format = 'newline_delimited', ignore_errors = true, columns = {${columns.join(", ")}})`;
  return `(select ${LOG_COLUMNS} from ${rows} where id is not null and deployment is not null)`;
}

/** A table of the rows of compacted files. */
export function parquetTable(paths: readonly string[]): string {
  return `(select ${LOG_COLUMNS} from ${parquet(paths)})`;
}
