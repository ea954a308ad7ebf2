/**
 * One monitor window over typed Parquet of 30 columns against a stored reference, beside DuckDB alone counting the same bins
 * and, at a million rows, Evidently's drift of the same rows: `node bench/monitor.ts [rows] [--evidently]`.
 */
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { referenceEdges } from "@causeway/statistics";
import { DuckDBInstance } from "@duckdb/node-api";
import { report, round, spread } from "./src/report.ts";

const rows = Number(process.argv.find((argument) => /^\d+$/.test(argument)) ?? 1_000_000);
const REPEATS = 3;
const START = Date.UTC(2026, 0, 5);
const DAY_MS = 86_400_000;
const NUMBERS = Array.from({ length: 25 }, (_, index) => `n${index}`);
const TEXTS = Array.from({ length: 5 }, (_, index) => `t${index}`);
const BUDGETS: Readonly<Record<number, number>> = { 1000000: 1.2, 10000000: 6 };

const folder = await mkdtemp(join(tmpdir(), "causeway-bench-"));
const log = join(folder, "log.parquet");
const reference = join(folder, "reference.json");
const main = fileURLToPath(new URL("../server/src/main.ts", import.meta.url));
await generate();
const edges = await writeReference();

const ours: number[] = [];
const cpus: number[] = [];
const peaks: number[] = [];
const bare: number[] = [];
for (let repeat = 0; repeat < REPEATS; repeat++) {
  const measured = await measure();
  ours.push(measured.seconds);
  cpus.push(measured.cpu);
  peaks.push(measured.peakMB);
  bare.push(await countAlone());
}
const line = `window of ${rows} x 30 against a stored reference`;
const budget = BUDGETS[rows];
const floor = spread(bare);
const found = spread(ours);
report({ bench: "monitor", line, who: "duckdb, the same bins", unit: "s", ...floor });
report({
  bench: "monitor",
  line: `${line}, its process included`,
  who: "causeway",
  unit: "s",
  ...found,
  ...(budget === undefined ? {} : { budget }),
  ratio: round(found.median / floor.median),
});
report({
  bench: "monitor",
  line: `${line}, peak memory`,
  who: "causeway",
  unit: "MB",
  ...spread(peaks),
  budget: 1000,
});
report({ bench: "monitor", line: `${line}, processor time`, who: "causeway", unit: "s", ...spread(cpus) });
if (process.argv.includes("--evidently")) {
  const seconds = evidently();
  report({
    bench: "monitor",
    line: `drift of ${rows} x 30, raw reference`,
    who: "evidently",
    unit: "s",
    ...spread([seconds]),
  });
}
await rm(folder, { recursive: true });

/** A day of logged predictions as compaction writes them: an input a column, the answer as text and scores. */
async function generate(): Promise<void> {
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  const inputs = [
    ...NUMBERS.map(
      (name, index) => `sqrt(-2 * ln((hash(i + ${index * 7}) % 1000000 + 1) / 1000001.0)) AS "input.${name}"`,
    ),
    ...TEXTS.map((name, index) => `'value ' || (hash(i + ${index * 17}) % 50) AS "input.${name}"`),
  ];
  await connection.run(`COPY (SELECT i::VARCHAR || '.0' AS id, 'default' AS project, 'dev' AS environment, 'wide' AS deployment,
      1 AS revision, 'wide' AS model, 1 AS version, make_timestamp_ms(${START} + i * ${DAY_MS} // ${rows}) AS "occurredAt",
      make_timestamp_ms(${START} + i * ${DAY_MS} // ${rows}) AS "receivedAt", 0.5 AS "latencyMs", NULL::VARCHAR AS key,
      'yes' AS predicted, MAP {'yes': (hash(i) % 1000) / 1000.0, 'no': 1 - (hash(i) % 1000) / 1000.0} AS scores,
      ${inputs.join(", ")} FROM range(${rows}) AS r(i)) TO '${log}' (FORMAT parquet, COMPRESSION zstd)`);
}

/** The evaluation document of a version that was judged on other rows of the same kind. */
async function writeReference(): Promise<Map<string, number[]>> {
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  const made = new Map<string, number[]>();
  const columns: unknown[] = [];
  const evaluated = 20_000;
  for (const [index, name] of NUMBERS.entries()) {
    const values = Float64Array.from({ length: evaluated }, (_, i) =>
      Math.sqrt(-2 * Math.log((((i * 7919 + index * 104_729) % 1_000_003) + 1) / 1_000_004)),
    ).sort();
    const bins = referenceEdges(values);
    made.set(name, bins);
    const counts = new Array<number>(bins.length - 1).fill(0);
    for (const value of values) {
      let bin = 0;
      while (bin < counts.length - 1 && value >= (bins[bin + 1] ?? Number.POSITIVE_INFINITY)) bin++;
      counts[bin] = (counts[bin] ?? 0) + 1;
    }
    const summary = {
      kind: "numeric",
      rows: evaluated,
      missing: 0,
      nan: 0,
      infinite: 0,
      mean: 1.25,
      m2: 8_600,
    };
    columns.push({ name, summary: { ...summary, min: values[0], max: values.at(-1), edges: bins, counts } });
  }
  for (const name of TEXTS) {
    const counts = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`value ${i}`, evaluated / 50]));
    const summary = { kind: "categorical", rows: evaluated, missing: 0, counts, other: 0, distinct: 50 };
    columns.push({ name, summary });
  }
  connection.closeSync();
  const document = {
    ...{ task: "classification", target: "y", positive: "yes", rows: evaluated, metrics: [] },
    ...{ dataset: "0".repeat(64), model: "0".repeat(64), roc: null, calibration: null, confusion: null },
    signature: signature(),
    golden: [],
    evaluatedOn: { subject: "/api/data/datasets/wide", title: "wide" },
    reference: { rows: evaluated, columns, prediction: null, prevalence: null },
  };
  await writeFile(reference, JSON.stringify(document));
  return made;
}

