import { askDriver, type Database, isConnectionLost } from "../../platform/database/index.ts";
import { createBoundedMap } from "./bounded-map.ts";
import {
  pointRows,
  type Refusal,
  type RunEntry,
  splitClashes,
  splitDead,
  textRows,
  type Waiting,
} from "./log-group.ts";
import type { ParamText } from "./param-clash.ts";
import { runLogStore, type TextRow } from "./run-log-store.ts";
import { RUN_NAME_TAG } from "./run-tags.ts";
import type { RunFacts } from "./tracked-runs-store.ts";

/** Most callers and points of one commit. */
const MOST_CALLERS = 500;
const MOST_POINTS = 20_000;
/** Runs whose series are kept in memory. */
const MOST_RUNS = 5_000;

/** A series, and the greatest step that this process knows of it: none that is not there is greater. */
type KnownSeries = { readonly id: number; lastStep: number };

/** Series of a run by name. */
type RunSeries = Map<string, KnownSeries>;

/** Adds to runs; callers of one moment share a commit, and each has its own error. */
export type RunLogWriter = ReturnType<typeof createRunLogWriter>;

/** Makes the writer: one loop per process, which keeps the order within a run. */
export function createRunLogWriter(parts: {
  database: Pick<Database, "keyed">;
  /** Told of the runs that a commit changed. */
  onCommit: (runs: readonly RunFacts[]) => void;
}) {
  const { keyed } = parts.database;
  /** Series of metrics by the key of their run. They live as long as their run. */
  const known = createBoundedMap<number, RunSeries>(MOST_RUNS);
  let waiting: Waiting[] = [];
  let isWriting = false;

  /** Settles when the entry is on the disk. */
  function add(entry: RunEntry): Promise<void> {
    return new Promise((resolve, reject) => {
      waiting.push({ entry, resolve, reject });
      if (isWriting) return;
      isWriting = true;
      // Who asks in the same turn of the event loop joins.
      setImmediate(() => void writeAll());
    });
  }

  async function writeAll(): Promise<void> {
    while (waiting.length > 0) await write(takeGroup());
    isWriting = false;
  }

  function takeGroup(): Waiting[] {
    let points = 0;
    let count = 0;
    for (const { entry } of waiting) {
      points += entry.points.length;
      if (count > 0 && (points > MOST_POINTS || count >= MOST_CALLERS)) break;
      count += 1;
    }
    const group = waiting.slice(0, count);
    waiting = waiting.slice(count);
    return group;
  }

  /** Writes a group; where it fails as a whole, each by itself, so that the one at fault is told and the rest is kept. */
  async function write(group: readonly Waiting[]): Promise<void> {
    try {
      await writeOnce(group).catch((error: unknown) => {
        if (!hasCode(error, DUPLICATE)) throw error;
        // Another process has stored one of these points: their series are read anew, with the runs locked.
        for (const { entry } of group) known.delete(entry.run.key);
        return writeOnce(group);
      });
    } catch (error) {
      if (group.length === 1 || isConnectionLost(error)) for (const { reject } of group) reject(error);
      else for (const one of group) await write([one]);
    }
  }

  function writeOnce(group: readonly Waiting[]): Promise<void> {
    if (arePoints(group)) return writePoints(group);
    return areTexts(group) ? writeTextsAlone(group) : writeMixed(group);
  }

  /** True where a group has points of known series alone: one statement writes it. */
  function arePoints(group: readonly Waiting[]): boolean {
    return group.every(
      ({ entry: { run, params, tags, points } }) =>
        params.length === 0 &&
        tags.length === 0 &&
        points.length > 0 &&
        points.every(({ name }) => known.get(run.key)?.has(name) === true),
    );
  }

  async function writePoints(group: readonly Waiting[]): Promise<void> {
    const series = new Map(group.map(({ entry: { run } }) => [run.key, known.get(run.key) ?? new Map()]));
    const live = await insertPoints(runLogStore(askDriver(keyed)), group, series);
    if (live.length === series.size) return settle(group);
    const { kept, refused } = splitDead(group, new Set(live));
    refuse(refused);
    if (kept.length > 0) await write(kept);
  }

  /** One statement writes params and tags where nothing stands against them; else each caller is told of its own. */
  async function writeTextsAlone(group: readonly Waiting[]): Promise<void> {
    const runs = [...new Set(group.map(({ entry }) => entry.run.key))];
    const params = textRows(group, (entry) => entry.params);
    const tags = textRows(group, (entry) => entry.tags);
    const isWritten = await runLogStore(askDriver(keyed))
      .insertTexts({ runs, params, tags })
      .catch((error: unknown) => {
        if (hasCode(error, NOT_NULL)) return false;
        throw error;
      });
    if (isWritten) settle(group);
    else await writeMixed(group);
  }

  /** Stores points of known series; answers the runs that are there. */
  async function insertPoints(
    store: ReturnType<typeof runLogStore>,
    group: readonly Waiting[],
    series: ReadonlyMap<number, RunSeries>,
  ): Promise<number[]> {
    const rows = pointRows(group, (run, name) => series.get(run.key)?.get(name));
    const areNew = rows.series.every(
      ({ isRising, points: [first], series: { lastStep } }) =>
        isRising && (first?.step ?? lastStep) > lastStep,
    );
    const live = await (areNew ? store.insertNewPoints(rows, false) : store.insertPoints(rows, false));
    if (live.length === rows.runs.length)
      for (const { last, series: one } of rows.series) one.lastStep = Math.max(one.lastStep, last.step);
    return live;
  }

  async function writeMixed(group: readonly Waiting[]): Promise<void> {
    const client = await keyed.connect();
    let broken: unknown;
    try {
      await client.query("begin");
      const store = runLogStore(askDriver(client));
      const runs = [...new Set(group.map(({ entry }) => entry.run.key))];
      const live = new Set(await store.lockRuns(runs, false));
      const living = splitDead(group, live);
      const clashes = splitClashes(living.kept, await knownParams(store, living.kept));
      const { kept } = clashes;
      await writeTexts(store, kept);
      const series = await seriesOf(store, kept);
      if (kept.some(({ entry }) => entry.points.length > 0)) await insertPoints(store, kept, series);
      await client.query("commit");
      remember(series);
      settle(kept);
      // Told only now: had the commit failed, each would be tried again by itself.
      refuse([...living.refused, ...clashes.refused]);
    } catch (error) {
      broken = error;
      await client.query("rollback").catch(() => undefined); // a lost connection has rolled back by itself
      throw error;
    } finally {
      client.release(isConnectionLost(broken));
    }
  }

  async function seriesOf(
    store: ReturnType<typeof runLogStore>,
    group: readonly Waiting[],
  ): Promise<Map<number, RunSeries>> {
    const wanted = new Map<number, { run: RunFacts; names: Set<string> }>();
    for (const { entry } of group) {
      const names = wanted.get(entry.run.key)?.names ?? new Set<string>();
      for (const { name } of entry.points) names.add(name);
      wanted.set(entry.run.key, { run: entry.run, names });
    }
    const series = new Map<number, RunSeries>();
    const missing: { run: RunFacts; name: string }[] = [];
    for (const { run, names } of [...wanted.values()].sort((a, b) => a.run.key - b.run.key)) {
      const own: RunSeries = new Map(known.get(run.key));
      series.set(run.key, own);
      for (const name of [...names].sort()) if (!own.has(name)) missing.push({ run, name });
    }
    if (missing.length === 0) return series;
    for (const { run, name, series: id, lastStep } of await store.ensureSeries(missing))
      series.get(run)?.set(name, { id, lastStep: lastStep ?? Number.NEGATIVE_INFINITY });
    return series;
  }

  function remember(series: ReadonlyMap<number, RunSeries>): void {
    for (const [run, own] of series) if (own.size > 0) known.set(run, own);
  }

  function settle(group: readonly Waiting[]): void {
    for (const { resolve } of group) resolve();
    parts.onCommit([...new Set(group.map(({ entry }) => entry.run))]);
  }

  function refuse(refused: readonly Refusal[]): void {
    for (const { one, error } of refused) {
      known.delete(one.entry.run.key);
      one.reject(error);
    }
  }

  return { add };
}

