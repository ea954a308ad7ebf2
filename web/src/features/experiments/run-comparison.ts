import type { Metric, Run } from "@causeway/contract";
import { lowerIsBetter } from "../../components/chart-series.ts";
import { toNumber } from "../../lib/format.ts";
import { isSystemMetric } from "./run-columns.ts";
import { bestValue, metricNames } from "./run-metrics.ts";

/** One value of one run, beside the baseline's. */
export type CompareCell = { text: string; number?: number; differs: boolean; best: boolean };

/** The parts of the comparison, in their order. */
export const COMPARE_GROUPS = ["metrics", "params", "tags", "record"] as const;
export type CompareGroup = (typeof COMPARE_GROUPS)[number];

/** The values of a metric with a curve that can be compared. */
export const CURVE_VALUES = ["best", "last", "min", "max"] as const;
export type CurveValue = (typeof CURVE_VALUES)[number];

/** One line of the comparison; equal lines are hidden by default. */
export type CompareRow = {
  group: CompareGroup;
  name: string;
  /** Which value of a metric with a curve is meant. */
  aspect?: CurveValue;
  cells: CompareCell[];
  differs: boolean;
};

/** Everything in which runs can be compared: metrics, params, tags, and what they were made from. */
export function compareRows(
  runs: readonly Run[],
  baseline: Run | undefined,
  values: readonly CurveValue[] = ["best", "last"],
): CompareRow[] {
  const params = [...new Set(runs.flatMap((run) => Object.keys(run.params)))].sort();
  // Tags that clients write for themselves differ always and say nothing.
  const tags = [...new Set(runs.flatMap((run) => Object.keys(run.tags)))]
    .filter((name) => !name.startsWith("mlflow."))
    .sort();
  return [
    ...metricNames(runs)
      .filter((name) => !isSystemMetric(name))
      .flatMap((name) => metricRows(runs, name, values)),
    ...params.map((name) =>
      textRow("params", name, { runs, baseline, textOf: (run) => run.params[name] ?? "" }),
    ),
    ...tags.map((name) => textRow("tags", name, { runs, baseline, textOf: (run) => run.tags[name] ?? "" })),
    ...RECORD_LINES.map(([name, textOf]) => textRow("record", name, { runs, baseline, textOf })),
  ];
}

/** What runs were made from, line by line; the pages have a word for each. */
export const RECORD_NAMES = ["data", "code", "lock", "runtime", "seeds", "machine"] as const;

const RECORD_LINES: ReadonlyArray<
  readonly [name: (typeof RECORD_NAMES)[number], textOf: (run: Run) => string]
> = [
  [
    "data",
    (run) =>
      [
        ...run.record.data.map(({ dataset, digest }) => `${dataset ?? ""} ${digest.slice(0, 6)}`),
        ...run.datasets.map(({ name, digest }) => `${name} ${digest.slice(0, 6)}`),
      ].join(", "),
  ],
  ["code", (run) => (run.record.code?.commit ?? run.record.code?.digest ?? "").slice(0, 8)],
  ["lock", (run) => run.record.lock?.digest.slice(0, 6) ?? ""],
  ["runtime", (run) => run.record.runtime ?? ""],
  [
    "seeds",
    (run) =>
      Object.entries(run.record.seeds)
        .map(([name, seed]) => `${name} ${seed}`)
        .join(", "),
  ],
  ["machine", (run) => run.record.hardware?.machine ?? ""],
];

function metricRows(runs: readonly Run[], name: string, values: readonly CurveValue[]): CompareRow[] {
  const metrics = runs.map((run) => run.metrics.find((metric) => metric.name === name));
  const hasCurve = metrics.some((metric) => metric !== undefined && metric.points > 1);
  const lower = lowerIsBetter(name);
  const valuesOf = (value: CurveValue) =>
    metrics.map((metric) => (metric === undefined ? undefined : curveValue(metric, value)));
  return hasCurve
    ? values.map((aspect) => ({ ...numberRow(name, valuesOf(aspect), lower), aspect }))
    : [numberRow(name, valuesOf("last"), lower)];
}

function curveValue(metric: Metric, value: CurveValue): number {
  switch (value) {
    case "best":
      return bestValue(metric);
    case "last":
      return toNumber(metric.last.value);
    case "min":
      return toNumber(metric.min);
    case "max":
      return toNumber(metric.max);
    default:
      return value satisfies never;
  }
}

function numberRow(name: string, values: readonly (number | undefined)[], lower: boolean): CompareRow {
  const known = values.filter((value): value is number => Number.isFinite(value));
  const winner = known.length < 2 ? undefined : lower ? Math.min(...known) : Math.max(...known);
  const isTied = values.filter((value) => value === winner).length > 1;
  return {
    group: "metrics",
    name,
    differs: new Set(values).size > 1,
    cells: values.map((value) => ({
      text: value === undefined ? "" : String(value),
      ...(value === undefined ? {} : { number: value }),
      differs: false,
      best: value !== undefined && value === winner && !isTied,
    })),
  };
}

function textRow(
  group: "params" | "tags" | "record",
  name: string,
  {
    runs,
    baseline,
    textOf,
  }: { runs: readonly Run[]; baseline: Run | undefined; textOf: (run: Run) => string },
): CompareRow {
  const reference = baseline === undefined ? undefined : textOf(baseline);
  const cells = runs.map((run): CompareCell => {
    const text = textOf(run);
    return { text, differs: reference !== undefined && text !== reference, best: false };
  });
  return { group, name, cells, differs: cells.some(({ differs }) => differs) };
}
