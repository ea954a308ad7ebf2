import { readdir, stat } from "node:fs/promises";
import { join, relative } from "node:path";
import { fail } from "@causeway/contract";
import { openLocalFile } from "./local-file.ts";
import type { Source, SourceFile, SourcePoint, SourceRun, Texts } from "./source.ts";
import { BrokenLog, readWandbLog } from "./wandb-log.ts";
import { decodeWandbRecord, itemName, timeMs, type WandbRecord } from "./wandb-record.ts";

/** Keys that Weights & Biases keeps for itself: the clock and its own notes. */
const OWN_KEY = /^_/;
const SYSTEM_PREFIX = "system/";

type Told = {
  run: NonNullable<WandbRecord["run"]>;
  config: Map<string, string>;
  summary: Map<string, string>;
  user: string;
  exitCode: number | null;
  runtimeSeconds: number;
  lastMs: number;
  lastStep: number;
};

/** Runs that Weights & Biases wrote on this machine: a folder of runs (`wandb/`), or one run's folder. */
export function wandbRuns(root: string, warn: (text: string) => void): Source {
  async function* runs(): AsyncIterable<SourceRun> {
    let found = 0;
    for (const log of await logsIn(root)) {
      found += 1;
      const told = await tell(log, warn);
      if (told === undefined) warn(`${log} is left out: it does not say which run it is of`);
      else yield runOf(log, told, warn);
    }
    if (found > 0) return;
    throw fail("BAD_DATA", {
      message: `${root} has no run of Weights & Biases`,
      field: "source",
      value: root,
      help: "Give the folder `wandb`, which has folders named offline-run-… with a file that ends in .wandb.",
    });
  }
  const none = async function* (): AsyncIterable<never> {};
  return { kind: "wandb", name: root, runs, loggedModels: none, models: none, close: async () => {} };
}

/** The logs of runs in a folder, by name, which begins with the time; a link to the latest run is no second one. */
async function logsIn(root: string): Promise<string[]> {
  const logs: string[] = [];
  const entries = await readdir(root, { withFileTypes: true }).catch(() => []);
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (entry.isFile() && entry.name.endsWith(".wandb")) logs.push(join(root, entry.name));
    else if (entry.isDirectory() && /^(offline-)?run-/.test(entry.name))
      logs.push(...(await logsIn(join(root, entry.name))));
  }
  return logs;
}

/** What a log tells of its run as a whole; undefined where it never names it. */
async function tell(log: string, warn: (text: string) => void): Promise<Told | undefined> {
  const told: Omit<Told, "run"> & { run?: Told["run"] } = {
    config: new Map(),
    summary: new Map(),
    user: "",
    exitCode: null,
    runtimeSeconds: 0,
    lastMs: 0,
    lastStep: 0,
  };
  for await (const record of records(log, warn)) {
    if (record.run !== undefined) {
      told.run = { ...told.run, ...record.run };
      merge(told.config, record.run.config);
    }
    merge(told.config, record.config);
    merge(told.summary, record.summary);
    if (record.environment?.username) told.user = record.environment.username;
    if (record.history !== undefined) {
      const { atMs, step } = clockOf(record.history);
      told.lastMs = Math.max(told.lastMs, atMs);
      told.lastStep = Math.max(told.lastStep, step);
    }
    if (record.exit !== undefined) {
      told.exitCode = record.exit.exitCode ?? 0;
      told.runtimeSeconds = record.exit.runtime ?? 0;
    }
  }
  const { run } = told;
  return run?.runId === undefined ? undefined : { ...told, run };
}

function merge(
  into: Map<string, string>,
  { update = [], remove = [] }: NonNullable<WandbRecord["config"]> = {},
): void {
  for (const item of update) into.set(itemName(item), item.valueJson ?? "null");
  for (const item of remove) into.delete(itemName(item));
}

function runOf(log: string, told: Told, warn: (text: string) => void): SourceRun {
  const { run } = told;
  const project = run.project || "uncategorized";
  const startedMs = timeMs(run.startTime ?? {});
  const endedMs = Math.max(told.lastMs, startedMs + told.runtimeSeconds * 1000);
  return {
    id: `${project}/${run.runId ?? ""}`,
    experiment: project,
    experimentTags: {},
    name: run.displayName || (run.runId ?? ""),
    user: told.user,
    // Without its last record the run was killed, or its machine died.
    state: told.exitCode === null ? "killed" : told.exitCode === 0 ? "finished" : "failed",
    startedAt: new Date(startedMs),
    endedAt: new Date(endedMs),
    deleted: false,
    params: flatten(told.config),
    tags: tagsOf(told),
    datasets: [],
    models: [],
    points: () => pointsOf(log, told, warn),
    files: () => filesOf(join(log, "..", "files")),
  };
}

