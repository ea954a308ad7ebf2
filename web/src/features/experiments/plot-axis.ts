import type { Run } from "@causeway/contract";
import { niceRange } from "../../components/plot.ts";
import { toNumber } from "../../lib/format.ts";
import { bestValue } from "./run-metrics.ts";

/** What an axis of a plot of runs measures: a param or a metric, by the key of its column. */
export type AxisKey = `params.${string}` | `metrics.${string}`;

/** An axis: where each run stands on it, from 0 to 1, and its ticks. */
export type PlotAxis = {
  key: AxisKey;
  name: string;
  /** `category` has a place for each text. */
  kind: "linear" | "log" | "category";
  ticks: readonly { at: number; text: string }[];
  /** Undefined where the run has no such value, or one that is not finite. */
  placeOf: (run: Run) => number | undefined;
  textOf: (run: Run) => string;
};

/** Texts of a category axis; more are told as "…". */
const MOST_TICKS = 12;
/** Values of one sign that span more than this are laid on a logarithmic axis. */
const LOG_ABOVE = 100;

/** The axis of a param or metric for some runs. Params of numbers are numbers, all others are categories. */
export function axisOf(key: AxisKey, runs: readonly Run[], write: (value: number) => string): PlotAxis {
  const of = key.startsWith("metrics.") ? "metrics" : "params";
  const name = key.slice(of.length + 1);
  const textOf = (run: Run) => {
    if (of === "params") return run.params[name] ?? "";
    const value = metricOf(run, name);
    return value === undefined ? "" : write(value);
  };
  const numberOf = (run: Run): number | undefined => {
    const value = of === "metrics" ? metricOf(run, name) : numberIn(run.params[name]);
    return value !== undefined && Number.isFinite(value) ? value : undefined;
  };
  const isNumeric =
    of === "metrics" || runs.every((run) => run.params[name] === undefined || numberOf(run) !== undefined);
  if (!isNumeric) return { key, name, textOf, ...categories(runs, name) };
  const values = runs.flatMap((run) => numberOf(run) ?? []);
  const least = Math.min(...values);
  const most = Math.max(...values);
  const isLog = least > 0 && most / least > LOG_ABOVE;
  const scale = isLog ? logScale(least, most) : linearScale(values);
  return {
    key,
    name,
    kind: isLog ? "log" : "linear",
    ticks: scale.ticks.map((value) => ({ at: scale.place(value), text: write(value) })),
    placeOf: (run) => {
      const value = numberOf(run);
      return value === undefined ? undefined : scale.place(value);
    },
    textOf,
  };
}

function metricOf(run: Run, name: string): number | undefined {
  const metric = run.metrics.find((each) => each.name === name);
  if (metric === undefined) return undefined;
  return metric.points > 1 ? bestValue(metric) : toNumber(metric.last.value);
}

function numberIn(text: string | undefined): number | undefined {
  if (text === undefined || text.trim() === "") return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}

function linearScale(values: readonly number[]) {
  const { low, high, step } = niceRange(values);
  const count = Math.round((high - low) / step);
  return {
    ticks: Array.from({ length: count + 1 }, (_, index) => Number((low + index * step).toPrecision(12))),
    place: (value: number) => (value - low) / (high - low),
  };
}

function logScale(least: number, most: number) {
  const from = Math.floor(Math.log10(least));
  const until = Math.max(from + 1, Math.ceil(Math.log10(most)));
  return {
    ticks: Array.from({ length: until - from + 1 }, (_, index) => 10 ** (from + index)),
    place: (value: number) => (Math.log10(value) - from) / (until - from),
  };
}

function categories(runs: readonly Run[], name: string): Pick<PlotAxis, "kind" | "ticks" | "placeOf"> {
  const texts = [...new Set(runs.flatMap((run) => run.params[name] ?? []))].sort((a, b) =>
    a.localeCompare(b, "en", { numeric: true }),
  );
  const at = new Map(texts.map((text, index) => [text, (index + 0.5) / texts.length]));
  return {
    kind: "category",
    ticks: texts.slice(0, MOST_TICKS).map((text) => ({ at: at.get(text) ?? 0, text })),
    placeOf: (run) => at.get(run.params[name] ?? ""),
  };
}

/** A span of an axis, from 0 to 1. */
export type Brush = readonly [from: number, until: number];

/** Whether a run lies within every brush; a run without a value lies in none. */
export function isBrushed(run: Run, axes: readonly PlotAxis[], brushes: ReadonlyMap<string, Brush>): boolean {
  return axes.every((axis) => {
    const brush = brushes.get(axis.key);
    if (brush === undefined) return true;
    const place = axis.placeOf(run);
    return place !== undefined && place >= brush[0] && place <= brush[1];
  });
}
