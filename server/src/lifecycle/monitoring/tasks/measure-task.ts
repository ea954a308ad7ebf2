import { readFile } from "node:fs/promises";
import type { Estimate, Json, MetricMoment } from "@causeway/contract";
import { windowLevel } from "@causeway/statistics";
import { defineTask } from "../../../platform/processes/index.ts";
import { type ColumnCount, type Duck, openDuck, summarizeGroups } from "../../data/index.ts";
import { isMoved, truthTable } from "../../deployments/index.ts";
import { EvaluationDocument, type ReferenceProfile } from "../../registry/index.ts";
import { edgesOf, planColumns, referenceEdgesOf } from "../column-plan.ts";
import { judgedRows } from "../labelled-rows.ts";
import {
  countsQuery,
  coverageQuery,
  groupedRows,
  labelledQuery,
  labelledTable,
  logRelation,
  momentsQuery,
  versionsQuery,
} from "../log-query.ts";
import type {
  Measured,
  MeasuredWindow,
  MeasureOrder,
  ServedVersion,
  WindowProfile,
} from "../measure-order.ts";
import { judgedMetric, judgePerformance } from "../performance-judgement.ts";
import { chooseVersion } from "../version-choice.ts";
import { assembleWindow, type Counted } from "../window-assembly.ts";
import { closedWindows, countedWindows, seasonStart, type WindowSpan, windowCut } from "../window-plan.ts";

const MEMORY_BYTES = 640 * 2 ** 20;
/** New windows of one task; each of them is kept as a transaction of its own. */
const MOST_WINDOWS = 120;
const QUARTER_SECONDS = 900;
const MINUTE_SECONDS = 60;

/** Computes windows of a monitor over the files of the log: which are closed, what is in them, and what that says. */
export const measureTask = defineTask<MeasureOrder>({
  name: "monitoring.measure",
  async run(order, { scratch, progress }): Promise<Json> {
    const duck = await openDuck({ threads: 2, memoryBytes: MEMORY_BYTES, temporary: scratch });
    try {
      return (await measure(duck, order, progress)) as unknown as Json; // made of JSON values only
    } catch (error) {
      if (isMoved(error)) return { moved: true };
      throw error;
    } finally {
      duck.close();
    }
  },
});

async function measure(
  duck: Duck,
  order: MeasureOrder,
  progress: (progress: { done: number; total: number | null; unit: string }) => void,
): Promise<Measured> {
  const { prepare, relation } = logRelation(order.sources, order.versions);
  await duck.run(prepare);
  const closed = await cutWindows(duck, relation, order);
  const fresh = closed.slice(0, MOST_WINDOWS);
  const spans = [
    ...order.restated.map((span) => ({ span, restated: true })),
    ...fresh.map((span) => ({ span, restated: false })),
  ].toSorted((a, b) => a.span.start - b.span.start);
  const more = fresh.length < closed.length;
  if (spans.length === 0) return { windows: [], more };

  const made = new Map<number, WindowProfile>();
  const counted = await countRows(duck, relation, { order, spans, made });
  const windows = counted.map(({ span }) => span);
  const names = [
    ...new Set(counted.flatMap(({ reference }) => reference?.columns.map(({ name }) => name) ?? [])),
  ].filter((name) => !order.settings.drift.without.includes(name));
  const rows = groupedRows(relation, windows, {
    columns: names,
    answers: counted.map(({ served, reference }) =>
      served === null ? null : { version: served.version, score: reference?.prediction?.score ?? null },
    ),
  });
  const plans = counted.map((window) => planColumns(window, order));
  const found = await summarizeGroups(duck, { source: rows, groups: plans });
  const truth = await readTruth(duck, order.truth);
  const coverage = truth === null ? new Map() : await readCoverage(duck, relation, { truth, windows });
  const classes = [...new Set(order.versions.flatMap(({ signature }) => signature.classes))];
  if (truth !== null) await duck.run(labelledTable(rows, truth, classes));

  const measured: MeasuredWindow[] = [];
  const alarmed = new Map(order.history.map(({ start, alarmed: did }) => [start, did]));
  for (const [place, window] of counted.entries()) {
    const level = windowLevel({
      falseAlarms: order.settings.drift.falseAlarms,
      history: [...alarmed].filter(([start]) => start < window.span.start).map(([, did]) => did),
    });
    const columns = found[place] ?? new Map<string, ColumnCount>();
    const covered = coverage.get(place) ?? { labelled: 0, lag: null };
    const performance =
      truth === null || window.served === null
        ? null
        : await measurePerformance(duck, { classes, place, window, order });
    const result = assembleWindow({ window, columns, level, covered, performance, order });
    made.set(window.span.start, result.profile);
    alarmed.set(window.span.start, result.summary.alarms.length > 0);
    measured.push(result);
    progress({ done: place + 1, total: counted.length, unit: "windows" });
  }
  return { windows: measured, more };
}

/** The new windows that are closed. */
async function cutWindows(
  duck: Duck,
  relation: string,
  { cut, settings }: MeasureOrder,
): Promise<WindowSpan[]> {
  if (cut === null) return [];
  const { after, closedUntil, before } = cut;
  const by = windowCut(settings);
  if (by === null) {
    if (typeof settings.window === "string") return [];
    const lines = await duck.rows(countsQuery(relation, after));
    const moments = lines.map(([time, rows]) => ({ time: Number(time), rows: Number(rows) }));
    return countedWindows(moments, { rows: settings.window.rows, before, closedUntil });
  }
  const seconds = windowSeconds(settings.window);
  const query = momentsQuery(relation, { after, until: closedUntil, seconds });
  const times = (await duck.rows(query)).map(([time]) => Math.max(Number(time), after ?? Number(time)));
  return closedWindows(times, by, { after, closedUntil });
}

