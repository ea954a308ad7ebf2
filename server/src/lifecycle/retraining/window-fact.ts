import type { MetricMoment, MonitorWindow } from "@causeway/contract";

/** What a policy knows of a closed window of its monitor. */
export type WindowFact = {
  /** Event time, `[start, end)`. */
  readonly start: Date;
  readonly end: Date;
  readonly title: string;
  readonly rows: number;
  readonly labelled: number;
  /** 95th percentile of how late truth came, in milliseconds; null without truth. */
  readonly lagMs: number | null;
  readonly versions: readonly { readonly version: number; readonly rows: number }[];
  readonly drifted: readonly string[];
  readonly predictionDrifted: boolean;
  /** The judged metric first; empty until enough truth has come. */
  readonly metrics: readonly MetricMoment[];
  readonly alarms: MonitorWindow["alarms"];
};

/** Takes from a window what policies decide by. */
export function factOf(window: MonitorWindow): WindowFact {
  return {
    start: new Date(window.start),
    end: new Date(window.end),
    title: window.title,
    rows: window.rows,
    labelled: window.coverage.labelled,
    lagMs: window.coverage.lagSeconds === null ? null : window.coverage.lagSeconds.p95 * 1_000,
    versions: window.versions,
    drifted: window.drift.drifted,
    predictionDrifted: window.prediction?.drifted ?? false,
    metrics: window.performance ?? [],
    alarms: window.alarms,
  };
}

/** Share of rows with truth from which on a window is as good as whole. */
const WHOLE = 0.8;

/**
 * True when a window's truth has come as far as it will soon: nearly every row has it, or twice the time has passed in which
 * nearly all of the truth that did come had come. Early truth alone can be one-sided (who leaves, leaves soon), so a window
 * is not judged by it.
 */
export function isSettled(window: WindowFact, watermark: Date): boolean {
  if (window.metrics.length === 0 || window.labelled === 0) return false;
  if (window.labelled >= WHOLE * window.rows) return true;
  return window.lagMs !== null && watermark.getTime() >= window.end.getTime() + 2 * window.lagMs;
}
