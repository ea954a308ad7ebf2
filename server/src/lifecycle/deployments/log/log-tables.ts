import type { FieldType } from "@causeway/contract";
import { identifier, literal, parquet } from "../../data/index.ts";
import type { LogFile, LogSources } from "./log-sources.ts";

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
  key: "VARCHAR",
  record: "JSON",
  prediction: "JSON",
  gateway: "VARCHAR",
} as const;

/** The columns in the order in which they are kept and read. */
export const LOG_COLUMNS = Object.keys(SPOOL_COLUMNS).map(identifier).join(", ");

/** Files that were made before keys were logged. */
const LOG_COLUMNS_WITHOUT_KEY = LOG_COLUMNS.replace('"key"', 'null::varchar as "key"');

const EMPTY_LOG = `select ${Object.entries(SPOOL_COLUMNS)
  .map(([name, type]) => `null::${type} as ${identifier(name)}`)
  .join(", ")} where false`;

/** What a row is named and timed by, without what was asked and answered. */
const FACT_COLUMNS = '"id", "revision", "version", "occurredAt", "receivedAt", "latencyMs", "key"';

const INPUT_TYPES = {
  boolean: "BOOLEAN",
  integer: "BIGINT",
  double: "DOUBLE",
  string: "VARCHAR",
  tensor: "JSON",
  json: "JSON",
} as const;

/** A model input, as its signature describes it. */
export type InputColumn = { readonly name: string; readonly type: FieldType };

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

/** Tables of the rows of compacted files. */
export function parquetTables(files: readonly LogFile[]): string[] {
  const paths = (chosen: readonly LogFile[]) => parquet(chosen.map(({ path }) => path));
  const old = files.filter(({ columns }) => columns === null);
  const keyed = files.filter(({ columns }) => columns !== null);
  return [
    ...(old.length === 0 ? [] : [`(select ${LOG_COLUMNS_WITHOUT_KEY} from ${paths(old)})`]),
    ...(keyed.length === 0 ? [] : [`(select ${LOG_COLUMNS} from ${paths(keyed)})`]),
  ];
}

/** The relation of every row of the sources, with the columns of the log; `occurredAt` is a TIMESTAMP in UTC. */
export function logTable(sources: LogSources): string {
  return unionOf(
    [...(sources.spool.length === 0 ? [] : [spoolTable(sources.spool)]), ...parquetTables(sources.files)].map(
      (table) => `select ${LOG_COLUMNS} from ${table} where ${conditionsOf(sources)}`,
    ),
    EMPTY_LOG,
  );
}

/** The name of a model input's column in `logColumns` and in compacted files: inputs may be called as the log's own columns. */
export function inputColumn(name: string): string {
  return `input.${name}`;
}

/**
 * The relation of every row of the sources with one typed column per model input, named by `inputColumn`, and what was
 * answered: `predicted` as text and `scores` as a MAP from class to score. Files that hold typed columns are read without
 * looking at any JSON. A value that does not fit its type is null.
 */
export function logColumns(sources: LogSources, inputs: readonly InputColumn[]): string {
  const holds = ({ columns }: LogFile) =>
    columns !== null && inputs.every(({ name }) => columns.includes(name));
  const typed = sources.files.filter(holds);
  const rest = logTable({ ...sources, files: sources.files.filter((file) => !holds(file)) });
  const own = inputs.map(({ name, type }) => {
    const column = identifier(inputColumn(name));
    return `, try_cast(${column} as ${INPUT_TYPES[type]}) as ${column}`;
  });
  const fields = typedFields(inputs).map((field) => `, ${field}`);
  return unionOf([
    ...(typed.length === 0
      ? []
      : [
          `select ${FACT_COLUMNS}, predicted, scores${own.join("")}
            from ${parquet(
              typed.map(({ path }) => path),
              ", union_by_name = true",
            )} where ${conditionsOf(sources)}`,
        ]),
    `select ${FACT_COLUMNS}, ${ANSWER}${fields.join("")} from (select *${recordStruct(inputs)} from ${rest})`,
  ]);
}

/** What was answered, read out of its JSON. */
export const ANSWER = `prediction->>'value' as predicted,
  try_cast(json_extract(prediction, '$.scores') as map(varchar, double)) as scores`;

/** The record's inputs as one struct `fields`, so that its JSON is read once; to stand after `select *`. */
export function recordStruct(inputs: readonly InputColumn[]): string {
  if (inputs.length === 0) return "";
  const types = Object.fromEntries(inputs.map(({ name, type }) => [name, INPUT_TYPES[type]]));
  return `, json_transform(record, ${literal(JSON.stringify(types))}) as fields`;
}

/** The columns that `recordStruct` gives. */
export function typedFields(inputs: readonly InputColumn[]): string[] {
  return inputs.map(({ name }) => `fields.${identifier(name)} as ${identifier(inputColumn(name))}`);
}

function conditionsOf({ project, environment, deployment, from, until }: LogSources): string {
  return [
    `project = ${literal(project)}`,
    `environment = ${literal(environment)}`,
    ...(deployment === null ? [] : [`deployment = ${literal(deployment)}`]),
    ...(from === null ? [] : [`"occurredAt" >= ${timestamp(from)}`]),
    ...(until === null ? [] : [`"occurredAt" < ${timestamp(until)}`]),
  ].join(" and ");
}

/** An ISO 8601 time in UTC as DuckDB reads it into a TIMESTAMP. */
export function timestamp(iso: string): string {
  return `timestamp ${literal(new Date(iso).toISOString().replace("T", " ").replace("Z", ""))}`;
}

function unionOf(tables: readonly string[], empty = ""): string {
  return `(${tables.length === 0 ? empty : tables.join(" union all ")})`;
}
