/**
 * Search of many runs and their curves, alone, over HTTP: `node bench/experiments-search.ts [runs]`. Runs have 20 metrics, 20 params
 * and 3 tags; each line is the p95 of 100 runs against its budget, with the repeats' range.
 */
import { removeFolder, startCauseway } from "../e2e/src/causeway.ts";
import { report, round, spread } from "./src/report.ts";
import { openWire, seconds, spreadOver } from "./src/wire-load.ts";

const count = Number(process.argv[2] ?? 10_000);
const LANES = 16;
const REPEATS = 20;
const BUDGET_MS = 100;
const STARTED = 1_700_000_000_000;
const CURVES = 100;
const CURVE_POINTS = 10_000;

const running = await startCauseway();
try {
  const { MLFLOW_TRACKING_TOKEN } = JSON.parse((await running.cli("env", "--json")).stdout);
  const headers = { authorization: `Bearer ${MLFLOW_TRACKING_TOKEN}` };
  const wire = openWire({ url: running.url, headers }, LANES);
  const { experiment_id: experiment } = await wire.post("experiments/create", { name: "searched" });

  await spreadOver(count, LANES, async (index) => {
    const start = STARTED + index * 1000;
    const { run } = await wire.post("runs/create", {
      experiment_id: experiment,
      run_name: `run-${index}`,
      start_time: start,
    });
    await wire.post("runs/log-batch", {
      run_id: run.info.run_id,
      metrics: Array.from({ length: 20 }, (_, m) => ({
        key: `m${m}`,
        value: ((index * (m + 1) * 7919) % 100_003) / 100_003,
        timestamp: start,
        step: 0,
      })),
      params: Array.from({ length: 20 }, (_, p) => ({ key: `p${p}`, value: `v${(index + p) % 20}` })),
      tags: [
        { key: "team", value: `team-${index % 50}` },
        { key: "note", value: `trained on ${(index * 2_654_435_761) % 2 ** 32} with care` },
      ],
    });
  });

  const search = (asked: object) =>
    wire.post("runs/search", { experiment_ids: [experiment], max_results: 100, ...asked });
  const searches: readonly (readonly [name: string, asked: object])[] = [
    ["no filter", {}],
    ["metric and param", { filter: "metrics.m3 > 0.5 and params.p1 = 'v7'" }],
    ["metric and no such param", { filter: "metrics.m3 > 0.5 and params.p1 = 'none'" }],
    ["by a metric, greatest first", { order_by: ["metrics.m5 DESC"] }],
    ["by a metric, least first", { order_by: ["metrics.m5 ASC"] }],
    [
      "metric and param by a metric",
      { filter: "metrics.m3 > 0.5 and params.p1 = 'v7'", order_by: ["metrics.m5"] },
    ],
    ["tag LIKE, beginning, common", { filter: "tags.team LIKE 'team-1%'" }],
    ["tag LIKE, beginning, rare", { filter: "tags.note LIKE 'trained on 12345%'" }],
    ["tag LIKE, middle, common", { filter: "tags.team LIKE '%1%'" }],
    ["tag LIKE, middle, rare", { filter: "tags.note LIKE '%12345%'" }],
    ["one of two params", { filter: "params.p1 = 'v7' or params.p2 = 'v9'" }],
  ];
  for (const [name, asked] of searches) {
    await search(asked);
    const times: number[] = [];
    for (let repeat = 0; repeat < REPEATS; repeat += 1)
      times.push(1000 * (await seconds(() => search(asked))));
    tell(`${count} runs, ${name}, p95`, times, { budget: BUDGET_MS });
  }

  const everything = async () => {
    let token = "";
    do {
      const page = await search({ max_results: 1000, page_token: token });
      token = page.next_page_token ?? "";
    } while (token !== "");
  };
  tell(`${count} runs, everything in pages of 1,000`, [1000 * (await seconds(everything))]);

  const runs: string[] = (await search({ max_results: CURVES })).runs.map(
    (run: { info: { run_id: string } }) => run.info.run_id,
  );
  await spreadOver(runs.length * 10, LANES, async (index) => {
    const from = (index % 10) * 1000;
    await wire.post("runs/log-batch", {
      run_id: runs[Math.floor(index / 10)],
      metrics: Array.from({ length: CURVE_POINTS / 10 }, (_, step) => ({
        key: "curve",
        value: Math.sin((from + step) / 300) + Math.random() / 10,
        timestamp: STARTED + from + step,
        step: from + step,
      })),
    });
  });
  const curves = async () => {
    const { curves: found } = await running.client.experiments.sampleCurves({ runs, metrics: ["curve"] });
    if (found.length !== runs.length) throw new Error(`${found.length} curves of ${runs.length}`);
  };
  const times: number[] = [];
  for (let repeat = 0; repeat < 5; repeat += 1) times.push(1000 * (await seconds(curves)));
  tell(`curves of ${runs.length} runs x ${CURVE_POINTS} points`, times, { budget: 1000 });
  wire.close();
} finally {
  await running.stop();
  await removeFolder(running.dataDir);
}

function tell(line: string, times: readonly number[], more: { budget?: number } = {}): void {
  const sorted = times.toSorted((a, b) => a - b);
  const p95 = sorted[Math.ceil(sorted.length * 0.95) - 1] ?? Number.NaN;
  report({
    bench: "experiments-search",
    line,
    who: "causeway",
    unit: "ms",
    ...spread(times),
    median: round(p95),
    ...more,
  });
}