/** What PostgreSQL calls a row that is there already, and a null where none may be. */
const DUPLICATE = "23505";
const NOT_NULL = "23502";

const hasCode = (error: unknown, code: string): boolean =>
  error instanceof Error && "code" in error && error.code === code;

/** True where a group has texts alone: no name of a run, which is in its row too, and each param once. */
function areTexts(group: readonly Waiting[]): boolean {
  const seen = new Set<string>();
  return group.every(
    ({ entry: { run, params, tags, points } }) =>
      points.length === 0 &&
      tags.every(([name]) => name !== RUN_NAME_TAG) &&
      params.every(([name]) => {
        const place = `${run.key}/${name}`;
        return !seen.has(place) && seen.add(place);
      }),
  );
}

async function knownParams(
  store: ReturnType<typeof runLogStore>,
  group: readonly Waiting[],
): Promise<ParamText[]> {
  const asked = group.flatMap(({ entry: { run, params } }) =>
    params.map(([name, value]): TextRow => ({ run, name, value })),
  );
  return asked.length === 0 ? [] : store.findParams(asked);
}

async function writeTexts(store: ReturnType<typeof runLogStore>, group: readonly Waiting[]): Promise<void> {
  const params = textRows(group, ({ params: own }) => own);
  if (params.length > 0) await store.insertParams(params);
  const tags = textRows(group, ({ tags: own }) => own);
  if (tags.length === 0) return;
  await store.upsertTags(tags);
  const names = tags.filter(({ name }) => name === RUN_NAME_TAG);
  if (names.length > 0) await store.renameRuns(names);
}
