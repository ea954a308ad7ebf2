/**
 * Truth of a million predictions: a CSV file sent, joined with the compacted log and kept, by id and by key, beside DuckDB
 * alone joining the same files: `node bench/truth.ts [rows]`.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { removeFolder, startCauseway } from "../e2e/src/causeway.ts";
import { compacted, fillSpool, predictionId, predictionTime } from "./src/closed-spool.ts";
import { linearModel, linearSignature } from "./src/linear-model.ts";
import { pidsWith, watchMemory } from "./src/peak-memory.ts";
import { report, round, spread } from "./src/report.ts";

const rows = Number(process.argv[2] ?? 1_000_000);
const record = linearSignature.inputs
  .map(({ name }, index) => `${name}: (hash(i + ${index}) % 1000) / 8.0`)
  .join(", ");
const stream = {
  deployment: "churn",
  rows,
  startMs: Date.UTC(2026, 0, 5),
  stepMs: 1_000,
  record: `{${record}}`,
  prediction: `{value: 'Yes', scores: {"No": 0.25, "Yes": 0.75}}`,
  key: `'c' || (i % ${Math.round(rows / 4)})`,
};

const folder = await mkdtemp(join(tmpdir(), "causeway-bench-"));
const running = await startCauseway();
const { client, dataDir } = running;
try {
  await deploy();
  await fillSpool(stream, { dataDir, folder });
  await writeLabels();
  await waitForCompaction();
  await measure();
} finally {
  await running.stop();
  await removeFolder(dataDir);
  await rm(folder, { recursive: true });
}

async function deploy(): Promise<void> {
  const run = await client.experiments.startRun({});
  const file = { run: run.id, path: "model.onnx" };
  await client.experiments.uploadArtifact(file, () => new Blob([Uint8Array.from(linearModel)]));
  const examples = [Object.fromEntries(linearSignature.inputs.map(({ name }) => [name, 0.5]))];
  await client.registry.register({
    ...file,
    model: "churn",
    format: "onnx",
    signature: linearSignature,
    examples,
  });
  await client.deployments.createDeployment({ name: "churn", serve: "churn@1", key: "customer" });
}

/** The files of labels: every prediction's truth by its id and by its key. */
async function writeLabels(): Promise<void> {
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  const label = "case when hash(i) % 3 = 0 then 'Yes' else 'No' end";
  const dayLater = predictionTime("(i + 86400)", stream);
  await connection.run(`copy (select ${predictionId("i", stream)} || '.0' as id, ${label} as truth, ${dayLater} as at
    from range(${rows}) r(i)) to '${join(folder, "by-id.csv")}' (header)`);
  await connection.run(`copy (select ${stream.key} as customer, 'No' as truth, ${predictionTime("i", stream)} as at
    from range(${rows}) r(i)) to '${join(folder, "by-key.csv")}' (header)`);
  connection.closeSync();
}

async function waitForCompaction(): Promise<void> {
  report({
    bench: "truth",
    line: `compaction of ${rows} rows of 10 columns, the wait for its minute included`,
    who: "causeway",
    unit: "s",
    ...spread([await compacted(dataDir)]),
  });
}

async function measure(): Promise<void> {
  const times = { value: "truth", occurredAt: "at" };
  const floor = await joinAlone();
  const first = await timed("by-id.csv", { predictionId: "id", ...times });
  const again = await timed("by-id.csv", { predictionId: "id", ...times });
  const keyed = await timed("by-key.csv", { key: "customer", ...times });
  const line = `truth of ${rows} predictions`;
  report({ bench: "truth", line: `${line}, joined only`, who: "duckdb", unit: "s", ...spread([floor]) });
  for (const [what, { seconds, peakMB }] of Object.entries({
    "by id, sent, joined and kept": first,
    "by id, all known already": again,
    "by key, all corrected": keyed,
  })) {
    const ratio = round(seconds / floor);
    report({
      bench: "truth",
      line: `${line} ${what}`,
      who: "causeway",
      unit: "s",
      ...spread([seconds]),
      ratio,
    });
    const memory = { ...spread([peakMB]), budget: 1000 };
    report({
      bench: "truth",
      line: `${line} ${what}, peak memory of the task`,
      who: "causeway",
      unit: "MB",
      ...memory,
    });
  }
  const startedAt = performance.now();
  const log = await client.deployments.getLog({ deployment: "churn" });
  const ms = performance.now() - startedAt;
  report({
    bench: "truth",
    line: `coverage of ${log.truth.labelled} labels`,
    who: "causeway",
    unit: "ms",
    ...spread([ms]),
  });
}

async function timed(
  file: string,
  columns: Parameters<typeof client.deployments.importTruthFile>[2]["columns"],
) {
  const memory = watchMemory(() => pidsWith(dataDir, " task "));
  const startedAt = performance.now();
  const done = await client.deployments.importTruthFile("churn", join(folder, file), { columns });
  const seconds = (performance.now() - startedAt) / 1000;
  process.stderr.write(`${file}: ${JSON.stringify(done.receipt)}\n`);
  return { seconds, peakMB: memory.stop() };
}

/** DuckDB alone: the file of labels joined with the log's files, the result written. */
async function joinAlone(): Promise<number> {
  const connection = await (await DuckDBInstance.create(":memory:", { threads: "1" })).connect();
  const startedAt = performance.now();
  await connection.run(`copy (select l.id, t.truth, l."occurredAt" from read_csv('${join(folder, "by-id.csv")}') t
    join read_parquet('${join(dataDir, "predictions", "default", "dev", "churn", "*.parquet")}') l on l.id = t.id)
    to '${join(folder, "joined.parquet")}' (format parquet)`);
  connection.closeSync();
  return (performance.now() - startedAt) / 1000;
}
