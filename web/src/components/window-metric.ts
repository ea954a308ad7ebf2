import { durationMs, type MonitorSettings, type MonitorWindow } from "@causeway/contract";

/** A window's metric as charts draw it. */
export type MetricPoint = {
  start: string;
  end: string;
  title: string;
  value: number | null;
  low: number | null;
  high: number | null;
  reference: number | null;
  /** What the model's own scores promise, without truth. */
  promised: number | null;
  rows: number;
  /** Share of rows whose truth is known, 0 to 1; null without rows. */
  share: number | null;
  /** Truth has come, or no more of it is waited for. */
  settled: boolean;
  /** The metric itself raised an alarm. */
  alarmed: boolean;
};

/** From this share of labels on, the rest would hardly change a value. */
const ENOUGH = 0.95;

/** The metrics that any of the windows tells, the judged one first. */
export function metricsOf(windows: readonly MonitorWindow[]): { name: string; lessIsBetter: boolean }[] {
  const known = new Map<string, boolean>();
  for (const { performance } of windows)
    for (const { metric, lessIsBetter } of performance ?? []) known.set(metric, lessIsBetter);
  return [...known].map(([name, lessIsBetter]) => ({ name, lessIsBetter }));
}

/** One metric over windows. A window is settled when nearly all truth is there or when its time for truth is over. */
export function metricPoints(
  windows: readonly MonitorWindow[],
  {
    metric,
    settings,
    watermark,
  }: { metric: string | undefined; settings: Pick<MonitorSettings, "truth">; watermark: string | null },
): MetricPoint[] {
  const within = durationMs(settings.truth.within) ?? 0;
  const now = watermark === null ? 0 : Date.parse(watermark);
  return windows.map((window) => {
    const moment = window.performance?.find((each) => each.metric === metric);
    const { share } = window.coverage;
    return {
      start: window.start,
      end: window.end,
      title: window.title,
      value: moment?.now.value ?? null,
      low: moment?.now.low ?? null,
      high: moment?.now.high ?? null,
      reference: moment?.reference?.value ?? null,
      promised: moment?.promised ?? null,
      rows: window.rows,
      share,
      settled: (share ?? 0) >= ENOUGH || Date.parse(window.end) + within <= now,
      alarmed: window.alarms.includes("performance"),
    };
  });
}

/** The level from which on the metric counts as worse than the reference. */
export function alarmLevel(
  reference: number | null,
  { drop, lessIsBetter }: { drop: number; lessIsBetter: boolean },
): number | null {
  if (reference === null) return null;
  return lessIsBetter ? reference + drop : reference - drop;
}

/** Stretches of neighbouring windows that have the same reference. */
export function referenceStretches(
  points: readonly MetricPoint[],
): { from: number; to: number; value: number }[] {
  const stretches: { from: number; to: number; value: number }[] = [];
  points.forEach(({ reference }, index) => {
    if (reference === null) return;
    const last = stretches.at(-1);
    if (last !== undefined && last.to === index - 1 && last.value === reference) last.to = index;
    else stretches.push({ from: index, to: index, value: reference });
  });
  return stretches;
}

/** Windows in which another version answers most rows than in the window before. */
export function versionSwitches(
  windows: readonly MonitorWindow[],
): { at: string; version: number; before: number }[] {
  return windows.flatMap((window, index) => {
    const version = window.versions[0]?.version;
    const before = windows[index - 1]?.versions[0]?.version;
    return version === undefined || before === undefined || version === before
      ? []
      : [{ at: window.start, version, before }];
  });
}
