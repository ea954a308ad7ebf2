/** Import of a 1 GB CSV file, time and peak memory, beside bare DuckDB reading and writing the same: `node bench/import.ts [MB]`. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { DuckDBInstance } from "@duckdb/node-api";
import { removeFolder, startCauseway } from "../e2e/src/causeway.ts";
import { pidsWith, watchMemory } from "./src/peak-memory.ts";
import { report, round, spread } from "./src/report.ts";

const megabytes = Number(process.argv[2] ?? 1000);
const REPEATS = 3;
const folder = await mkdtemp(join(tmpdir(), "causeway-bench-"));
const csv = join(folder, "table.csv");
await generate(csv, megabytes);
const size = (await stat(csv)).size / 1e6;

const ours: number[] = [];
const ourPeak: number[] = [];
const bare: number[] = [];
const barePeak: number[] = [];
for (let repeat = 0; repeat < REPEATS; repeat += 1) {
  const running = await startCauseway();
  const memory = watchMemory(() => pidsWith(running.dataDir, " task "));
  const startedAt = performance.now();
  await running.client.data.importFile("table", csv);
  ours.push((performance.now() - startedAt) / 1000);
  ourPeak.push(memory.stop());
  await running.stop();
  await removeFolder(running.dataDir);

  const peer = spawn(
    process.execPath,
    [
      fileURLToPath(new URL("src/duckdb-peer.ts", import.meta.url)),
      "import",
      csv,
      join(folder, "bare.parquet"),
    ],
    {
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  const peerMemory = watchMemory(() => [peer.pid ?? 0]);
  let said = "";
  peer.stdout.on("data", (chunk) => {
    said += chunk;
  });
  await once(peer, "close");
  bare.push(Number(said));
  barePeak.push(peerMemory.stop());
}
await rm(folder, { recursive: true });

const line = `import of ${round(size)} MB CSV`;
const bareTime = spread(bare);
const ourTime = spread(ours);
report({ bench: "import", line, who: "duckdb", unit: "s", ...bareTime });
report({
  bench: "import",
  line,
  who: "causeway",
  unit: "s",
  ...ourTime,
  ratio: round(ourTime.median / bareTime.median),
});
const bareMemory = spread(barePeak);
const ourMemory = spread(ourPeak);
report({ bench: "import", line: `${line}, peak memory`, who: "duckdb", unit: "MB", ...bareMemory });
report({
  bench: "import",
  line: `${line}, peak memory of the task`,
  who: "causeway",
  unit: "MB",
  ...ourMemory,
  ratio: round(ourMemory.median / bareMemory.median),
});

/** Rows of numbers, dates and text, about 100 bytes each. */
async function generate(file: string, targetMB: number): Promise<void> {
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  const rows = Math.round((targetMB * 1e6) / 104);
  await connection.run(`COPY (
    SELECT i AS id, 'customer-' || (hash(i) % 1000000) AS customer, round((hash(i + 1) % 100000) / 7.0, 3) AS amount,
      round((hash(i + 2) % 1000) / 3.0, 4) AS price, (hash(i + 3) % 100)::INTEGER AS age,
      ['Month-to-month', 'One year', 'Two year'][1 + (hash(i + 4) % 3)::INTEGER] AS contract,
      DATE '2020-01-01' + (hash(i + 5) % 1500)::INTEGER AS day, (hash(i + 6) % 2 = 0) AS active,
      round((hash(i + 7) % 1000000) / 11.0, 6) AS score, 'note ' || (hash(i + 8) % 100000) AS note
    FROM range(${rows}) AS r(i)) TO '${file}' (HEADER)`);
}
