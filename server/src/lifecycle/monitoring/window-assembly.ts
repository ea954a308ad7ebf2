import type { MetricMoment, NotJudged } from "@causeway/contract";
import { type ColumnCount, type KeptSummary, keptSummary } from "../data/index.ts";
import { inputColumn } from "../deployments/index.ts";
import type { ReferenceProfile } from "../registry/index.ts";
import { psiOf } from "./columns-over-time.ts";
import { type DriftJudgement, judgeDrift, type MeasuredColumn } from "./drift-judgement.ts";
import { ANSWERED_NUMBER, ANSWERED_TEXT } from "./log-query.ts";
import type { MeasuredWindow, MeasureOrder, ServedVersion, WindowProfile } from "./measure-order.ts";
import { isWorse } from "./performance-judgement.ts";
import type { VersionRows } from "./version-choice.ts";
import { alarmsOf } from "./window-alarms.ts";
import type { WindowSpan } from "./window-plan.ts";

/** A window with what is known of its rows before any column is looked at. */
export type Counted = {
  readonly span: WindowSpan;
  readonly restated: boolean;
  readonly answered: readonly VersionRows[];
  readonly received: MeasuredWindow["received"];
  readonly served: ServedVersion | null;
  readonly judgedRows: number;
  readonly reference: ReferenceProfile | null;
  readonly season: { readonly start: number; readonly profile: () => WindowProfile | undefined } | null;
  readonly seasonEdges: ReadonlyMap<string, readonly number[]>;
};

/** Rows with truth, and how long it took to come. */
export type Covered = { readonly labelled: number; readonly lag: { p50: number; p95: number } | null };

/** Puts together what is known of a window. */
export function assembleWindow(known: {
  window: Counted;
  columns: ReadonlyMap<string, ColumnCount>;
  level: number;
  covered: Covered;
  performance: { moments: MetricMoment[]; unknown: number; labelled: number } | null;
  order: MeasureOrder;
}): MeasuredWindow {
  const { window, columns, level, covered, performance, order } = known;
  const { span, served, reference } = window;
  const rows = window.answered.reduce((sum, one) => sum + one.rows, 0);
  const { settings } = order;
  const why = reasonNotJudged(window, settings.drift.leastRows);
  const measured = reference === null ? [] : measuredColumns(window, columns);
  const answered = reference === null ? null : measuredAnswer(window, columns);
  const judgement: DriftJudgement = judgeDrift(measured, answered, { ...settings, level });
  const judged = why === null;
  const drifted = judged ? judgement.columns.filter((one) => one.drifted) : [];
  const moments = performance === null || performance.moments.length === 0 ? null : performance.moments;
  const [first] = moments ?? [];
  const largest = judgement.columns.toSorted((a, b) => b.effect - a.effect)[0];
  const { prediction } = judgement;
  const quality = judged ? [...judgement.quality] : [];
  const profile: WindowProfile = {
    version: served?.version ?? 0,
    columns: measured.map(({ name, current }) => ({ name, summary: keptSummary(current) })),
    prediction: answered === null ? null : keptSummary(answered.current),
  };
  return {
    span,
    restated: window.restated,
    received: window.received,
    summary: {
      start: new Date(span.start).toISOString(),
      end: new Date(span.end).toISOString(),
      title: span.title,
      model: served?.model ?? order.versions[0]?.model ?? "",
      versions: [...window.answered],
      rows,
      coverage: {
        labelled: covered.labelled,
        share: rows === 0 ? null : covered.labelled / rows,
        lagSeconds: covered.lag,
      },
      level,
      drift: {
        judged,
        reason: why === null ? null : notJudgedText(why),
        ...(why === null ? {} : { why }),
        columns: judgement.columns.length,
        drifted: drifted.toSorted((a, b) => b.effect - a.effect).map(({ column }) => column),
        largest:
          largest === undefined
            ? null
            : { column: largest.column, effect: largest.effect, psi: psiOf(largest) ?? 0 },
      },
      prediction:
        prediction === null
          ? null
          : {
              effect: prediction.effect,
              psi: psiOf(prediction) ?? 0,
              adjustedP: prediction.adjustedP,
              drifted: judged && prediction.drifted,
            },
      performance: moments,
      quality,
      alarms: alarmsOf({
        drifted: drifted.length > 0,
        predictionDrifted: judged && (prediction?.drifted ?? false),
        worse: first !== undefined && isWorse(first, settings.performance),
        quality: quality.length > 0,
      }),
    },
    detail: {
      columns: [...judgement.columns],
      predictionDrift: prediction,
      reference:
        served === null || reference === null || served.reference === null
          ? null
          : {
              digest: served.reference.digest,
              version: served.version,
              rows: reference.rows,
              title: `evaluation of ${served.model} version ${served.version}`,
            },
    },
    profile,
    problem: problemOf(window, performance?.unknown ?? 0),
  };
}

