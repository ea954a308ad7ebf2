/** Bare DuckDB on the same work, in a process of its own: `node duckdb-peer.ts import <csv> <parquet>` or `profile <parquet>`. */
import { DuckDBInstance } from "@duckdb/node-api";

const [work, from, to] = process.argv.slice(2);
const instance = await DuckDBInstance.create(":memory:", { threads: "2" });
const connection = await instance.connect();
const startedAt = performance.now();
if (work === "import") {
  await connection.run(
    `COPY (SELECT * FROM read_csv('${from}', sample_size=-1)) TO '${to}' (FORMAT parquet, COMPRESSION zstd)`,
  );
} else {
  await (await connection.runAndReadAll(`SUMMARIZE SELECT * FROM '${from}'`)).getRows();
}
process.stdout.write(`${(performance.now() - startedAt) / 1000}\n`);
