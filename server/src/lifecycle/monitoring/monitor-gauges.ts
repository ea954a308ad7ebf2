import type { ColumnDrift } from "@causeway/contract";
import { psiOf } from "./columns-over-time.ts";
import type { WindowSummary } from "./windows-store.ts";

/** A monitor as metrics see it; what stands in its newest window is null before the first one. */
export type MonitorStanding = {
  readonly project: string;
  readonly environment: string;
  readonly monitor: string;
  readonly deployment: string;
  readonly end: Date | null;
  readonly summary: WindowSummary | null;
  readonly columns: readonly Pick<ColumnDrift, "column" | "kind" | "effect" | "drifted" | "scores">[];
  readonly openAlerts: number;
};

/** Whoever stores metrics keeps a series for every column: those that moved most are told, so many over all monitors. */
export const MOST_COLUMNS = 200;
export const MOST_MONITORS = 200;

const MONITOR = ["project", "environment", "deployment", "monitor"] as const;

/** What is told of the newest window of each monitor. */
export const MONITOR_GAUGES = [
  {
    name: "causeway_drift_score",
    help: "Drift of a column in the newest window: psi, and its effect from 0 to 1. The columns that moved most.",
    labels: [...MONITOR, "column", "method"],
  },
  {
    name: "causeway_drift_detected",
    help: "1 where a column of the newest window moved away from the reference, else 0.",
    labels: [...MONITOR, "column"],
  },
  {
    name: "causeway_drifted_columns_ratio",
    help: "Share of the columns of the newest window that moved away from the reference.",
    labels: MONITOR,
  },
  {
    name: "causeway_performance_value",
    help: "A metric of the newest window, as far as its truth is known.",
    labels: [...MONITOR, "metric"],
  },
  {
    name: "causeway_label_coverage_ratio",
    help: "Share of the rows of the newest window whose truth is known.",
    labels: MONITOR,
  },
  {
    name: "causeway_open_alerts",
    help: "Alerts that are not resolved.",
    labels: MONITOR,
  },
  {
    name: "causeway_monitor_window_end_timestamp_seconds",
    help: "Event time at which the newest window ends.",
    labels: MONITOR,
  },
] as const;

type Sample = {
  readonly gauge: (typeof MONITOR_GAUGES)[number]["name"];
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
};

/** The samples of monitors. A window that was not judged says nothing of drift. */
export function sampleMonitors(monitors: readonly MonitorStanding[]): Sample[] {
  const each = Math.max(1, Math.floor(MOST_COLUMNS / Math.max(1, monitors.length)));
  return monitors.flatMap((standing) => {
    const { project, environment, deployment, monitor, openAlerts, summary, end } = standing;
    const labels = { project, environment, deployment, monitor };
    const samples: Sample[] = [{ gauge: "causeway_open_alerts", labels, value: openAlerts }];
    if (summary === null || end === null) return samples;
    const { coverage, performance, drift } = summary;
    samples.push({
      gauge: "causeway_monitor_window_end_timestamp_seconds",
      labels,
      value: end.getTime() / 1_000,
    });
    if (coverage.share !== null)
      samples.push({ gauge: "causeway_label_coverage_ratio", labels, value: coverage.share });
    for (const { metric, now } of performance ?? [])
      samples.push({ gauge: "causeway_performance_value", labels: { ...labels, metric }, value: now.value });
    if (!drift.judged || drift.columns === 0) return samples;
    const ratio = drift.drifted.length / drift.columns;
    samples.push({ gauge: "causeway_drifted_columns_ratio", labels, value: ratio });
    return [...samples, ...standing.columns.slice(0, each).flatMap((column) => sampleColumn(labels, column))];
  });
}

function sampleColumn(
  monitor: Readonly<Record<string, string>>,
  drift: MonitorStanding["columns"][number],
): Sample[] {
  const labels = { ...monitor, column: drift.column };
  const scores = [
    { method: "psi", value: psiOf(drift) },
    { method: drift.kind === "numeric" ? "ks" : "total_variation", value: drift.effect },
  ];
  return [
    { gauge: "causeway_drift_detected", labels, value: drift.drifted ? 1 : 0 },
    ...scores.flatMap(({ method, value }): Sample[] =>
      value === null ? [] : [{ gauge: "causeway_drift_score", labels: { ...labels, method }, value }],
    ),
  ];
}
