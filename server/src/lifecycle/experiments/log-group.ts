import { type MetricSummary, type Point, summarize } from "./metric-summary.ts";
import { type ParamText, paramClash } from "./param-clash.ts";
import type { PointRows, TextRow } from "./run-log-store.ts";
import { deletedRun } from "./run-refusals.ts";
import type { RunFacts } from "./tracked-runs-store.ts";

/** What one caller adds to one run; each name of params once. */
export type RunEntry = {
  readonly run: RunFacts;
  readonly params: readonly (readonly [name: string, value: string])[];
  readonly tags: readonly (readonly [name: string, value: string])[];
  readonly points: readonly Point[];
};

/** A caller and what it adds. */
export type Waiting = {
  readonly entry: RunEntry;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
};

/** A caller that is told an error. */
export type Refusal = { readonly one: Waiting; readonly error: unknown };
/** Callers whose entries are written, and those that are refused. */
export type Split = { readonly kept: Waiting[]; readonly refused: Refusal[] };

/** Sorts out those whose run is deleted. */
export function splitDead(group: readonly Waiting[], live: ReadonlySet<number>): Split {
  const split: Split = { kept: [], refused: [] };
  for (const one of group) {
    const { run } = one.entry;
    if (live.has(run.key)) split.kept.push(one);
    else split.refused.push({ one, error: deletedRun(run.id) });
  }
  return split;
}

/** Sorts out those whose params have another value already, also by an earlier one of the group or twice in themselves. */
export function splitClashes(group: readonly Waiting[], known: readonly ParamText[]): Split {
  const split: Split = { kept: [], refused: [] };
  const values = new Map(known.map(({ run, name, value }) => [`${run}/${name}`, value]));
  for (const one of group) {
    const own = new Map<string, string>();
    const clash = findClash(one.entry, (place) => own.get(place) ?? values.get(place), own);
    if (clash !== undefined) {
      split.refused.push({ one, error: paramClash(clash) });
      continue;
    }
    for (const [place, value] of own) values.set(place, value);
    split.kept.push(one);
  }
  return split;
}

/** The first param whose value is not the one that is known; those before it are added to `seen`. */
function findClash(
  { run, params }: RunEntry,
  valueAt: (place: string) => string | undefined,
  seen: Map<string, string>,
): { name: string; kept: string; given: string } | undefined {
  for (const [name, given] of params) {
    const place = `${run.key}/${name}`;
    const kept = valueAt(place);
    if (kept !== undefined && kept !== given) return { name, kept, given };
    seen.set(place, given);
  }
  return undefined;
}

/** One row for each name of a run, the value of the latest, in one order for all writers. */
export function textRows(
  group: readonly Waiting[],
  textsOf: (entry: RunEntry) => readonly (readonly [string, string])[],
): TextRow[] {
  const rows = new Map<string, TextRow>();
  for (const { entry } of group) {
    for (const [name, value] of textsOf(entry))
      rows.set(`${entry.run.key}/${name}`, { run: entry.run, name, value });
  }
  return [...rows.values()].sort((a, b) => a.run.key - b.run.key || (a.name < b.name ? -1 : 1));
}

/** Points of a group under their series, in the order of series: those of one lie together in the index. */
export function pointRows<Series extends { readonly id: number }>(
  group: readonly Waiting[],
  seriesOf: (run: RunFacts, name: string) => Series | undefined,
): PointRows<Series> {
  const byRun = new Map<number, { run: RunFacts; metrics: Map<string, MetricSummary> }>();
  for (const { entry } of group) {
    const { run, points } = entry;
    const before = byRun.get(run.key);
    if (before === undefined) byRun.set(run.key, { run, metrics: summarize(points) });
    else summarize(points, before.metrics);
  }
  const rows = [...byRun.values()].flatMap(({ run, metrics }) =>
    [...metrics].map(([name, summary]) => {
      const series = seriesOf(run, name);
      if (series === undefined) throw new Error(`the metric ${name} of run ${run.id} has no series`);
      return { ...summary, series };
    }),
  );
  return { runs: [...byRun.keys()], series: rows.sort((a, b) => a.series.id - b.series.id) };
}
