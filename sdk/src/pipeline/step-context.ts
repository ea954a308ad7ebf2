import type { Column, Json, PortKind } from "@causeway/contract";

/** One row of a table. */
export type Row = Readonly<Record<string, string | number | boolean | null>>;

/** Parquet files that a helper of `data` made; return it as a dataset or table output. */
export type DatasetFiles = { readonly paths: readonly string[] };

/** An input as a running step sees it: read-only files, verified by their digest. */
export type InputValue<Kind extends PortKind = PortKind> = {
  readonly kind: Kind;
  readonly digest: string;
  /** Parquet parts of a dataset in order; one file or folder for everything else. */
  readonly paths: readonly string[];
  /** The first, for most the only, path. */
  readonly path: string;
} & (Kind extends "dataset"
  ? {
      readonly name: string;
      readonly version: string;
      readonly rows: number;
      readonly key: string | null;
      readonly schema: readonly Column[];
    }
  : unknown);

/** What a step may return for an output: a path that it wrote, bytes, rows, or for a report any JSON value. */
export type OutputValue<Kind extends PortKind> = Kind extends "dataset"
  ? DatasetFiles | readonly Row[]
  : Kind extends "table"
    ? DatasetFiles | readonly Row[] | string
    : Kind extends "report"
      ? Json
      : string | Uint8Array;

/** Work on tables by DuckDB over Parquet files; nothing is held in memory unless rows are asked for. */
export type DataTools = {
  /** Splits by a hash of a key: a row stays on its side whatever else the table holds. Shares add up to 1. */
  splitByHash<Name extends string>(
    input: DatasetFiles,
    options: {
      readonly key: string;
      readonly shares: Readonly<Record<Name, number>>;
      readonly seed?: number;
    },
  ): Promise<Record<Name, DatasetFiles>>;
  /** Splits by time: rows before the first boundary go to the first name, and so on. */
  splitByTime<Name extends string>(
    input: DatasetFiles,
    options: {
      readonly column: string;
      readonly names: readonly Name[];
      readonly boundaries: readonly string[];
    },
  ): Promise<Record<Name, DatasetFiles>>;
  /** The answer of a SQL query as new Parquet files. Each table is read under its name in `tables`. */
  query(sql: string, tables: Readonly<Record<string, DatasetFiles>>): Promise<DatasetFiles>;
  /** Rows in memory, for tables that are small enough; days and times are text. */
  rows(input: DatasetFiles): Promise<Row[]>;
  /** Columns in memory, by name. */
  frame(input: DatasetFiles): Promise<Record<string, Row[string][]>>;
  /** Names and types of the columns. */
  schema(input: DatasetFiles): Promise<Column[]>;
  /** How many rows there are. */
  count(input: DatasetFiles): Promise<number>;
};

/** What a TypeScript step is given beside its inputs and params. */
export type StepContext = {
  readonly data: DataTools;
  /** Adds metrics to the step's experiment run; `step` counts from 0. */
  readonly log: (metrics: Readonly<Record<string, number>>, step?: number) => void;
  /** Adds params to the step's experiment run; a param keeps its first value. */
  readonly logParams: (params: Readonly<Record<string, string | number | boolean>>) => void;
  /** Says in one line what came out; shown beside the step. */
  readonly summarize: (text: string) => void;
  /** Aborts when the step is cancelled. */
  readonly signal: AbortSignal;
  /** An empty folder of the attempt's own, removed afterwards. */
  readonly folder: string;
  /** Where each output may be written; a value that is returned instead is written there. */
  readonly outputs: Readonly<Record<string, string>>;
};