function signature() {
  const open = { nullable: false, range: null };
  const known = Array.from({ length: 50 }, (_, i) => `value ${i}`);
  return {
    task: "classification",
    target: "y",
    classes: ["no", "yes"],
    inputs: [
      ...NUMBERS.map((name) => ({ name, type: "double", categories: null, ...open })),
      ...TEXTS.map((name) => ({ name, type: "string", categories: known, ...open })),
    ],
  };
}

/** The task as a worker starts it, a process of its own; memory is the most that it ever held. */
async function measure(): Promise<{ seconds: number; cpu: number; peakMB: number }> {
  const scratch = join(folder, "scratch");
  await mkdir(scratch, { recursive: true });
  const version = {
    version: 1,
    model: "wide",
    signature: signature(),
    report: { positive: "yes", metrics: [] },
  };
  const input = {
    sources: {
      ...{ project: "default", environment: "dev", deployment: "wide", from: null, until: null, spool: [] },
      files: [{ path: log, columns: [...NUMBERS, ...TEXTS] }],
    },
    truth: null,
    restated: [],
    cut: { after: null, closedUntil: START + DAY_MS, before: 0 },
    settings: {
      ...{ window: "1 day", zone: "UTC", lateness: "0 s", truth: { within: "30 days" }, notify: [] },
      drift: { without: [], falseAlarms: 0.01, effect: 0.1, leastRows: 50, season: true },
      performance: { drop: 0.02, confidence: 0.95, leastLabelled: 50 },
      quality: { growth: 0.02 },
      service: { errorRate: 0.01, p99Ms: null },
    },
    versions: [{ ...version, reference: { digest: "0".repeat(64), path: reference } }],
    history: [],
    profiles: [],
  };
  const startedAt = performance.now();
  const task = spawn(
    process.execPath,
    ["--disable-warning=ExperimentalWarning", main, "task", "monitoring.measure", "--data-dir", folder],
    { stdio: ["pipe", "pipe", "inherit"] },
  );
  let peakMB = 0;
  let cpu = 0;
  const timer = setInterval(async () => {
    const status = await readFile(`/proc/${task.pid}/status`, "utf8").catch(() => "");
    const times = (await readFile(`/proc/${task.pid}/stat`, "utf8").catch(() => ""))
      .split(") ")[1]
      ?.split(" ");
    // User and system time in hundredths of a second: what a busy machine does not blur.
    cpu = Math.max(cpu, (Number(times?.[11] ?? 0) + Number(times?.[12] ?? 0)) / 100);
    peakMB = Math.max(peakMB, (Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024) / 1e6);
  }, 20);
  task.stdin.end(JSON.stringify({ input, scratch, dataDir: folder }));
  let answer = "";
  task.stdout.on("data", (part: Buffer) => {
    answer += part.toString();
  });
  const [code] = await once(task, "close");
  clearInterval(timer);
  const seconds = (performance.now() - startedAt) / 1000;
  const counted = /"rows":(\d+),"coverage"/.exec(answer)?.[1];
  if (code !== 0 || Number(counted) !== rows)
    throw new Error(`the task ended with ${code} and ${counted ?? "no"} rows: ${answer.slice(-2_000)}`);
  return { seconds, cpu, peakMB };
}

/** DuckDB alone counting the same rows in the same bins, in a process of its own. */
async function countAlone(): Promise<number> {
  const selected = [
    ...NUMBERS.map((name) => {
      const bins = (edges.get(name) ?? []).slice(1).join(", ");
      const column = `"input.${name}"`;
      return `histogram(${column}, [${bins}]), count(${column}), min(${column}), max(${column}), avg(${column}), var_pop(${column})`;
    }),
    ...TEXTS.map((name) => `histogram("input.${name}")`),
  ];
  const query = join(folder, "query.sql");
  await writeFile(query, `SELECT ${selected.join(", ")} FROM '${log}'`);
  const peer = fileURLToPath(new URL("src/duckdb-query.ts", import.meta.url));
  return Number(execFileSync(process.execPath, [peer, query], { encoding: "utf8" }));
}

/** Evidently's drift of the same columns, reference and current from the file; its imports are not counted. */
function evidently(): number {
  const peer = fileURLToPath(new URL("peers/evidently_drift.py", import.meta.url));
  const environment = join(tmpdir(), "causeway-bench-evidently");
  execFileSync("python3", ["-m", "venv", environment]);
  const python = join(environment, "bin", "python");
  execFileSync(python, ["-m", "pip", "install", "--quiet", "evidently==0.7.21", "pandas<3", "pyarrow"], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  return Number(execFileSync(python, [peer, log], { encoding: "utf8" }).trim().split("\n").at(-1));
}
