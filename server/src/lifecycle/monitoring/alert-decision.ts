import { type Alert, type AlertKind, durationMs, type MonitorSettings } from "@causeway/contract";
import { chooseVersion } from "./version-choice.ts";
import type { WindowSummary } from "./windows-store.ts";

/** The windows that an alert is about: the newest one that shows it, and those before it without a break. */
export type Streak = {
  readonly windows: readonly [WindowSummary, ...WindowSummary[]];
  readonly version: number;
};

/** What becomes of a monitor's alert of one kind. */
export type AlertDecision =
  | { readonly action: "none" }
  | { readonly action: "raise" | "update"; readonly streak: Streak }
  | { readonly action: "resolve"; readonly note: string }
  /** Another version took over and shows it as well. */
  | { readonly action: "replace"; readonly note: string; readonly streak: Streak };

/** What the decision looks at. */
export type AlertView = {
  readonly kind: AlertKind;
  /** Every stored window, in order of time. */
  readonly windows: readonly WindowSummary[];
  /** The newest alert of the kind, resolved or not. */
  readonly alert: Pick<Alert, "state" | "version" | "until"> | undefined;
  /** Event time that the log has reached. */
  readonly reached: number;
  readonly settings: MonitorSettings;
};

/**
 * Follows the newest window that could be judged: it raises, carries on or ends the one alert of a kind. What a person
 * resolved stays resolved until a later window shows it again; a version that no longer answers raises nothing.
 */
export function decideAlert(view: AlertView): AlertDecision {
  const { kind, alert, settings } = view;
  const judged = view.windows.filter((window) => isJudged(window, view));
  const newest = judged.at(-1);
  if (newest === undefined) return { action: "none" };
  const open = alert !== undefined && alert.state !== "resolved" ? alert : null;
  const version = versionOf(newest, settings);
  const present = versionOf(view.windows.at(-1) ?? newest, settings);
  const isOld = ofVersion(kind) && version !== present;
  if (!isAlarming(newest, kind) || isOld) {
    if (open === null) return { action: "none" };
    const later = isOld || (ofVersion(kind) && present !== open.version);
    return {
      action: "resolve",
      note: later ? `Version ${present} answers now` : `${newest.title} shows it no more`,
    };
  }
  const streak = { windows: streakOf(judged, { newest, kind, version, settings }), version };
  if (open !== null) {
    if (ofVersion(kind) && open.version !== version)
      return { action: "replace", note: `Version ${version} answers now`, streak };
    return { action: "update", streak };
  }
  return alert !== undefined && newest.end <= alert.until ? { action: "none" } : { action: "raise", streak };
}

/** The version that a window is judged by. */
export function versionOf(
  { versions }: Pick<WindowSummary, "versions">,
  { drift }: Pick<MonitorSettings, "drift">,
): number {
  return chooseVersion(versions, drift.leastRows)?.version ?? 0;
}

/** Windows whose truth should have come, and has not. */
function lacksTruth(window: WindowSummary): boolean {
  return window.coverage.labelled === 0;
}

function isJudged(window: WindowSummary, { kind, reached, settings }: AlertView): boolean {
  switch (kind) {
    case "data-drift":
    case "quality":
      return window.drift.judged;
    case "prediction-drift":
      return window.drift.judged && window.prediction !== null;
    case "performance":
      return window.performance?.[0]?.reference !== null && window.performance !== null;
    case "service":
      return window.service !== null && window.service.requests > 0;
    case "truth":
      return Date.parse(window.end) + (durationMs(settings.truth.within) ?? 0) <= reached;
    default:
      return kind satisfies never;
  }
}

function isAlarming(window: WindowSummary, kind: AlertKind): boolean {
  return kind === "truth" ? lacksTruth(window) : window.alarms.includes(kind);
}

/** Service and truth are the deployment's; all else is a version's. */
function ofVersion(kind: AlertKind): boolean {
  return kind !== "service" && kind !== "truth";
}

function streakOf(
  judged: readonly WindowSummary[],
  known: { newest: WindowSummary; kind: AlertKind; version: number; settings: MonitorSettings },
): [WindowSummary, ...WindowSummary[]] {
  const { newest, kind, version, settings } = known;
  const streak: [WindowSummary, ...WindowSummary[]] = [newest];
  for (const window of judged.slice(0, -1).toReversed()) {
    if (!isAlarming(window, kind)) break;
    if (ofVersion(kind) && versionOf(window, settings) !== version) break;
    streak.push(window);
  }
  return streak;
}
