import type { Alert, AlertFact, Estimate, NotJudged, QualityFact } from "@causeway/contract";
import type { Format } from "../lib/format.ts";
import type { Translate } from "../lib/words.tsx";
import { windowName } from "./window-name.ts";

type Words = { t: Translate; format: Format };
type Fact<Says extends AlertFact["says"]> = Extract<AlertFact, { says: Says }>;
type Moment = NonNullable<Fact<"performance">["moment"]>;

/** Columns that a title names. */
const NAMED = 3;
const LEAST_P = 0.001;

/** The title of an alert in the reader's language; the server's own words where it keeps no figures. */
export function alertTitle(alert: Pick<Alert, "title" | "facts">, words: Words): string {
  return alert.facts === undefined ? alert.title : alertSentence(alert.facts.title, words);
}

/** The evidence of an alert, sentence by sentence, likewise. */
export function alertEvidence(alert: Pick<Alert, "evidence" | "facts">, words: Words): string[] {
  return alert.facts?.evidence.map((fact) => alertSentence(fact, words)) ?? alert.evidence;
}

/** What is wrong with a column's values. */
export function qualityText(
  { problem, fact }: { problem: string; fact?: QualityFact | null | undefined },
  { t, format }: Words,
): string {
  if (fact == null) return problem;
  const examples =
    fact.examples.length === 0 ? "" : t("alertFact.suchAs", { examples: fact.examples.join(", ") });
  return t(`alertFact.problem.${fact.kind}`, {
    share: format.percent(fact.share),
    reference: format.percent(fact.referenceShare ?? 0),
    examples,
  });
}

/** Why a window is not judged. */
export function notJudgedText(
  { why, reason }: { why?: NotJudged | undefined; reason: string | null },
  { t, format }: Words,
): string {
  switch (why?.says) {
    case undefined:
      return reason ?? "";
    case "version-gone":
      return t("alertFact.versionGone");
    case "no-reference":
      return t("alertFact.noReference", { model: why.model, version: String(why.version) });
    case "few-rows":
      return t("alertFact.fewRows", { rows: why.rows, least: format.count(why.least) });
    default:
      return why satisfies never;
  }
}

function alertSentence(fact: AlertFact, words: Words): string {
  const { t, format } = words;
  const figure = (value: number | null) => (value === null ? t("alertFact.unknown") : format.metric(value));
  const window = "window" in fact ? windowName(fact.window, words) : "";
  switch (fact.says) {
    case "columns-moved":
      return t("alertFact.columnsMoved", { columns: listed(fact.columns, t), window });
    case "predictions-moved":
      return t("alertFact.predictionsMoved", { window, effect: figure(fact.effect) });
    case "performance-fell":
      return fellSentence(fact, words);
    case "quality-fell":
      return t("alertFact.qualityFell", {
        column: fact.column ?? t("alertFact.aColumn"),
        window,
        problem: qualityText(
          { problem: fact.problem ?? t("alertFact.notAsTrained"), fact: fact.fact },
          words,
        ),
      });
    case "requests-failed":
      return t("alertFact.requestsFailed", {
        errors: format.count(fact.errors),
        requests: format.count(fact.requests),
        window,
      });
    case "truth-is-absent":
      return t("alertFact.truthAbsent", { window });
    case "column":
      return columnSentence(fact, words);
    case "more-columns":
      return t("alertFact.moreColumns", { count: fact.count });
    case "no-season":
    case "season":
      return t(fact.says === "season" ? "alertFact.season" : "alertFact.noSeason", {
        columns: fact.columns
          .map(({ column, psi }) => t("alertFact.movedColumn", { column, psi: figure(psi) }))
          .join(", "),
      });
    case "prediction":
      return t(fact.moved ? "alertFact.predictionMoved" : "alertFact.predictionSteady", {
        column: fact.column,
        effect: figure(fact.effect),
        psi: figure(fact.psi),
      });
    case "performance":
      return performanceSentence(fact, words);
    case "quality":
      return t("alertFact.quality", { column: fact.column, problem: qualityText(fact, words) });
    case "service":
      return serviceSentence(fact, words);
    case "no-truth":
      return t("alertFact.noTruth", { rows: fact.rows, window });
    case "first-window":
      return t("alertFact.firstWindow", { window });
    case "since":
      return t("alertFact.since", { window, windows: fact.windows });
    default:
      return fact satisfies never;
  }
}

function fellSentence({ window: title, moment }: Fact<"performance-fell">, words: Words): string {
  const window = windowName(title, words);
  if (moment === null) return words.t("alertFact.performanceWorse", { window });
  return words.t(moment.lessIsBetter ? "alertFact.performanceRose" : "alertFact.performanceFell", {
    metric: moment.metric,
    value: estimateText(moment.now, words.format),
    window,
    more: against(moment, words),
  });
}

function performanceSentence({ window, labelled, moment }: Fact<"performance">, words: Words): string {
  const { t, format } = words;
  if (moment === null)
    return t("alertFact.performanceUnsaid", { labelled, window: windowName(window, words) });
  const { difference, promised } = moment;
  const more = [
    against(moment, words),
    difference === null ? "" : t("alertFact.difference", { difference: estimateText(difference, format) }),
    promised === null ? "" : t("alertFact.promised", { promised: format.metric(promised) }),
  ];
  return t("alertFact.performance", {
    metric: moment.metric,
    value: estimateText(moment.now, format),
    labelled,
    more: more.join(""),
  });
}

function against({ reference }: Moment, { t, format }: Words): string {
  return reference === null ? "" : t("alertFact.reference", { reference: format.metric(reference) });
}

function columnSentence(fact: Fact<"column">, { t, format }: Words): string {
  const { column, kind, change, effect, psi, adjustedP, rows } = fact;
  const of =
    change === null
      ? ""
      : change.of === "median"
        ? t("alertFact.median", { now: format.plain(change.now), reference: format.plain(change.reference) })
        : t("alertFact.value", {
            value: change.value,
            now: format.percent(change.now),
            reference: format.percent(change.reference),
          });
  return t("alertFact.column", {
    column,
    change: of,
    measure: t(`alertFact.measure.${kind}`),
    effect: format.metric(effect),
    psi: psi === null ? t("alertFact.unknown") : format.metric(psi),
    p:
      adjustedP < LEAST_P
        ? t("alertFact.under", { limit: format.metric(LEAST_P) })
        : format.metric(adjustedP),
    rows,
  });
}

function serviceSentence({ requests }: Fact<"service">, { t, format }: Words): string {
  if (requests === null) return t("alertFact.serviceUnknown");
  const { all, errors, p99Ms } = requests;
  return t("alertFact.service", {
    errors: format.count(errors),
    requests: format.count(all),
    slow: p99Ms === null ? "" : t("alertFact.slow", { p99: format.plain(p99Ms) }),
  });
}

function estimateText({ value, low, high }: Estimate, format: Format): string {
  return low === null || high === null
    ? format.metric(value)
    : `${format.metric(value)} (${format.interval(low, high)})`;
}

function listed(columns: readonly string[], t: Translate): string {
  if (columns.length === 0) return t("alertFact.someColumns");
  const named = columns.slice(0, NAMED).join(", ");
  const rest = columns.length - NAMED;
  return rest > 0 ? t("alertFact.andMore", { columns: named, count: rest }) : named;
}
