import type { AlertFact } from "@causeway/contract";
import { percent } from "./drift-judgement.ts";

type Fact<Says extends AlertFact["says"]> = Extract<AlertFact, { says: Says }>;
type Moment = NonNullable<Fact<"performance">["moment"]>;

/** A fact of an alert as messages and the command line say it. */
export function alertSentence(fact: AlertFact): string {
  switch (fact.says) {
    case "columns-moved":
      return `${listed(fact.columns)} moved away from the reference in ${fact.window}`;
    case "predictions-moved":
      return `Predictions moved away from the reference in ${fact.window} (distance ${figure(fact.effect)})`;
    case "performance-fell":
      return performanceTitle(fact);
    case "quality-fell":
      return `${fact.column ?? "A column"} in ${fact.window}: ${fact.problem ?? "values are not as in training"}`;
    case "requests-failed":
      return `${fact.errors} of ${fact.requests} requests failed or were slow in ${fact.window}`;
    case "truth-is-absent":
      return `No truth has come for the predictions of ${fact.window}`;
    case "column":
      return columnSentence(fact);
    case "more-columns":
      return `${fact.count} more columns moved.`;
    case "no-season":
      return `Against the same period a year before these moved as well: ${moved(fact.columns)}.`;
    case "season":
      return `As in the same period a year before, so mostly the season: ${moved(fact.columns)}.`;
    case "prediction":
      return `Predictions (${fact.column}) ${fact.moved ? "moved" : "did not move"}: distance ${figure(fact.effect)}, psi ${figure(fact.psi)}.`;
    case "performance":
      return performanceSentence(fact);
    case "quality":
      return `${fact.column}: ${fact.problem}.`;
    case "service":
      return serviceSentence(fact);
    case "no-truth":
      return `${count(fact.rows)} predictions of ${fact.window} were answered, and none has its truth. How good the model is cannot be said.`;
    case "first-window":
      return `It is the first window that shows it: ${fact.window}.`;
    case "since":
      return `Since ${fact.window}, in ${fact.windows} windows.`;
    default:
      return fact satisfies never;
  }
}

function performanceTitle({ window, moment }: Fact<"performance-fell">): string {
  if (moment === null) return `Performance fell in ${window}`;
  const { metric, now, lessIsBetter } = moment;
  return `${metric} ${lessIsBetter ? "rose" : "fell"} to ${interval(now)} in ${window}${against(moment)}`;
}

function columnSentence({ column, kind, change, effect, psi, adjustedP, rows }: Fact<"column">): string {
  const measure = kind === "numeric" ? "KS distance" : "total variation";
  return `${column}: ${changeText(change)}${measure} ${figure(effect)}, psi ${figure(psi)}, adjusted p ${probability(adjustedP)}, ${count(rows)} rows.`;
}

function changeText(change: Fact<"column">["change"]): string {
  if (change === null) return "";
  return change.of === "median"
    ? `median ${figure(change.now)}, ${figure(change.reference)} in the reference; `
    : `"${change.value}" ${percent(change.now)}, ${percent(change.reference)} in the reference; `;
}

function moved(columns: Fact<"season">["columns"]): string {
  return columns.map(({ column, psi }) => `${column} (psi ${figure(psi)})`).join(", ");
}

function performanceSentence({ window, labelled, moment }: Fact<"performance">): string {
  if (moment === null)
    return `${count(labelled)} rows of ${window} have their truth: performance cannot be said yet.`;
  const { metric, now, difference, promised } = moment;
  const beyond = difference === null ? "" : `, difference ${interval(difference)}`;
  const own = promised === null ? "" : `; its own scores promise ${figure(promised)}`;
  return `${metric} is ${interval(now)} on ${count(labelled)} rows with truth${against(moment)}${beyond}${own}.`;
}

function against({ reference }: Moment): string {
  return reference === null ? "" : `; the reference is ${figure(reference)}`;
}

function serviceSentence({ requests }: Fact<"service">): string {
  if (requests === null) return "Nothing is known of the requests.";
  const { all, errors, p99Ms } = requests;
  const slow = p99Ms === null ? "" : `; 99 % were answered within ${figure(p99Ms)} ms`;
  return `${count(errors)} of ${count(all)} requests failed (5xx or 429)${slow}.`;
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