/** Every offset of a zone is a multiple of a quarter of an hour. */
function windowSeconds(window: MeasureOrder["settings"]["window"]): number {
  const isCoarse =
    typeof window === "string" && /^(\d+ ?)?(month|d|day|days|week|weeks|h|hour|hours)$/.test(window);
  return isCoarse ? QUARTER_SECONDS : MINUTE_SECONDS;
}

async function countRows(
  duck: Duck,
  relation: string,
  known: {
    order: MeasureOrder;
    spans: readonly { span: WindowSpan; restated: boolean }[];
    made: ReadonlyMap<number, WindowProfile>;
  },
): Promise<Counted[]> {
  const { order, spans, made } = known;
  const lines = await duck.rows(
    versionsQuery(
      relation,
      spans.map(({ span }) => span),
    ),
  );
  const references = new Map<number, ReferenceProfile | null>();
  const served = new Map(order.versions.map((version) => [version.version, version]));
  const counted: Counted[] = [];
  const edgesAt = new Map<number, ReadonlyMap<string, readonly number[]>>(
    order.profiles.map(({ start, profile }) => [start, edgesOf(profile)]),
  );
  for (const [place, { span, restated }] of spans.entries()) {
    const own = lines.filter(([group]) => Number(group) === place);
    const answered = own
      .map(([, version, rows]) => ({ version: Number(version), rows: Number(rows) }))
      .toSorted((a, b) => b.rows - a.rows);
    const chosen = chooseVersion(answered, order.settings.drift.leastRows);
    const version = chosen === null ? null : (served.get(chosen.version) ?? null);
    if (version !== null && !references.has(version.version))
      references.set(version.version, await readReference(version));
    const reference = version === null ? null : (references.get(version.version) ?? null);
    const cut = windowCut(order.settings);
    const start = cut === null || !order.settings.drift.season ? null : seasonStart(span.start, cut);
    const seasonEdges = start === null ? undefined : edgesAt.get(start);
    if (reference !== null) edgesAt.set(span.start, referenceEdgesOf(reference));
    counted.push({
      span,
      restated,
      answered,
      received: {
        from: isoOf(Math.min(...own.map(([, , , from]) => Number(from)))),
        until: isoOf(Math.max(...own.map(([, , , , until]) => Number(until)))),
      },
      served: version,
      judgedRows: chosen?.rows ?? 0,
      reference,
      season:
        start === null || seasonEdges === undefined
          ? null
          : {
              start,
              profile: () => made.get(start) ?? order.profiles.find((one) => one.start === start)?.profile,
            },
      seasonEdges: seasonEdges ?? new Map(),
    });
  }
  return counted.filter(({ answered }) => answered.length > 0);
}

function isoOf(time: number): string {
  return new Date(Number.isFinite(time) ? time : 0).toISOString();
}

async function readReference({ reference }: ServedVersion): Promise<ReferenceProfile | null> {
  if (reference === null) return null;
  const document = EvaluationDocument.safeParse(JSON.parse(await readFile(reference.path, "utf8")));
  return document.success ? (document.data.reference ?? null) : null;
}

/** The truth as a table in memory, so that it is read once; not a temporary one, which other connections do not see. */
async function readTruth(duck: Duck, path: string | null): Promise<string | null> {
  if (path === null) return null;
  await duck.run(`create table truth as select "id", "value", "occurredAt" from ${truthTable(path)}`);
  return "truth";
}

async function readCoverage(
  duck: Duck,
  relation: string,
  { truth, windows }: { truth: string; windows: readonly WindowSpan[] },
) {
  const lines = await duck.rows(coverageQuery(relation, truth, windows));
  return new Map(
    lines.map(([place, labelled, p50, p95]) => [
      Number(place),
      { labelled: Number(labelled), lag: { p50: Number(p50), p95: Number(p95) } },
    ]),
  );
}

async function measurePerformance(
  duck: Duck,
  known: { classes: readonly string[]; place: number; window: Counted; order: MeasureOrder },
): Promise<{ moments: MetricMoment[]; unknown: number; labelled: number } | null> {
  const { served } = known.window;
  if (served === null) return null;
  const { signature, report } = served;
  const scores = signature.classes.map((label) => known.classes.indexOf(label));
  const lines = await duck.rows(labelledQuery(known.place, scores));
  const { judged, unknown } = judgedRows(
    lines.map(([predicted = null, value, ...own]) => ({
      predicted: predicted === null ? null : String(predicted),
      truth: String(value),
      scores: own.map((score) => (typeof score === "number" ? score : null)),
    })),
    { ...signature, positive: report?.positive ?? null },
  );
  const { leastLabelled, metric, confidence } = known.order.settings.performance;
  const labelled = lines.length - unknown;
  if (judged === null || labelled < leastLabelled) return { moments: [], unknown, labelled };
  const reference: readonly Estimate[] = report?.metrics ?? [];
  const moments = judgePerformance(judged, {
    metric: judgedMetric(metric, signature),
    confidence,
    reference,
  });
  return { moments, unknown, labelled };
}
