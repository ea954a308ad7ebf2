import type { AlertKind, ColumnDrift, Json, MetricMoment } from "@causeway/contract";
import type { Streak } from "./alert-decision.ts";
import type { AlertContent } from "./alerts-store.ts";
import { psiOf } from "./columns-over-time.ts";
import { percent } from "./drift-judgement.ts";
import type { WindowDetail, WindowSummary } from "./windows-store.ts";

/** Columns that evidence names one by one. */
const MOST_COLUMNS = 5;

/** What an alert says of the windows that show it; `detail` is that of the newest one. */
export function alertContent(
  kind: AlertKind,
  { windows, version }: Streak,
  detail: WindowDetail,
): AlertContent {
  const [newest] = windows;
  const first = windows.at(-1) ?? newest;
  const since =
    windows.length === 1
      ? `It is the first window that shows it: ${newest.title}.`
      : `Since ${first.title}, in ${windows.length} windows.`;
  return {
    severity: kind === "performance" ? "critical" : "warning",
    title: titleOf(kind, newest),
    evidence: [...evidenceOf(kind, newest, detail), since],
    data: dataOf(newest, detail),
    model: newest.model,
    version,
    since: first.start,
    until: newest.end,
    windows: windows.length,
  };
}

function titleOf(kind: AlertKind, window: WindowSummary): string {
  const { title, drift, prediction, performance, quality, service } = window;
  switch (kind) {
    case "data-drift":
      return `${listed(drift.drifted)} moved away from the reference in ${title}`;
    case "prediction-drift":
      return `Predictions moved away from the reference in ${title} (distance ${figure(prediction?.effect)})`;
    case "performance": {
      const moment = performance?.[0];
      return moment === undefined ? `Performance fell in ${title}` : performanceTitle(moment, title);
    }
    case "quality":
      return `${quality[0]?.column ?? "A column"} in ${title}: ${quality[0]?.problem ?? "values are not as in training"}`;
    case "service":
      return `${service?.errors ?? 0} of ${service?.requests ?? 0} requests failed or were slow in ${title}`;
    case "truth":
      return `No truth has come for the predictions of ${title}`;
    default:
      return kind satisfies never;
  }
}

function performanceTitle({ metric, now, reference, lessIsBetter }: MetricMoment, title: string): string {
  const against = reference === null ? "" : `; the reference is ${figure(reference.value)}`;
  return `${metric} ${lessIsBetter ? "rose" : "fell"} to ${interval(now)} in ${title}${against}`;
}

function evidenceOf(kind: AlertKind, window: WindowSummary, detail: WindowDetail): string[] {
  const drifted = detail.columns.filter((column) => column.drifted).toSorted((a, b) => b.effect - a.effect);
  const columns = drifted.slice(0, MOST_COLUMNS).map(columnSentence);
  const rest = drifted.length - columns.length;
  const moved = [
    ...columns,
    ...(rest > 0 ? [`${rest} more columns moved.`] : []),
    ...seasonSentences(drifted),
  ];
  const prediction = detail.predictionDrift === null ? [] : [predictionSentence(detail.predictionDrift)];
  switch (kind) {
    case "data-drift":
      return [...moved, ...prediction, performanceSentence(window)];
    case "prediction-drift":
      return [...prediction, ...moved, performanceSentence(window)];
    case "performance":
      return [performanceSentence(window), ...prediction, ...moved];
    case "quality":
      return [...window.quality.map(({ column, problem }) => `${column}: ${problem}.`), ...prediction];
    case "service":
      return [serviceSentence(window)];
    case "truth":
      return [
        `${count(window.rows)} predictions of ${window.title} were answered, and none has its truth. How good the model is cannot be said.`,
      ];
    default:
      return kind satisfies never;
  }
}

function columnSentence(column: ColumnDrift): string {
  const measure = column.kind === "numeric" ? "KS distance" : "total variation";
  return `${column.column}: ${changeOf(column)}${measure} ${figure(column.effect)}, psi ${figure(psiOf(column))}, adjusted p ${probability(column.adjustedP)}, ${count(column.rows)} rows.`;
}

