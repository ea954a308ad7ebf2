/**
 * Tracking beside real MLflow servers, through MLflow's own REST API and its Python client: start, memory, writing, reading, search,
 * artifacts, a training session. `node bench/mlflow.ts <python with mlflow> [lines] [runs] [servers]`: `lines` is a list such as
 * `start,write,session,search,series,artifacts`, `runs` how many runs the searched experiment has (10000), `servers` a part of the names of
 * the servers to measure. Each server and its database have one core, the load the other; `ratio` tells how many times better ours is.
 */
import { execFile, execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { buildPrograms } from "../scripts/set-up.js";
import { report, spread } from "./src/report.ts";
import {
  CAUSEWAY,
  LOAD_CORE,
  mlflowServers,
  SERVER_CORE,
  type ServerKind,
  type TrackingServer,
} from "./src/tracking-servers.ts";
import { openWire, rate, seconds, spreadOver, type Wire } from "./src/wire-load.ts";

// As after `npm start`: a source that changed since would be measured in their place.
await buildPrograms();

const LINES = ["start", "write", "session", "series", "artifacts", "search"] as const;
const CONNECTIONS = 16;
const SECONDS = 4;
const REPEATS = 3;
const BIG_BYTES = 300_000_000;
const SMALL_FILES = 500;
/** Searches of one kind; where they are slow, as many as this time allows. */
const SEARCHES = 20;
const SEARCH_SECONDS = 60;

/** What one server did: a number per line, repeats included. Greater is better unless the unit is one of time or memory. */
type Found = Map<string, { unit: string; values: number[] }>;

const [python = "python3", chosen = LINES.join(","), runsGiven = "10000", servers = ""] =
  process.argv.slice(2);
const wanted = new Set(chosen.split(","));
const runCount = Number(runsGiven);
const run = promisify(execFile);

execFileSync("taskset", ["-apc", LOAD_CORE, String(process.pid)], { stdio: "ignore" });
const folder = await mkdtemp(join(tmpdir(), "causeway-bench-"));
const results: { who: string; found: Found }[] = [];
try {
  for (const kind of [CAUSEWAY, ...mlflowServers(python)]) {
    if (!kind.who.includes(servers)) continue;
    const found: Found = new Map();
    results.push({ who: kind.who, found });
    await measure(kind, join(folder, kind.who.replaceAll(/\W+/g, "-")), found);
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}

/** Measures the wanted lines; each part is told when it is done, because all of them take long. */
async function measure(kind: ServerKind, place: string, found: Found): Promise<void> {
  const add = (line: string, unit: string, value: number) => {
    const known = found.get(line) ?? { unit, values: [] };
    known.values.push(value);
    found.set(line, known);
  };
  let told = 0;
  const tellNew = () => {
    tell(kind.who, new Map([...found].slice(told)));
    told = found.size;
  };
  let server = await kind.start(place);
  if (wanted.has("start")) {
    for (let repeat = 0; repeat < REPEATS; repeat += 1) {
      await server.stop();
      server = await kind.start(place);
      add("a later start", "s", server.readySeconds);
    }
    add("memory at rest", "MB", await server.memoryMB());
    tellNew();
  }
  const wire = openWire(server, CONNECTIONS);
  try {
    const parts: Record<string, () => Promise<void>> = {
      write: () => measureWrites(wire, add),
      series: () => measureSeries(wire, add),
      artifacts: () => measureArtifacts(wire, add),
      search: () => measureSearch({ kind, place, wire, add }),
      // The last: ours goes on building the environment of the model that was registered.
      session: () => measureSession(server, add),
    };
    for (const [name, part] of Object.entries(parts)) {
      if (!wanted.has(name)) continue;
      await part();
      tellNew();
    }
  } finally {
    wire.close();
    await server.stop();
  }
}

type Add = (line: string, unit: string, value: number) => void;

async function newExperiment(wire: Wire): Promise<string> {
  const { experiment_id: id } = await wire.post("experiments/create", {
    name: `bench-${randomBytes(6).toString("hex")}`,
  });
  return String(id);
}

async function newRun(wire: Wire, experiment: string, startTime = Date.now()): Promise<string> {
  const body = { experiment_id: experiment, user_id: "bench", start_time: startTime, tags: [] };
  const { run: made } = await wire.post("runs/create", body);
  return String(made.info.run_id);
}

async function measureWrites(wire: Wire, add: Add): Promise<void> {
  const experiment = await newExperiment(wire);
  const runs = await Promise.all(Array.from({ length: CONNECTIONS }, () => newRun(wire, experiment)));
  const runOf = (lane: number) => runs[lane] ?? "";
  const params = Array.from({ length: 20 }, (_, index) => ({ key: `p${index}`, value: String(index) }));
  const metrics = batch(0, 5);
  for (const one of runs) await wire.post("runs/log-batch", { run_id: one, params, metrics });
  for (let repeat = 0; repeat < REPEATS; repeat += 1) {
    const offset = repeat * 1_000_000;
    const metric = (lane: number, step: number) =>
      wire.post("runs/log-metric", {
        run_id: runOf(lane),
        key: "loss",
        value: Math.random(),
        timestamp: Date.now(),
        step: offset + step,
      });
    add("log-metric, 16 connections", "1/s", await rate(CONNECTIONS, SECONDS, metric));
    add(
      "log-metric, one after another",
      "1/s",
      await rate(1, SECONDS, (lane, n) => metric(lane, 500_000 + n)),
    );
    const many = (lane: number, count: number) =>
      wire.post("runs/log-batch", { run_id: runOf(lane), metrics: batch(offset + count * 50, 50) });
    add("log-batch of 1,000", "metrics/s", 1000 * (await rate(4, SECONDS, many)));
    const get = (lane: number) => wire.get(`runs/get?run_id=${runOf(lane)}`);
    add("runs/get, 16 connections", "1/s", await rate(CONNECTIONS, SECONDS, get));
  }
}

/** 20 metrics of some steps each: 50 steps are the 1,000 of a full batch. */
function batch(from: number, steps: number) {
  const timestamp = Date.now();
  return Array.from({ length: 20 * steps }, (_, index) => ({
    key: `m${index % 20}`,
    value: Math.random(),
    timestamp,
    step: from + Math.floor(index / 20),
  }));
}

async function measureSession({ variables }: TrackingServer, add: Add): Promise<void> {
  const script = fileURLToPath(new URL("peers/mlflow_session.py", import.meta.url));
  for (let repeat = 0; repeat < REPEATS; repeat += 1) {
    const { stdout } = await run("taskset", ["-c", LOAD_CORE, python, script], {
      env: { ...process.env, ...variables },
    });
    add("training session by the Python client", "s", Number(stdout.trim().split("\n").at(-1)));
  }
}

async function measureSeries(wire: Wire, add: Add): Promise<void> {
  const one = await newRun(wire, await newExperiment(wire));
  const points = (from: number) =>
    Array.from({ length: 1000 }, (_, index) => ({
      key: "curve",
      value: Math.sin(from + index),
      timestamp: 1_700_000_000_000 + from + index,
      step: from + index,
    }));
  const write = async () => {
    for (let from = 0; from < 100_000; from += 1000)
      await wire.post("runs/log-batch", { run_id: one, metrics: points(from) });
  };
  add("a metric of 100,000 points written", "s", await seconds(write));
  for (let repeat = 0; repeat < REPEATS; repeat += 1)
    add("a metric of 100,000 points read", "s", await seconds(() => readAll(wire, one)));
}

async function readAll(wire: Wire, one: string): Promise<void> {
  let token = "";
  let read = 0;
  do {
    const page = await wire.get(
      `metrics/get-history?run_id=${one}&metric_key=curve&max_results=25000${token === "" ? "" : `&page_token=${encodeURIComponent(token)}`}`,
    );
    const { metrics = [], next_page_token: next = "" } = JSON.parse(String(page));
    read += metrics.length;
    token = next;
  } while (token !== "");
  if (read !== 100_000) throw new Error(`read ${read} points of 100,000`);
}

async function measureArtifacts(wire: Wire, add: Add): Promise<void> {
  const experiment = await newExperiment(wire);
  const one = await newRun(wire, experiment);
  const place = `/api/2.0/mlflow-artifacts/artifacts/${experiment}/${one}/artifacts`;
  const small = randomBytes(4096);
  for (let repeat = 0; repeat < REPEATS; repeat += 1) {
    const big = randomBytes(BIG_BYTES);
    const up = await seconds(() => wire.send("PUT", `${place}/big-${repeat}.bin`, big));
    const down = await seconds(() => wire.send("GET", `${place}/big-${repeat}.bin`));
    add("300 MB artifact up", "MB/s", BIG_BYTES / 1e6 / up);
    add("300 MB artifact down", "MB/s", BIG_BYTES / 1e6 / down);
    const files = async () => {
      for (let index = 0; index < SMALL_FILES; index += 1) {
        small.writeUInt32LE(repeat * SMALL_FILES + index);
        await wire.send("PUT", `${place}/small-${repeat}/${index}.bin`, small);
      }
    };
    add("500 artifacts of 4 kB", "1/s", SMALL_FILES / (await seconds(files)));
  }
}

type Searched = { kind: ServerKind; place: string; wire: Wire; add: Add };

async function measureSearch({ kind, place, wire, add }: Searched): Promise<void> {
  const experiment = await newExperiment(wire);
  await seed({ kind, place, wire, experiment });
  const asked = {
    "no filter": {},
    "metric and param": { filter: "metrics.m3 > 0.5 and params.p1 = 'v7'" },
    "by a metric": { order_by: ["metrics.m5 DESC"] },
    "tag LIKE": { filter: "tags.team LIKE 'team-1%'" },
  };
  const search = (more: object) =>
    wire.post("runs/search", { experiment_ids: [experiment], max_results: 100, ...more });
  for (const [name, more] of Object.entries(asked)) {
    const times: number[] = [];
    const until = performance.now() + SEARCH_SECONDS * 1000;
    while (times.length < SEARCHES && (times.length < 3 || performance.now() < until)) {
      times.push(await seconds(() => search(more)));
    }
    times.sort((a, b) => a - b);
    add(
      `search of ${runCount} runs, ${name}, p95`,
      "s",
      times[Math.min(times.length - 1, Math.floor(times.length * 0.95))] ?? Number.NaN,
    );
  }
  const everything = async () => {
    let token: string | undefined;
    let read = 0;
    do {
      const page = await search({ max_results: 1000, page_token: token });
      read += page.runs?.length ?? 0;
      token = page.next_page_token;
    } while (token !== undefined && token !== "");
    if (read !== runCount) throw new Error(`read ${read} runs of ${runCount}`);
  };
  add(`search of ${runCount} runs, everything in pages of 1,000`, "s", await seconds(everything));
}

/** The same runs for every server: through its own API for ours, straight into the database for MLflow, which would take an hour. */
async function seed({
  kind,
  place,
  wire,
  experiment,
}: Omit<Searched, "add"> & { experiment: string }): Promise<void> {
  if (kind !== CAUSEWAY) {
    const script = fileURLToPath(new URL("peers/mlflow_seed.py", import.meta.url));
    const address = kind.who.includes("postgres")
      ? `postgresql+psycopg2://mlflow@/postgres?host=/tmp/causeway-bench-pg-${process.pid}`
      : `sqlite:///${join(place, "mlflow.db")}`;
    await run("taskset", ["-c", LOAD_CORE, python, script, address, experiment, String(runCount)]);
    return;
  }
  await spreadOver(runCount, CONNECTIONS, async (index) => {
    const started = 1_700_000_000_000 + index * 1000;
    const one = await newRun(wire, experiment, started);
    await wire.post("runs/log-batch", {
      run_id: one,
      metrics: Array.from({ length: 20 }, (_, m) => ({
        key: `m${m}`,
        value: ((index * (m + 1) * 7919) % 100_003) / 100_003,
        timestamp: 1_700_000_000_000,
        step: 0,
      })),
      params: Array.from({ length: 20 }, (_, p) => ({ key: `p${p}`, value: `v${(index + p) % 20}` })),
      tags: [
        { key: "team", value: `team-${index % 50}` },
        { key: "mlflow.user", value: "bench" },
      ],
    });
    await wire.post("runs/update", { run_id: one, status: "FINISHED", end_time: started + 500 });
  });
}

function tell(who: string, found: Found): void {
  const ours = results.find((result) => result.who === CAUSEWAY.who)?.found;
  for (const [line, { unit, values }] of found) {
    const base = { bench: "mlflow", line, who, unit, ...spread(values) };
    const own = ours?.get(line)?.values;
    if (who === CAUSEWAY.who || own === undefined) report(base);
    else report({ ...base, ratio: advantage(unit, spread(own).median, base.median) });
  }
}

/** How many times better ours is than a peer: above 1 ours is faster or smaller. */
function advantage(unit: string, own: number, peer: number): number {
  const lessIsBetter = unit === "s" || unit === "MB";
  return Number((lessIsBetter ? peer / own : own / peer).toPrecision(3));
}

process.stderr.write(`servers on core ${SERVER_CORE}, load on core ${LOAD_CORE}\n`);
