/**
 * Truth of a million predictions: a CSV file sent, joined with the compacted log and kept, by id and by key, beside DuckDB
 * alone joining the same files: `node bench/truth.ts [rows]`.
 */
import { mkdir, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { DuckDBInstance } from "@duckdb/node-api";
import { removeFolder, startCauseway } from "../e2e/src/causeway.ts";
import { linearModel, linearSignature } from "./src/linear-model.ts";
import { pidsWith, watchMemory } from "./src/peak-memory.ts";
import { report, round, spread } from "./src/report.ts";

const rows = Number(process.argv[2] ?? 1_000_000);
/** About 16 MB each, as a gateway closes them. */
const SEGMENT_ROWS = 40_000;
const START = Date.UTC(2026, 0, 5);
/** One prediction a second. */
const STEP_MS = 1000;

const folder = await mkdtemp(join(tmpdir(), "causeway-bench-"));
const running = await startCauseway();
const { client, dataDir } = running;
try {
  await deploy();
  await fillSpool();
  await compacted();
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

/** SQL of the id of the i-th prediction: a UUIDv7 of its time. */
function idOf(i: string): string {
  const hex = `lpad(lower(to_hex(${START}::bigint + ${i} * ${STEP_MS})), 12, '0')`;
  return `substr(${hex}, 1, 8) || '-' || substr(${hex}, 9, 4) || '-7000-8000-' || lpad(${i}::varchar, 12, '0')`;
}

function timeOf(i: string): string {
  return `strftime(make_timestamp((${START}::bigint + ${i} * ${STEP_MS}) * 1000), '%Y-%m-%dT%H:%M:%S.%gZ')`;
}

/** Closed files of a gateway's spool, as one that served for days would have left them, and the files of labels. */
async function fillSpool(): Promise<void> {
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  const spool = join(dataDir, "spool", "bench");
  await mkdir(spool, { recursive: true });
  const record = linearSignature.inputs
    .map(({ name }, index) => `${name}: (hash(i + ${index}) % 1000) / 8.0`)
    .join(", ");
  for (let from = 0; from < rows; from += SEGMENT_ROWS) {
    const [[first]] = (await connection.runAndReadAll(`select ${idOf(String(from))}`)).getRows() as [
      [string],
    ]; // one text
    const growing = join(folder, `${first}.jsonl`);
    await connection.run(`copy (select ${idOf("i")} || '.0' as id, 'default' as project, 'dev' as environment,
        'churn' as deployment, 1 as revision, 'churn' as model, 1 as version, ${timeOf("i")} as occurredAt,
        ${timeOf("i")} as receivedAt, 0.25 as latencyMs, 'c' || (i % ${Math.round(rows / 4)}) as key,
        {${record}} as record, {value: 'Yes', scores: {"No": 0.25, "Yes": 0.75}} as prediction, 'bench' as gateway
      from range(${from}, ${Math.min(rows, from + SEGMENT_ROWS)}) r(i)) to '${growing}' (format json)`);
    await rename(growing, join(spool, `${first}.closed.jsonl`));
  }
  const label = "case when hash(i) % 3 = 0 then 'Yes' else 'No' end";
  await connection.run(`copy (select ${idOf("i")} || '.0' as id, ${label} as truth, ${timeOf("(i + 86400)")} as at
    from range(${rows}) r(i)) to '${join(folder, "by-id.csv")}' (header)`);
  await connection.run(`copy (select 'c' || (i % ${Math.round(rows / 4)}) as customer, 'No' as truth, ${timeOf("i")} as at
    from range(${rows}) r(i)) to '${join(folder, "by-key.csv")}' (header)`);
  connection.closeSync();
}

async function compacted(): Promise<void> {
  const startedAt = performance.now();
  while ((await readdir(join(dataDir, "spool", "bench"))).length > 0) await pause(200);
  report({
    bench: "truth",
    line: `compaction of ${rows} rows of 10 columns, the wait for its minute included`,
    who: "causeway",
    unit: "s",
    ...spread([(performance.now() - startedAt) / 1000]),
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
