import type { Json } from "@causeway/contract";
import type { DuckDBConnection, DuckDBInstance, DuckDBResult } from "@duckdb/node-api";

/** How much of the machine one DuckDB may take. */
export interface DuckLimits {
  threads: number;
  memoryBytes: number;
  /** Where what does not fit into memory goes; without it a query that needs more fails. */
  temporary?: string;
}

/** A private in-memory DuckDB that reads files; it fetches no extensions and keeps nothing. */
export interface Duck {
  readonly connection: DuckDBConnection;
  readonly run: (sql: string) => Promise<void>;
  /** All rows, values as JSON has them: whole numbers beyond 2^53 as text, days and times as text. */
  readonly rows: (sql: string) => Promise<Json[][]>;
  readonly stream: (sql: string) => Promise<DuckDBResult>;
  /** Another connection to the same DuckDB, for a query at the same time. */
  readonly fork: () => Promise<Duck>;
  readonly close: () => void;
}

/** Opens a DuckDB; text is compared by its bytes and times without a zone are UTC. */
export async function openDuck({ threads, memoryBytes, temporary }: DuckLimits): Promise<Duck> {
  // Loaded when it is first needed: most programs that could look into data never do.
  const { DuckDBInstance } = await import("@duckdb/node-api");
  const instance = await DuckDBInstance.create(":memory:", {
    threads: String(threads),
    memory_limit: `${Math.floor(memoryBytes / 1024)}KiB`,
    ...(temporary === undefined ? {} : { temp_directory: temporary }),
    autoinstall_known_extensions: "false",
    preserve_insertion_order: "true",
  });
  return connect(instance, true);
}

async function connect(instance: DuckDBInstance, owns: boolean): Promise<Duck> {
  const connection = await instance.connect();
  await connection.run("set TimeZone = 'UTC'");
  // One look into the footer of a file serves all queries: the files do not change.
  await connection.run("set parquet_metadata_cache = true");
  return {
    connection,
    run: async (sql) => {
      await connection.run(sql);
    },
    rows: async (sql) => (await connection.runAndReadAll(sql)).getRowsJson() as Json[][], // the Json form of each value
    stream: (sql) => connection.stream(sql),
    fork: () => connect(instance, false),
    close: () => {
      connection.closeSync();
      if (owns) instance.closeSync();
    },
  };
}

/** A name as SQL writes it. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A text as SQL writes it. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** The table function that reads Parquet files in their order; names that look like patterns are taken as they are. */
export function parquet(paths: readonly string[], options = ""): string {
  return `read_parquet([${paths.map(literal).join(", ")}]${options})`;
}
