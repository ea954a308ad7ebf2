import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Column, type ColumnType, fail, type Json, type SplitRequest } from "@causeway/contract";
import { openBadRowLog } from "../reading/bad-row-log.ts";
import { scanJsonLines } from "../reading/json-lines-scan.ts";
import { openPieceWriter } from "../reading/piece-writer.ts";
import { planSplit } from "../split-plan.ts";
import { type Duck, identifier, literal, openDuck, parquet } from "../tables/duck.ts";
import { splitRows } from "../tables/split-rows.ts";
import { jsonLinesSource } from "../tables/text-source.ts";

const MEMORY_BYTES = 1024 ** 3;

/** Rows on the disk: what a dataset is to a step. */
export interface StepDataset {
  readonly paths: readonly string[];
}

/** One row of a table. */
export type StepRow = Readonly<Record<string, string | number | boolean | null>>;

/** Makes what a TypeScript step does with datasets, inside its own process; new files are written into `folder`. */
export function createStepData({ folder }: { folder: string }) {
  let made = 0;
  let opened: Promise<Duck> | undefined;
  const duck = () => {
    opened ??= openDuck({ threads: 2, memoryBytes: MEMORY_BYTES, temporary: join(folder, "duckdb") });
    return opened;
  };

  async function newFolder(): Promise<string> {
    const path = join(folder, `rows-${made++}`);
    await mkdir(path, { recursive: true });
    return path;
  }

  /** Names and types of the columns. */
  async function schema(dataset: StepDataset): Promise<Column[]> {
    const rows = await (await duck()).rows(`describe select * from ${parquet(dataset.paths)}`);
    return rows.map(([name, type]) => ({
      name: String(name),
      type: columnType(String(type)),
      nullable: true,
    }));
  }

  async function split<Side extends string>(
    dataset: StepDataset,
    request: SplitRequest,
  ): Promise<Record<Side, StepDataset>> {
    const columns = await schema(dataset);
    const plan = planSplit(request, columns);
    const files = await splitRows(await duck(), dataset.paths, {
      plan,
      schema: columns,
      folder: await newFolder(),
    });
    const sides = {} as Record<Side, StepDataset>; // filled below: the plan's sides are the names of the request
    for (const { name, path } of files) sides[name as Side] = { paths: [path] };
    return sides;
  }

  /** Splits by hash of a key: a row's side depends on its key alone. */
  function splitByHash<Side extends string>(
    dataset: StepDataset,
    { key, shares, seed = 0 }: { key: string; shares: Record<Side, number>; seed?: number },
  ): Promise<Record<Side, StepDataset>> {
    return split<Side>(dataset, { by: "hash", key, shares, seed });
  }

  /** Splits by time: rows before the first boundary, between it and the next, and so on. */
  function splitByTime<Side extends string>(
    dataset: StepDataset,
    { column, names, boundaries }: { column: string; names: readonly Side[]; boundaries: readonly string[] },
  ): Promise<Record<Side, StepDataset>> {
    return split<Side>(dataset, { by: "time", column, names: [...names], boundaries: [...boundaries] });
  }

  /** Runs SQL over datasets, each a table of its name, and keeps the rows of the answer as a dataset. */
  async function query(sql: string, tables: Record<string, StepDataset>): Promise<StepDataset> {
    const path = join(await newFolder(), "rows.parquet");
    await (await duck()).run(
      `copy (${withTables(sql, tables)}) to ${literal(path)} (format parquet, compression zstd)`,
    );
    return { paths: [path] };
  }

  /** The rows as objects; whole numbers beyond 2^53, days and times as text. For tables that fit into memory. */
  async function rows(dataset: StepDataset, { limit }: { readonly limit?: number } = {}): Promise<StepRow[]> {
    const columns = await schema(dataset);
    const first = limit === undefined ? "" : ` limit ${limit}`;
    const read = await (await duck()).rows(`select ${shown(columns)} from ${parquet(dataset.paths)}${first}`);
    return read.map((row) =>
      Object.fromEntries(columns.map(({ name, type }, index) => [name, plain(row[index] ?? null, type)])),
    );
  }

  /** The columns as arrays, by name: what learners of columns want. */
  async function frame(dataset: StepDataset): Promise<Record<string, StepRow[string][]>> {
    const columns = await schema(dataset);
    const read = await (await duck()).rows(`select ${shown(columns)} from ${parquet(dataset.paths)}`);
    return Object.fromEntries(
      columns.map(({ name, type }, index) => [name, read.map((row) => plain(row[index] ?? null, type))]),
    );
  }

  /** Keeps rows as a dataset; types are inferred over all of them, as an import of JSON lines infers them. */
  async function fromRows(given: readonly StepRow[]): Promise<StepDataset> {
    const home = await newFolder();
    const source = join(home, "rows.jsonl");
    await writeFile(source, given.map((row) => `${JSON.stringify(row)}\n`).join(""));
    const badRows = openBadRowLog(undefined);
    const pieces = openPieceWriter(home);
    const scan = scanJsonLines({
      path: source,
      file: "the rows",
      given: {},
      badRows,
      pieces,
      onProgress: () => {},
    });
    const [bad] = badRows.first();
    if (bad !== undefined) {
      throw fail("BAD_DATA", {
        message: `Row ${bad.line} cannot be kept: ${bad.reason}`,
        field: "rows",
        value: bad.value,
        help: "Rows are plain objects of text, numbers, booleans and null.",
      });
    }
    const paths: string[] = [];
    for (const [index, { select }] of jsonLinesSource(scan, pieces.close()).parts.entries()) {
      const path = join(home, `rows-${index}.parquet`);
      await (await duck()).run(`copy (${select}) to ${literal(path)} (format parquet, compression zstd)`);
      paths.push(path);
    }
    return { paths };
  }

  /** How many rows there are. */
  async function count(dataset: StepDataset): Promise<number> {
    const [row = []] = await (await duck()).rows(`select count(*) from ${parquet(dataset.paths)}`);
    return Number(row[0]);
  }

  async function close(): Promise<void> {
    (await opened)?.close();
    opened = undefined;
  }

  return { schema, splitByHash, splitByTime, query, rows, frame, fromRows, count, close };
}

function withTables(sql: string, tables: Record<string, StepDataset>): string {
  const named = Object.entries(tables).map(
    ([name, { paths }]) => `${identifier(name)} as (select * from ${parquet(paths)})`,
  );
  return named.length === 0 ? sql : `with ${named.join(", ")} select * from (${sql})`;
}

function columnType(type: string): ColumnType {
  if (/INT/.test(type)) return "integer";
  if (/^(DOUBLE|FLOAT|DECIMAL)/.test(type)) return "double";
  if (type === "BOOLEAN") return "boolean";
  if (type === "DATE") return "date";
  return type.startsWith("TIMESTAMP") ? "timestamp" : "string";
}

function shown(columns: readonly Column[]): string {
  return columns
    .map(({ name, type }) =>
      type === "timestamp" ? `strftime(${identifier(name)}, '%Y-%m-%dT%H:%M:%S.%gZ')` : identifier(name),
    )
    .join(", ");
}

/** NaN and the infinities are numbers again: JSON's form of them is for the wire. */
function plain(value: Json, type: ColumnType): StepRow[string] {
  if (typeof value === "object") return value === null ? null : JSON.stringify(value);
  if (typeof value !== "string") return value;
  if (type === "double") return Number(value);
  return type === "integer" && Number.isSafeInteger(Number(value)) ? Number(value) : value;
}
