import type { Alert, Monitor, MonitorWindow } from "@causeway/contract";
import type { Status } from "../../components/status-mark.tsx";

/** How many windows a page may show side by side. */
export const SHOWN_WINDOWS = ["14", "30", "60"] as const;

/** The shape of an alert: what nobody looks after yet is loud, what is taken care of waits, what is over is quiet. */
export function alertStatus({ state, severity }: Pick<Alert, "state" | "severity">): Status {
  switch (state) {
    case "open":
      return severity === "critical" ? "crit" : "warn";
    case "acknowledged":
      return "running";
    case "resolved":
      return "ok";
    default:
      return state satisfies never;
  }
}

const STATE_ORDER = { open: 0, acknowledged: 1, resolved: 2 } as const;
const SEVERITY_ORDER = { critical: 0, warning: 1 } as const;

/** Alerts by urgency: open before acknowledged before resolved, critical first, the newest first. */
export function byUrgency(alerts: readonly Alert[]): Alert[] {
  return [...alerts].sort(
    (a, b) =>
      STATE_ORDER[a.state] - STATE_ORDER[b.state] ||
      SEVERITY_ORDER[a.severity] - SEVERITY_ORDER[b.severity] ||
      b.raisedAt.localeCompare(a.raisedAt),
  );
}

/** The alert that a page speaks of: the one that its address names, else the most urgent that is not over. */
export function alertInQuestion(alerts: readonly Alert[], chosen: string): Alert | undefined {
  return (
    alerts.find(({ id }) => id === chosen) ?? byUrgency(alerts).find(({ state }) => state !== "resolved")
  );
}

/** The shape of a monitor: its worst open alert, then what keeps it from judging. */
export function monitorStatus(monitor: Monitor, alerts: readonly Alert[]): Status {
  const worst = byUrgency(alerts.filter((alert) => alert.monitor === monitor.name))[0];
  if (worst !== undefined && worst.state !== "resolved") return alertStatus(worst);
  if (monitor.paused) return "blocked";
  if (monitor.problem !== null) return "warn";
  return monitor.windows === 0 ? "idle" : "ok";
}

const RANK: readonly Status[] = ["crit", "warn", "running", "blocked", "idle", "ok"];

/** Monitors, the worst first, then by name. */
export function worstFirst(monitors: readonly Monitor[], alerts: readonly Alert[]): Monitor[] {
  const rank = (monitor: Monitor) => RANK.indexOf(monitorStatus(monitor, alerts));
  return [...monitors].sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name));
}

/** The window that the address names by its title or its start; undefined where there is none of that name. */
export function windowNamed<Window extends { start: string; title: string }>(
  windows: readonly Window[],
  name: string,
): Window | undefined {
  return windows.find(({ start, title }) => start === name || title === name);
}

/** At most `count` windows, the newest first, with the named one among them: in the middle where it is an old one. */
export function around<Window extends { start: string; title: string }>(
  newestFirst: readonly Window[],
  name: string,
  count: number,
): Window[] {
  const named = windowNamed(newestFirst, name);
  const at = named === undefined ? 0 : newestFirst.indexOf(named);
  const from = at < count ? 0 : Math.min(at - Math.floor(count / 2), newestFirst.length - count);
  return newestFirst.slice(from, from + count);
}

/** How the address names a window: by its title where that is one word. */
export function nameOfWindow({ start, title }: { start: string; title: string }): string {
  return /^[\w-]+$/.test(title) ? title : start;
}

/** The window that a page opens with: the newest that the alert speaks of, else the newest of all. Oldest first. */
export function firstWindow(
  windows: readonly MonitorWindow[],
  alert: Alert | undefined,
): MonitorWindow | undefined {
  const shown = alert === undefined ? undefined : windows.findLast(({ end }) => end <= alert.until);
  return shown ?? windows.at(-1);
}

/** Stretches of event time in which the metric itself was in alarm. */
export function firingOf(alerts: readonly Alert[]): { from: number; to: number }[] {
  return alerts
    .filter(({ kind }) => kind === "performance")
    .map(({ since, until }) => ({ from: Date.parse(since), to: Date.parse(until) }));
}

/** Whether the same period a year before explains more than half of a shift. */
export function isMostlySeason(psi: number, season: number): boolean {
  return season < psi / 2;
}
