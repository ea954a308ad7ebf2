/**
 * Predictions and the API while a monitor computes windows of a million rows of 30 columns, against an installation at rest,
 * both on the same machine in turn: `node bench/while-monitoring.ts [rows]`.
 */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { setPriority, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { DuckDBInstance } from "@duckdb/node-api";
import { removeFolder, startCauseway } from "../e2e/src/causeway.ts";
import { until } from "../e2e/src/small-world.ts";
import { getText, percentile, postText, runOpenLoop } from "../gateway/testing/open-loop.ts";
import { compacted, fillSpool } from "./src/closed-spool.ts";
import { report, round, spread } from "./src/report.ts";

const rows = Number(process.argv[2] ?? 1_000_000);
const REPEATS = 3;
const SECONDS = 8;
const PREDICTIONS_PER_SECOND = 200;
const READS_PER_SECOND = 50;
/** As a page of the list shows. */
const RUNS = 20;
const DAY_MS = 86_400_000;
const NUMBERS = Array.from({ length: 25 }, (_, index) => `n${index}`);
const TEXTS = Array.from({ length: 5 }, (_, index) => `t${index}`);
const values = [
  ...NUMBERS.map((name, index) => ({ name, sql: `(hash(i + ${index * 7}) % 10000) / 100.0` })),
  ...TEXTS.map((name, index) => ({ name, sql: `'value ' || (hash(i + ${index * 17}) % 50)` })),
];
const row = JSON.stringify({
  ...Object.fromEntries(NUMBERS.map((name, index) => [name, index * 3.5])),
  ...Object.fromEntries(TEXTS.map((name, index) => [name, `value ${index}`])),
});

type Load = { readonly predictions: readonly number[]; readonly reads: readonly number[] };

const folder = await mkdtemp(join(tmpdir(), "causeway-bench-"));
const running = await startCauseway();
const { client, dataDir } = running;
const windows: number[] = [];
try {
  const key = await deploy();
  for (let run = 0; run < RUNS; run += 1) await client.experiments.startRun({});
  await putLog();
  await measure(key, (await readFile(join(dataDir, "admin-token"), "utf8")).trim());
} finally {
  await running.stop();
  await removeFolder(dataDir);
  await rm(folder, { recursive: true });
}

/** Trains and serves the model; answers a key for it. */
async function deploy(): Promise<string> {
  const file = join(folder, "wide.parquet");
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  const columns = values.map(({ name, sql }) => `${sql} as ${name}`).join(", ");
  await connection.run(`copy (select 'r' || i as row, ${columns}, case when hash(i) % 10000 + hash(i + 1000) % 5000 > 7500 then 'yes' else 'no' end as y
    from range(4000) r(i)) to '${file}' (format parquet)`);
  connection.closeSync();
  await client.data.importFile("wide", file, { key: "row" });
  const pipeline = fileURLToPath(new URL("pipelines/wide.pipeline.ts", import.meta.url));
  const trained = await running.cli("pipelines", "run", pipeline);
  if (trained.code !== 0) throw new Error(trained.stdout + trained.stderr);
  await client.deployments.createDeployment({ name: "wide", serve: "wide@1" });
  const { secret } = await client.deployments.createKey({ deployment: "wide", name: "bench" });
  const { url } = await client.deployments.getDeployment({ deployment: "wide" });
  await until("the gateway answers", async () => {
    const headers = { authorization: `Bearer ${secret}`, "content-type": "application/json" };
    const response = await fetch(url, { method: "POST", headers, body: row }).catch(() => undefined);
    return response?.ok ? true : undefined;
  });
  return secret;
}

/** One day of predictions, all of them in one window. */
async function putLog(): Promise<void> {
  const record = values.map(({ name, sql }) => `${name}: ${sql}`).join(", ");
  const stream = {
    deployment: "wide",
    rows,
    startMs: Date.UTC(2026, 0, 5),
    stepMs: Math.floor(DAY_MS / rows),
    record: `{${record}}`,
    prediction: "{value: 'yes', scores: {no: 0.25, yes: 0.75}}",
    key: "null::varchar",
  };
  await fillSpool(stream, { dataDir, folder });
  await compacted(dataDir);
}

async function measure(key: string, token: string): Promise<void> {
  // The one that measures must not wait for a processor: its own delay would count as theirs.
  setPriority(-10);
  await load(key, token, pause(2_000));
  const rest: Load[] = [];
  const busy: Load[] = [];
  for (let repeat = 0; repeat < REPEATS; repeat += 1) {
    rest.push(await load(key, token, pause(SECONDS * 1_000)));
    busy.push(await load(key, token, monitorFor(SECONDS)));
    await pause(1_000);
  }
  const [name, read] = [
    `${PREDICTIONS_PER_SECOND} predictions/s, open loop`,
    `${READS_PER_SECOND} lists of ${RUNS} runs/s`,
  ];
  tell(
    name,
    rest.map(({ predictions }) => predictions),
    busy.map(({ predictions }) => predictions),
  );
  tell(
    read,
    rest.map(({ reads }) => reads),
    busy.map(({ reads }) => reads),
  );
  const line = `window of ${rows} x 30 under this load, from its monitor's creation`;
  report({ bench: "while-monitoring", line, who: "causeway", unit: "s", ...spread(windows) });
}

/** Sends both kinds of requests until the other is over; every one of them must succeed. */
async function load(key: string, token: string, over: Promise<unknown>): Promise<Load> {
  const [predictions, reads] = await Promise.all([
    runOpenLoop({
      port: Number(new URL(running.gatewayUrl).port),
      request: postText("/predict/wide", row, key),
      ratePerSecond: PREDICTIONS_PER_SECOND,
      until: over,
      restMs: 1,
    }),
    runOpenLoop({
      port: Number(new URL(running.url).port),
      request: getText(`/api/experiments/runs?limit=${RUNS}`, token),
      ratePerSecond: READS_PER_SECOND,
      until: over,
      restMs: 1,
    }),
  ]);
  for (const { statuses, broken } of [predictions, reads]) {
    const failed = [...statuses].filter(([status]) => status !== 200);
    if (failed.length > 0 || broken > 0) throw new Error(`${broken} broken, answers ${failed.join("; ")}`);
  }
  return { predictions: predictions.latenciesMs, reads: reads.latenciesMs };
}

/** Watches the log again and again for so long: each monitor computes the same window from nothing. */
async function monitorFor(seconds: number): Promise<void> {
  const endsAt = performance.now() + seconds * 1_000;
  do {
    const monitor = `m${windows.length}`;
    const startedAt = performance.now();
    await client.monitoring.createMonitor({ name: monitor, deployment: "wide" });
    const newest = await until("the window is computed", async () => {
      const { items } = await client.monitoring.listWindows({ monitor, limit: 100 });
      return items.at(-1);
    });
    windows.push((performance.now() - startedAt) / 1_000);
    if (newest.rows !== rows || !newest.drift.judged)
      throw new Error(`the window has ${newest.rows} rows: ${newest.drift.reason}`);
    await client.monitoring.deleteMonitor({ monitor });
  } while (performance.now() < endsAt);
}

function tell(
  what: string,
  rest: readonly (readonly number[])[],
  busy: readonly (readonly number[])[],
): void {
  for (const [name, share] of [
    ["p50", 0.5],
    ["p99", 0.99],
  ] as const) {
    const idle = spread(rest.map((latencies) => percentile(latencies, share)));
    const found = spread(busy.map((latencies) => percentile(latencies, share)));
    const common = { bench: "while-monitoring", unit: "ms" };
    report({ ...common, line: `${name} of ${what}`, who: "at rest", ...idle });
    const ratio = round(found.median / idle.median);
    report({ ...common, line: `${name} of ${what}`, who: "while monitoring", ...found, ratio });
  }
}
