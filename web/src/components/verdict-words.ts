import type { Estimate, Gate, GateRule, RuleVerdict } from "@causeway/contract";
import type { Format } from "../lib/format.ts";
import type { Translate } from "../lib/words.tsx";
import { lowerIsBetter } from "./chart-series.ts";

type Words = { t: Translate; format: Format };
type Judged = Pick<Gate, "champion" | "verdicts" | "summary">;

/** Slices that a verdict keeps at most: where it has so many, there may be more, which only the server has counted. */
const KEPT_SLICES = 50;

/** A gate in one sentence: what the first telling rule found where all passed, else why it was refused. */
export function gateSummary(gate: Judged, words: Words): string {
  const { verdicts } = gate;
  const refused = verdicts.filter(({ passed }) => !passed);
  if (refused.length > 0) return refused.map((verdict) => verdictText(verdict, gate, words)).join("; ");
  const telling = verdicts.find(({ difference, challenger }) => (difference ?? challenger) !== null);
  const [first] = verdicts;
  const shown = telling ?? first;
  return shown === undefined ? (gate.summary ?? "") : verdictText(shown, gate, words);
}

/** What a rule found, with its figures; the server's own words where it kept none. */
export function verdictText(verdict: RuleVerdict, gate: Pick<Judged, "champion">, words: Words): string {
  const { rule } = verdict;
  switch (rule.rule) {
    case "better":
    case "not-worse":
      return differenceText({ ...verdict, rule }, gate, words);
    case "at-least":
      return rule.slice === undefined
        ? floorText({ ...verdict, rule }, words)
        : slicesText({ ...verdict, rule }, { slice: rule.slice, words });
    case "agrees":
      return agreementText({ ...verdict, rule }, words);
    case "rows":
      return rowsText({ ...verdict, rule }, words);
    default:
      return rule satisfies never;
  }
}

type VerdictOf<Rule extends GateRule["rule"]> = Omit<RuleVerdict, "rule"> & {
  rule: Extract<GateRule, { rule: Rule }>;
};

function differenceText(
  { rule, challenger, champion, difference, passed }: VerdictOf<"better" | "not-worse">,
  gate: Pick<Judged, "champion">,
  { t, format }: Words,
): string {
  const { metric } = rule;
  if (challenger === null) return t("verdict.challengerUndefined", { metric });
  const own = t("verdict.own", { metric, value: estimateText(challenger, format) });
  if (gate.champion === null) return t("verdict.noChampion", { own });
  if (champion === null || difference === null || difference.low === null)
    return t("verdict.differenceUndefined", { own });
  const by = format.plain(rule.by);
  const wanted = rule.rule === "better" ? t("verdict.betterBy", { by }) : t("verdict.notWorseBy", { by });
  return t("verdict.difference", {
    own,
    champion: format.metric(champion.value),
    difference: estimateText(difference, format),
    verdict: passed ? wanted : t("verdict.notShown", { wanted }),
  });
}

function floorText({ rule, challenger, passed }: VerdictOf<"at-least">, words: Words): string {
  const { t, format } = words;
  if (challenger === null) return t("verdict.undefined", { metric: rule.metric });
  const own = t("verdict.own", { metric: rule.metric, value: estimateText(challenger, format) });
  const found = t("verdict.floor", { own, wanted: floorWanted(rule, words) });
  return passed ? found : t("verdict.floorMissed", { found });
}

function slicesText(
  { rule, slices, passed, reason }: VerdictOf<"at-least">,
  { slice, words }: { slice: string; words: Words },
): string {
  const { t, format } = words;
  if (slices === null || slices.length >= KEPT_SLICES) return reason;
  if (slices.length === 0) return t("verdict.noSlice", { slice });
  const { metric } = rule;
  const wanted = floorWanted(rule, words);
  if (passed) return t("verdict.everySlice", { metric, count: slices.length, slice, wanted });
  const isReached = (value: number) => (lowerIsBetter(metric) ? value <= rule.value : value >= rule.value);
  const under = slices.filter(({ challenger }) => challenger === null || !isReached(challenger));
  const [worst] = under;
  if (worst === undefined) return reason;
  return t("verdict.slice", {
    metric,
    value: worst.challenger === null ? t("verdict.notDefined") : format.metric(worst.challenger),
    slice,
    of: worst.value,
    rows: worst.rows,
    wanted,
    missed: under.length,
    count: slices.length,
  });
}

function agreementText(
  { rule, agreement, passed, reason }: VerdictOf<"agrees">,
  { t, format }: Words,
): string {
  if (agreement === undefined) return reason;
  const { mean, most, same, golden } = agreement;
  const found = t("verdict.agrees", { mean: format.metric(mean), most: format.metric(most), same, golden });
  const wanted = { mean: format.plain(rule.mean), golden: Math.ceil(rule.golden * golden) };
  return passed ? found : t("verdict.agreesNot", { found, ...wanted });
}

function rowsText({ rule, rows, passed, reason }: VerdictOf<"rows">, { t }: Words): string {
  if (rows === undefined) return reason;
  return passed ? t("verdict.rows", { rows }) : t("verdict.tooFewRows", { rows, least: rule.least });
}

function floorWanted({ metric, value }: VerdictOf<"at-least">["rule"], { t, format }: Words): string {
  return lowerIsBetter(metric)
    ? t("verdict.atMost", { value: format.plain(value) })
    : t("verdict.atLeast", { value: format.plain(value) });
}

function estimateText({ value, low, high }: Estimate, format: Format): string {
  return low === null || high === null
    ? format.metric(value)
    : `${format.metric(value)} (${format.interval(low, high)})`;
}
