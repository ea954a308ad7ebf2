/** Import with profile of 1,000,000 rows by 30 columns, beside bare DuckDB's SUMMARIZE: `node bench/profile.ts [rows]`. */
import { execFileSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { DuckDBInstance } from "@duckdb/node-api";
import { removeFolder, startCauseway } from "../e2e/src/causeway.ts";
import { pidsWith, watchMemory } from "./src/peak-memory.ts";
import { report, round, spread } from "./src/report.ts";

const rows = Number(process.argv[2] ?? 1_000_000);
const REPEATS = 3;
const folder = await mkdtemp(join(tmpdir(), "causeway-bench-"));
const file = join(folder, "wide.parquet");
await generate();

const ours: number[] = [];
const peak: number[] = [];
const bare: number[] = [];
for (let repeat = 0; repeat < REPEATS; repeat += 1) {
  const running = await startCauseway();
  const memory = watchMemory(() => pidsWith(running.dataDir, " task "));
  const startedAt = performance.now();
  await running.client.data.importFile("wide", file);
  ours.push((performance.now() - startedAt) / 1000);
  peak.push(memory.stop());
  await running.stop();
  await removeFolder(running.dataDir);
  const peer = fileURLToPath(new URL("src/duckdb-peer.ts", import.meta.url));
  bare.push(Number(execFileSync(process.execPath, [peer, "profile", file], { encoding: "utf8" })));
}
await rm(folder, { recursive: true });
const line = `profile of ${rows} x 30`;
const floor = spread(bare);
const found = spread(ours);
report({ bench: "profile", line, who: "duckdb summarize", unit: "s", ...floor });
report({
  bench: "profile",
  line: `${line}, with reading, digests and parts`,
  who: "causeway",
  unit: "s",
  ...found,
  ratio: round(found.median / floor.median),
});
report({
  bench: "profile",
  line: `${line}, peak memory of the task`,
  who: "causeway",
  unit: "MB",
  ...spread(peak),
  budget: 1000,
});

/** Twenty columns of numbers, five of whole numbers, five of text. */
async function generate(): Promise<void> {
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  const columns = [
    ...Array.from(
      { length: 20 },
      (_, index) => `sqrt(-2 * ln((hash(i + ${index * 7}) % 1000000 + 1) / 1000001.0)) AS n${index}`,
    ),
    ...Array.from({ length: 5 }, (_, index) => `(hash(i + ${index * 13}) % 1000)::INTEGER AS w${index}`),
    ...Array.from({ length: 5 }, (_, index) => `'value ' || (hash(i + ${index * 17}) % 50) AS t${index}`),
  ];
  await connection.run(
    `COPY (SELECT ${columns.join(", ")} FROM range(${rows}) AS r(i)) TO '${file}' (FORMAT parquet)`,
  );
}
