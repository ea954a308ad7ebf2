import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Column, ColumnType, Json, SplitRequest } from "@causeway/contract";
import { planSplit } from "../split-plan.ts";
import { type Duck, openDuck, parquet } from "../tables/duck.ts";
import { splitRows } from "../tables/split-rows.ts";

const MEMORY_BYTES = 1024 ** 3;

/** Rows on the disk: what a dataset is to a step. */
export interface StepDataset {
  readonly paths: readonly string[];
}

/** What a TypeScript step does with datasets; runs inside the step's process on its own files. */
export type StepData = ReturnType<typeof createStepData>;

/** Makes the helpers; new files are written into `folder`. */
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
    const target = path.replaceAll("'", "''");
    await (await duck()).run(
      `copy (${withTables(sql, tables)}) to '${target}' (format parquet, compression zstd)`,
    );
    return { paths: [path] };
  }

  /** The rows as objects; whole numbers beyond 2^53, days and times as text. For tables that fit into memory. */
  async function rows(dataset: StepDataset): Promise<Record<string, Json>[]> {
    const columns = await schema(dataset);
    const read = await (await duck()).rows(`select * from ${parquet(dataset.paths)}`);
    return read.map((row) =>
      Object.fromEntries(columns.map(({ name, type }, index) => [name, plain(row[index] ?? null, type)])),
    );
  }

  /** The columns as arrays, by name; what learners of columns want. */
  async function frame(dataset: StepDataset): Promise<Record<string, Json[]>> {
    const columns = await schema(dataset);
    const read = await (await duck()).rows(`select * from ${parquet(dataset.paths)}`);
    return Object.fromEntries(
      columns.map(({ name, type }, index) => [name, read.map((row) => plain(row[index] ?? null, type))]),
    );
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

  return { schema, splitByHash, splitByTime, query, rows, frame, count, close };
}

function withTables(sql: string, tables: Record<string, StepDataset>): string {
  const named = Object.entries(tables).map(
    ([name, { paths }]) => `"${name.replaceAll('"', '""')}" as (select * from ${parquet(paths)})`,
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

function plain(value: Json, type: ColumnType): Json {
  if (type !== "integer" || typeof value !== "string") return value;
  return Number.isSafeInteger(Number(value)) ? Number(value) : value;
}
