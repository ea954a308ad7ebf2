/**
 * Writing and reading of runs by the service alone, without HTTP: `node bench/experiments-ingest.ts [seconds]`. This process and
 * its database share one core. Beside each rate stands the processor time that one of its items takes, of both together: it
 * tells what a core could do where other work on the machine takes a part of it.
 */
import { execFileSync } from "node:child_process";
import { randomBytes, randomUUID } from "node:crypto";
import { chmodSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import {
  createArtifactTree,
  createRunSearch,
  createRunWriter,
  createTracking,
} from "../server/src/lifecycle/experiments/index.ts";
import { systemCall } from "../server/src/platform/access/index.ts";
import { createArtifacts } from "../server/src/platform/artifacts/index.ts";
import { createAudit } from "../server/src/platform/audit/index.ts";
import { migrate, openDatabase, startEmbedded } from "../server/src/platform/database/index.ts";
import { createEvents } from "../server/src/platform/events/index.ts";
import { createLineage } from "../server/src/platform/lineage/index.ts";
import { createLog } from "../server/src/platform/log/index.ts";
import { report, spread } from "./src/report.ts";

const REPEATS = 3;
const WRITERS = 16;
/** Ticks of a second in /proc. */
const TICKS = 100;
const secondsEach = Number(process.argv[2] ?? 3);

execFileSync("taskset", ["-apc", "1", String(process.pid)], { stdio: "ignore" });
const folder = mkdtempSync(join(tmpdir(), "causeway-bench-"));
chmodSync(folder, 0o711); // the database runs as another user, who must get to its own folder
const embedded = await startEmbedded({
  dataDir: folder,
  log: createLog({ dataDir: folder, role: "control", level: "error", console: process.stderr }),
});
const database = openDatabase({ url: embedded.url, applicationName: "bench" });
try {
  await migrate(database);
  await measure();
} finally {
  await database.close();
  await embedded.remove();
  rmSync(folder, { recursive: true, force: true });
}

async function measure(): Promise<void> {
  const { db } = database;
  const now = () => new Date();
  const newId = randomUUID;
  const newRunId = () => randomBytes(16).toString("hex");
  const audit = createAudit({ db, newId });
  const events = createEvents({ database, audit, newId, now });
  const artifacts = createArtifacts({ root: join(folder, "artifacts"), database });
  const tree = createArtifactTree({ database, artifacts });
  const writer = createRunWriter({ artifacts, tree, events, lineage: createLineage({ db }), now, newRunId });
  const search = createRunSearch({ database });
  const tracking = createTracking({
    database,
    events,
    audit,
    now,
    newRunId,
    random: Math.random,
    writer,
    search,
  });
  const call = systemCall({ project: "default", environment: "dev" }, "bench");
  const start = () => tracking.createRun({ experiment: "0", user: "bench", tags: {} }, call);
  const runs = await Promise.all(Array.from({ length: WRITERS }, start));
  const runOf = (lane: number) => runs[lane % runs.length]?.id ?? "";
  const atMs = Date.now();

  /** 1,000 points of some metrics. */
  const batch = (names: number, from: number) =>
    Array.from({ length: 1000 }, (_, index) => ({
      name: `m${index % names}`,
      step: from + Math.floor(index / names),
      value: Math.random(),
      atMs,
    }));
  for (let lane = 0; lane < WRITERS; lane += 1) {
    const params = Array.from({ length: 20 }, (_, index) => [`p${index}`, String(index)] as const);
    await tracking.addToRun({ run: runOf(lane), params, points: batch(20, 0) }, call);
  }
  // Steps go on from repeat to repeat: a point that is there already would cost less.
  let step = 1000;
  const next = () => {
    step += 1;
    return step;
  };
  const point = (lane: number) => {
    const points = [{ name: "loss", step: next(), value: Math.random(), atMs }];
    return tracking.addToRun({ run: runOf(lane), points }, call);
  };
  const many = (names: number) => (lane: number) => {
    const from = step;
    step += 1000 / names;
    return tracking.addToRun({ run: runOf(lane), points: batch(names, from) }, call);
  };
  const get = (lane: number) => tracking.getRun({ run: runOf(lane) }, call);

  await line("runs with 20 metrics and 20 params read, 16 at once", { width: WRITERS, items: 1, work: get });
  await line("log of a metric, 16 at once", { width: WRITERS, items: 1, work: point });
  await line("log of a metric, one after the other", { width: 1, items: 1, work: point });
  await line("points of 20 metrics, 1,000 a call, 4 at once", { width: 4, items: 1000, work: many(20) });
  await line("points of 1,000 metrics, 1,000 a call, 4 at once", { width: 4, items: 1000, work: many(1000) });
  await line("runs opened, 4 at once", { width: 4, items: 1, work: start });
}

/** Rates of one kind of call, and the processor time of an item. */
async function line(
  name: string,
  { width, items, work }: { width: number; items: number; work: (lane: number) => Promise<unknown> },
): Promise<void> {
  const rates: number[] = [];
  const times: number[] = [];
  for (let repeat = 0; repeat < REPEATS; repeat += 1) {
    const used = await processorSeconds();
    const begun = performance.now();
    const end = begun + secondsEach * 1000;
    let done = 0;
    const lane = async (_: unknown, index: number) => {
      while (performance.now() < end) {
        await work(index);
        done += items;
      }
    };
    await Promise.all(Array.from({ length: width }, lane));
    rates.push((done * 1000) / (performance.now() - begun));
    times.push((((await processorSeconds()) - used) * 1e6) / done);
  }
  report({ bench: "experiments-ingest", line: name, who: "causeway", unit: "1/s", ...spread(rates) });
  report({
    bench: "experiments-ingest",
    line: name,
    who: "causeway",
    unit: "us of cpu each",
    ...spread(times),
  });
}

/** What this process and the database's have used of the processor. */
async function processorSeconds(): Promise<number> {
  const { rows } = await database.pool.query("select pid from pg_stat_activity where pid is not null");
  const ticks = [process.pid, ...rows.map(({ pid }) => Number(pid))].map(ticksOf);
  return ticks.reduce((sum, used) => sum + used, 0) / TICKS;
}

function ticksOf(pid: number): number {
  try {
    const [, fields = ""] = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ");
    const values = fields.split(" ");
    return Number(values[11]) + Number(values[12]);
  } catch {
    return 0; // a process that ended meanwhile
  }
}