/** Config as params: nested values under names with dots, lists as JSON. */
function flatten(config: ReadonlyMap<string, string>): Texts {
  const params: Texts = {};
  const add = (name: string, value: unknown): void => {
    if (typeof value === "object" && value !== null && !Array.isArray(value)) {
      for (const [key, inner] of Object.entries(value)) add(`${name}.${key}`, inner);
    } else params[name] = typeof value === "string" ? value : JSON.stringify(value);
  };
  for (const [name, json] of config) if (!OWN_KEY.test(name)) add(name, parseValue(json));
  return params;
}

function tagsOf({ run, summary }: Told): Texts {
  const words: [string, string | undefined][] = [
    ["mlflow.note.content", run.notes],
    ["mlflow.source.git.commit", run.git?.commit],
    ["mlflow.source.git.repoURL", run.git?.remoteUrl],
    ["wandb.id", run.runId],
    ["wandb.group", run.runGroup],
    ["wandb.job_type", run.jobType],
    ["wandb.sweep", run.sweepId],
    ["wandb.tags", run.tags?.join(", ")],
  ];
  const texts = [...summary].flatMap(([name, json]): [string, string][] => {
    const value = parseValue(json);
    return typeof value === "string" && !OWN_KEY.test(name) && !name.includes(".")
      ? [[`wandb.summary.${name}`, value]]
      : [];
  });
  const given = words.filter((pair): pair is [string, string] => pair[1] !== undefined && pair[1] !== "");
  return Object.fromEntries([...given, ...texts]);
}

/** Numbers of the history and of the system, then what only the summary has. Parts of media are files, not metrics. */
async function* pointsOf(log: string, told: Told, warn: (text: string) => void): AsyncIterable<SourcePoint> {
  const seen = new Set<string>();
  let systemStep = 0;
  for await (const { history, stats } of records(log, warn)) {
    const names = (history?.item ?? []).map(itemName);
    const media = new Set(names.filter((name) => name.endsWith("._type")).map((name) => name.slice(0, -6)));
    for (const [index, item] of (history?.item ?? []).entries()) {
      const name = names[index] ?? "";
      const value = numberOf(item.valueJson);
      if (value === undefined || OWN_KEY.test(name) || isWithin(name, media)) continue;
      seen.add(name);
      yield { name, value, ...clockOf(history ?? {}) };
    }
    if (stats === undefined) continue;
    for (const item of stats.item ?? []) {
      const value = numberOf(item.valueJson);
      if (value !== undefined)
        yield {
          name: SYSTEM_PREFIX + itemName(item),
          value,
          step: systemStep,
          atMs: timeMs(stats.timestamp ?? {}),
        };
    }
    systemStep += 1;
  }
  const media = [...told.summary.keys()]
    .filter((name) => name.endsWith("._type"))
    .map((name) => name.slice(0, -6));
  for (const [name, json] of told.summary) {
    const value = numberOf(json);
    if (value === undefined || seen.has(name) || OWN_KEY.test(name) || isWithin(name, new Set(media)))
      continue;
    yield { name, value, step: told.lastStep, atMs: told.lastMs };
  }
}

function isWithin(name: string, groups: ReadonlySet<string>): boolean {
  return name.split(".").some((_, index, parts) => groups.has(parts.slice(0, index).join(".")));
}

function clockOf(history: NonNullable<WandbRecord["history"]>): { step: number; atMs: number } {
  const own = (key: string) =>
    numberOf((history.item ?? []).find((item) => itemName(item) === key)?.valueJson);
  const step = history.step?.num ?? own("_step") ?? 0;
  return { step, atMs: Math.floor((own("_timestamp") ?? 0) * 1000) };
}

async function* records(log: string, warn: (text: string) => void): AsyncIterable<WandbRecord> {
  try {
    for await (const bytes of readWandbLog(log)) yield decodeWandbRecord(bytes);
  } catch (error) {
    if (!(error instanceof BrokenLog)) throw error;
    warn(`${error.message}; what stands before it is taken`);
  }
}

/** A number, or a boolean as 1 or 0; undefined for anything else. */
function numberOf(json: string | undefined): number | undefined {
  const value = json === undefined ? undefined : parseValue(json);
  if (typeof value === "boolean") return value ? 1 : 0;
  return typeof value === "number" ? value : undefined;
}

/** JSON as Python's writer has it: NaN and the infinities stand bare. */
function parseValue(json: string): unknown {
  if (json === "NaN") return Number.NaN;
  if (json === "Infinity" || json === "-Infinity") return Number(json);
  try {
    return JSON.parse(json);
  } catch {
    return json;
  }
}

async function* filesOf(folder: string, root = folder): AsyncIterable<SourceFile> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesOf(path, root);
    else {
      // What a run saves from elsewhere is a link here, which may lead nowhere by now.
      const found = await stat(path).catch(() => undefined);
      if (found?.isFile() === true)
        yield { path: relative(root, path), bytes: found.size, open: () => openLocalFile(path) };
    }
  }
}
