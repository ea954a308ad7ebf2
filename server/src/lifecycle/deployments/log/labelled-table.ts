import type { Column } from "@causeway/contract";
import { identifier, literal } from "../../data/index.ts";
import type { LogSources } from "./log-sources.ts";
import { logTable } from "./log-tables.ts";

/** How the columns of a dataset are written in SQL. */
const COLUMN_TYPES = {
  boolean: "BOOLEAN",
  integer: "BIGINT",
  double: "DOUBLE",
  string: "VARCHAR",
  date: "DATE",
  timestamp: "TIMESTAMP",
} as const satisfies Record<Column["type"], string>;

/** The relation of a file that `exportTruth` wrote: id, value (VARCHAR), occurredAt and recordedAt (TIMESTAMP). */
export function truthTable(path: string): string {
  return `read_csv(${literal(path)}, header = false, auto_detect = false, delim = ',', quote = '"', escape = '"',
    allow_quoted_nulls = false, columns = {'id': 'VARCHAR', 'value': 'VARCHAR', 'occurredAt': 'TIMESTAMP', 'recordedAt': 'TIMESTAMP'})`;
}

/** Which columns of a dataset are not in the records of the log. */
export type LabelledShape = {
  /** The dataset's columns, in its order. */
  readonly columns: readonly Pick<Column, "name" | "type">[];
  /** The column that the truth becomes. */
  readonly target: string;
  /** The deployment's key, where it has one. */
  readonly key: string | null;
  /** The column that holds the event time of the prediction, where the dataset has one. */
  readonly occurredAt: string | null;
  /** What the log calls a column, where that is something else. */
  readonly inputs?: Readonly<Record<string, string>>;
};

/**
 * The relation of the labelled rows of the log as rows of a dataset: the columns of `shape` in their order and types, where
 * the target is the truth, and the key and the event time come from the log unless the record holds them. A value that does
 * not fit its type is null. Beside them stand `causeway.id`, `causeway.occurredAt` and `causeway.recordedAt` (of the truth), by
 * which rows can be chosen and ordered.
 */
export function labelledTable(sources: LogSources, truthFile: string, shape: LabelledShape): string {
  const { inputs = {} } = shape;
  const types = Object.fromEntries(
    shape.columns.map(({ name, type }) => [inputs[name] ?? name, jsonType(type)]),
  );
  const columns = shape.columns.map(({ name, type }) => {
    const own = `fields.${identifier(inputs[name] ?? name)}`;
    const value =
      name === shape.target
        ? "truth.value"
        : name === shape.key
          ? `coalesce(${own}::varchar, log."key")`
          : name === shape.occurredAt
            ? `coalesce(${own}::varchar, strftime(log."occurredAt", '%Y-%m-%d %H:%M:%S.%g'))`
            : own;
    return `try_cast(${value} as ${COLUMN_TYPES[type]}) as ${identifier(name)}`;
  });
  return `(select ${columns.join(", ")}, log.id as "causeway.id", log."occurredAt" as "causeway.occurredAt",
      truth."recordedAt" as "causeway.recordedAt"
    from (select *, json_transform(record, ${literal(JSON.stringify(types))}) as fields from ${logTable(sources)}) log
    join ${truthTable(truthFile)} truth on truth.id = log.id)`;
}

/** Days and times are text in a record. */
function jsonType(type: Column["type"]): string {
  return type === "date" || type === "timestamp" ? "VARCHAR" : COLUMN_TYPES[type];
}