function reasonNotJudged(
  { judgedRows: rows, served, reference }: Counted,
  leastRows: number,
): NotJudged | null {
  if (served === null) return { says: "version-gone" };
  const { model, version } = served;
  if (reference === null) return { says: "no-reference", model, version };
  return rows < leastRows ? { says: "few-rows", rows, least: leastRows } : null;
}

function notJudgedText(why: NotJudged): string {
  switch (why.says) {
    case "version-gone":
      return "The version that answered is not registered any more";
    case "no-reference":
      return `Version ${why.version} of ${why.model} has no reference`;
    case "few-rows":
      return `${why.rows} rows are too few to be judged; ${why.least} are needed`;
    default:
      return why satisfies never;
  }
}

/** What a person should do so that windows can be compared; null when all is well. */
function problemOf({ served, reference }: Counted, unknown: number): string | null {
  if (served !== null && reference === null) {
    return `Version ${served.version} of ${served.model} was registered without the profile of an evaluation, so its windows are shown and not compared. npx --no causeway registry evaluate ${served.model} ${served.version} <dataset@version> --target <column> gives it one; pipelines with evaluate and register give it to the next version.`;
  }
  const whole = served?.signature.inputs.filter(({ type }) => type === "tensor") ?? [];
  if (whole.length > 0) {
    const tensors = whole.map(({ name, tensor }) => `${name} [${tensor?.shape.join(", ") ?? ""}]`);
    return `Version ${served?.version} of ${served?.model} takes tensors that are no tables (${tensors.join("; ")}): their numbers are not watched. Its answers, volume, latency and errors are.`;
  }
  if (unknown > 0)
    return `${unknown} rows have a truth that is none of the model's classes, and are not judged.`;
  return null;
}

function measuredColumns(window: Counted, columns: ReadonlyMap<string, ColumnCount>): MeasuredColumn[] {
  const season = window.season?.profile();
  return (window.reference?.columns ?? []).flatMap(({ name, summary }) => {
    const before = season?.columns.find((column) => column.name === name)?.summary;
    const count = columns.get(inputColumn(name));
    const made = measuredColumn({ name, reference: summary, count, before, window });
    return made === null ? [] : [made];
  });
}

function measuredAnswer(window: Counted, columns: ReadonlyMap<string, ColumnCount>): MeasuredColumn | null {
  const prediction = window.reference?.prediction ?? null;
  if (prediction === null) return null;
  const { title, summary } = prediction;
  const count = columns.get(summary.kind === "numeric" ? ANSWERED_NUMBER : ANSWERED_TEXT);
  const before = window.season?.profile()?.prediction ?? undefined;
  return measuredColumn({ name: title, reference: summary, count, before, window });
}

function measuredColumn(known: {
  name: string;
  reference: KeptSummary;
  count: ColumnCount | undefined;
  before: KeptSummary | undefined;
  window: Counted;
}): MeasuredColumn | null {
  const { name, reference, count, before, window } = known;
  const [current, onSeason = current] = count?.summaries ?? [];
  if (count === undefined || current === undefined || onSeason === undefined) return null;
  return {
    name,
    reference,
    current,
    outside: count.outside,
    examples: count.examples,
    season:
      window.season === null || before === undefined || before.kind !== onSeason.kind
        ? null
        : { start: new Date(window.season.start).toISOString(), reference: before, current: onSeason },
  };
}
