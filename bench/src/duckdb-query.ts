/** Bare DuckDB on one query, in a process of its own: `node duckdb-query.ts <sql file>`; prints the seconds from open to rows. */
import { readFileSync } from "node:fs";
import { DuckDBInstance } from "@duckdb/node-api";

const [file = ""] = process.argv.slice(2);
const query = readFileSync(file, "utf8");
const startedAt = performance.now();
const instance = await DuckDBInstance.create(":memory:", { threads: "2" });
const connection = await instance.connect();
await (await connection.runAndReadAll(query)).getRows();
process.stdout.write(`${(performance.now() - startedAt) / 1000}\n`);
