import type { AlertKind, Json } from "@causeway/contract";
import type { Streak } from "./alert-decision.ts";
import { alertFacts } from "./alert-facts.ts";
import { alertSentence } from "./alert-sentence.ts";
import type { AlertContent } from "./alerts-store.ts";
import type { WindowDetail, WindowSummary } from "./windows-store.ts";

/** What an alert says of the windows that show it; `detail` is that of the newest one. */
export function alertContent(kind: AlertKind, streak: Streak, detail: WindowDetail): AlertContent {
  const { windows, version } = streak;
  const [newest] = windows;
  const first = windows.at(-1) ?? newest;
  const facts = alertFacts(kind, streak, detail);
  return {
    severity: kind === "performance" ? "critical" : "warning",
    title: alertSentence(facts.title),
    evidence: facts.evidence.map(alertSentence),
    facts,
    data: dataOf(newest, detail),
    model: newest.model,
    version,
    since: first.start,
    until: newest.end,
    windows: windows.length,
  };
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
