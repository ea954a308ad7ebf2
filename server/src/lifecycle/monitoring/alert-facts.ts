import type { AlertFact, AlertFacts, AlertKind, ColumnDrift, MetricMoment } from "@causeway/contract";
import type { Streak } from "./alert-decision.ts";
import { psiOf } from "./columns-over-time.ts";
import type { WindowDetail, WindowSummary } from "./windows-store.ts";

/** Columns that evidence names one by one. */
const MOST_COLUMNS = 5;

type Fact<Says extends AlertFact["says"]> = Extract<AlertFact, { says: Says }>;

/** What the windows that show an alert say, as figures; `detail` is that of the newest one. */
export function alertFacts(kind: AlertKind, { windows }: Streak, detail: WindowDetail): AlertFacts {
  const [newest] = windows;
  const { title } = windows.at(-1) ?? newest;
  const since: AlertFact =
    windows.length === 1
      ? { says: "first-window", window: newest.title }
      : { says: "since", window: title, windows: windows.length };
  return { title: titleOf(kind, newest), evidence: [...evidenceOf(kind, newest, detail), since] };
}

function titleOf(kind: AlertKind, { title: window, ...found }: WindowSummary): AlertFact {
  const { drift, prediction, performance, quality, service } = found;
  switch (kind) {
    case "data-drift":
      return { says: "columns-moved", window, columns: drift.drifted };
    case "prediction-drift":
      return { says: "predictions-moved", window, effect: prediction?.effect ?? null };
    case "performance":
      return { says: "performance-fell", window, moment: momentOf(performance?.[0]) };
    case "quality": {
      const [first] = quality;
      const { column = null, problem = null, fact = null } = first ?? {};
      return { says: "quality-fell", window, column, problem, fact };
    }
    case "service": {
      const { errors = 0, requests = 0 } = service ?? {};
      return { says: "requests-failed", window, errors, requests };
    }
    case "truth":
      return { says: "truth-is-absent", window };
    default:
      return kind satisfies never;
  }
}

function evidenceOf(kind: AlertKind, window: WindowSummary, detail: WindowDetail): AlertFact[] {
  const drifted = detail.columns.filter((column) => column.drifted).toSorted((a, b) => b.effect - a.effect);
  const columns = drifted.slice(0, MOST_COLUMNS).map(columnFact);
  const rest = drifted.length - columns.length;
  const moved: AlertFact[] = [
    ...columns,
    ...(rest > 0 ? [{ says: "more-columns", count: rest } as const] : []),
    ...seasonFacts(drifted),
  ];
  const prediction = detail.predictionDrift === null ? [] : [predictionFact(detail.predictionDrift)];
  switch (kind) {
    case "data-drift":
      return [...moved, ...prediction, performanceFact(window)];
    case "prediction-drift":
      return [...prediction, ...moved, performanceFact(window)];
    case "performance":
      return [performanceFact(window), ...prediction, ...moved];
    case "quality":
      return [...window.quality.map(qualityFact), ...prediction];
    case "service":
      return [serviceFact(window)];
    case "truth":
      return [{ says: "no-truth", window: window.title, rows: window.rows }];
    default:
      return kind satisfies never;
  }
}

function columnFact(column: ColumnDrift): Fact<"column"> {
  return {
    says: "column",
    column: column.column,
    kind: column.kind,
    change: changeOf(column),
    effect: column.effect,
    psi: psiOf(column),
    adjustedP: column.adjustedP,
    rows: column.rows,
  };
}

function changeOf({ shape }: ColumnDrift): Fact<"column">["change"] {
  if (shape.kind === "numeric") {
    const { current, reference } = shape.medians;
    return current === null || reference === null ? null : { of: "median", now: current, reference };
  }
  const now = totalOf(shape, "current");
  const before = totalOf(shape, "reference");
  const changes = shape.values.map(({ value, current, reference }) => ({
    of: "value" as const,
    value,
    now: current / now,
    reference: reference / before,
  }));
  const [most] = changes.toSorted((a, b) => Math.abs(b.now - b.reference) - Math.abs(a.now - a.reference));
  return most ?? null;
}

function totalOf(
  shape: Extract<ColumnDrift["shape"], { kind: "categorical" }>,
  side: "current" | "reference",
): number {
  return Math.max(
    1,
    shape.values.reduce((sum, one) => sum + one[side], shape.other[side]),
  );
}

/** Says of drifted columns whether it is the season or something new. */
function seasonFacts(drifted: readonly ColumnDrift[]): AlertFact[] {
  const known = drifted.flatMap(({ column, season }) => (season === null ? [] : [{ column, ...season }]));
  const moved = (is: boolean) =>
    known.filter((one) => one.drifted === is).map(({ column, psi }) => ({ column, psi }));
  const [fresh, same] = [moved(true), moved(false)];
  return [
    ...(fresh.length === 0 ? [] : [{ says: "no-season", columns: fresh } as const]),
    ...(same.length === 0 ? [] : [{ says: "season", columns: same } as const]),
  ];
}

function predictionFact({ column, drifted, effect, scores }: ColumnDrift): AlertFact {
  return { says: "prediction", column, moved: drifted, effect, psi: psiOf({ scores }) };
}

function performanceFact({ performance, coverage, title: window }: WindowSummary): AlertFact {
  const moment = momentOf(performance?.[0]);
  return { says: "performance", window, labelled: coverage.labelled, moment };
}

function momentOf(moment: MetricMoment | undefined): Fact<"performance">["moment"] {
  if (moment === undefined) return null;
  const { metric, lessIsBetter, now, reference, difference, promised = null } = moment;
  return { metric, lessIsBetter, now, reference: reference?.value ?? null, difference, promised };
}

function qualityFact({ column, problem, fact }: WindowSummary["quality"][number]): AlertFact {
  return { says: "quality", column, problem, fact: fact ?? null };
}

function serviceFact({ service }: WindowSummary): AlertFact {
  if (service === null) return { says: "service", requests: null };
  const { requests: all, errors, p99Ms } = service;
  return { says: "service", requests: { all, errors, p99Ms } };
}