function changeOf({ shape }: ColumnDrift): string {
  if (shape.kind === "numeric") {
    const { current, reference } = shape.medians;
    return current === null || reference === null
      ? ""
      : `median ${figure(current)}, ${figure(reference)} in the reference; `;
  }
  const now = totalOf(shape, "current");
  const before = totalOf(shape, "reference");
  const changes = shape.values.map((one) => ({
    value: one.value,
    now: one.current / now,
    before: one.reference / before,
  }));
  const [most] = changes.toSorted((a, b) => Math.abs(b.now - b.before) - Math.abs(a.now - a.before));
  return most === undefined
    ? ""
    : `"${most.value}" ${percent(most.now)}, ${percent(most.before)} in the reference; `;
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
function seasonSentences(drifted: readonly ColumnDrift[]): string[] {
  const known = drifted.filter(({ season }) => season !== null);
  if (known.length === 0) return [];
  const fresh = known.filter(({ season }) => season?.drifted);
  const same = known.filter(({ season }) => season !== null && !season.drifted);
  const name = ({ column, season }: ColumnDrift) => `${column} (psi ${figure(season?.psi)})`;
  return [
    ...(fresh.length === 0
      ? []
      : [`Against the same period a year before these moved as well: ${fresh.map(name).join(", ")}.`]),
    ...(same.length === 0
      ? []
      : [`As in the same period a year before, so mostly the season: ${same.map(name).join(", ")}.`]),
  ];
}

function predictionSentence({ column, drifted, effect, scores }: ColumnDrift): string {
  const figures = `distance ${figure(effect)}, psi ${figure(psiOf({ scores }))}`;
  return `Predictions (${column}) ${drifted ? "moved" : "did not move"}: ${figures}.`;
}

function performanceSentence({ performance, coverage, title }: WindowSummary): string {
  const moment = performance?.[0];
  if (moment === undefined)
    return `${count(coverage.labelled)} rows of ${title} have their truth: performance cannot be said yet.`;
  const { metric, now, reference, difference, promised } = moment;
  const against = reference === null ? "" : `; the reference is ${figure(reference.value)}`;
  const beyond = difference === null ? "" : `, difference ${interval(difference)}`;
  const own =
    promised === null || promised === undefined ? "" : `; its own scores promise ${figure(promised)}`;
  return `${metric} is ${interval(now)} on ${count(coverage.labelled)} rows with truth${against}${beyond}${own}.`;
}

function serviceSentence({ service }: WindowSummary): string {
  if (service === null) return "Nothing is known of the requests.";
  const slow = service.p99Ms === null ? "" : `; 99 % were answered within ${figure(service.p99Ms)} ms`;
  return `${count(service.errors)} of ${count(service.requests)} requests failed (5xx or 429)${slow}.`;
}

function dataOf(window: WindowSummary, { columns }: WindowDetail): Record<string, Json> {
  const moment = window.performance?.[0];
  return {
    window: window.start,
    rows: window.rows,
    labelled: window.coverage.labelled,
    drifted: window.drift.drifted,
    effects: Object.fromEntries(
      columns.filter(({ drifted }) => drifted).map(({ column, effect }) => [column, effect]),
    ),
    metric: moment?.metric ?? null,
    value: moment?.now.value ?? null,
    reference: moment?.reference?.value ?? null,
  };
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 3);
  const rest = names.length - shown.length;
  if (shown.length === 0) return "Columns";
  return rest > 0 ? `${shown.join(", ")} and ${rest} more columns` : shown.join(", ");
}

function interval({ value, low, high }: { value: number; low: number | null; high: number | null }): string {
  return low === null || high === null
    ? figure(value)
    : `${figure(value)} (${figure(low)} to ${figure(high)})`;
}

function figure(value: number | null | undefined): string {
  if (value === null || value === undefined) return "unknown";
  if (Number.isInteger(value)) return count(value);
  return Math.abs(value) >= 100 ? count(Math.round(value)) : String(Number(value.toFixed(3)));
}

function probability(value: number): string {
  return value < 0.001 ? "under 0.001" : String(Number(value.toPrecision(2)));
}

function count(value: number): string {
  return value.toLocaleString("en-US");
}
