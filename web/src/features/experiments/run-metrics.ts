import type { Metric, Run } from "@causeway/contract";
import { lowerIsBetter } from "../../components/chart-series.ts";
import { toNumber } from "../../lib/format.ts";

/** Names by which people judge a model first, the strongest first. */
const JUDGED_FIRST = ["auc", "accuracy", "f1", "r2", "rmse", "mae", "loss"];

/** The metric that a run is judged by at first sight: a known judge on unseen rows, else the first by name. */
export function headMetric(metrics: readonly Metric[]): Metric | undefined {
  const rank = ({ name }: Metric) => {
    const lower = name.toLowerCase();
    const known = JUDGED_FIRST.findIndex((word) => lower.includes(word));
    const onTraining = /train/.test(lower) ? 0.5 : 0;
    return (known === -1 ? JUDGED_FIRST.length : known) + onTraining;
  };
  return [...metrics].sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name))[0];
}

/** The best value of a metric in the sense that its name has. */
export function bestValue(metric: Metric): number {
  return toNumber(lowerIsBetter(metric.name) ? metric.min : metric.max);
}

/** The run with the best value of the metric that the runs are judged by. */
export function bestRun(runs: readonly Run[]): { run: Run; metric: string; value: number } | undefined {
  const metric = headMetric(runs.flatMap(({ metrics }) => metrics))?.name;
  if (metric === undefined) return undefined;
  const sign = lowerIsBetter(metric) ? -1 : 1;
  let best: { run: Run; metric: string; value: number } | undefined;
  for (const run of runs) {
    const known = run.metrics.find(({ name }) => name === metric);
    if (known === undefined) continue;
    const value = bestValue(known);
    if (best === undefined || sign * value > sign * best.value) best = { run, metric, value };
  }
  return best;
}

/** All metric names of some runs, those judged first in front. */
export function metricNames(runs: ReadonlyArray<Pick<Run, "metrics">>): string[] {
  const byName = new Map(
    runs.flatMap(({ metrics }) => metrics.map((metric) => [metric.name, metric] as const)),
  );
  const names: string[] = [];
  for (let left = [...byName.values()]; left.length > 0; ) {
    const next = headMetric(left);
    if (next === undefined) break;
    names.push(next.name);
    left = left.filter(({ name }) => name !== next.name);
  }
  return names;
}

/** Runs that fit a filter: words are sought in name, id, params and tags; `metrics.auc > 0.8` and `params.depth = 6` compare. */
export function filterRuns(runs: readonly Run[], text: string): Run[] {
  const terms = readFilter(text);
  return runs.filter((run) => terms.every((term) => fits(run, term)));
}

/** Whether every part of a filter is understood; the parts that are not. */
export function filterProblems(text: string): string[] {
  return readFilter(text)
    .filter((term): term is { problem: string } => "problem" in term)
    .map(({ problem }) => problem);
}

const OPERATORS = [">=", "<=", "!=", "=", ">", "<"] as const;
type Operator = (typeof OPERATORS)[number];
type Term =
  | { word: string }
  | { of: "metrics" | "params" | "tags" | "attributes"; name: string; operator: Operator; value: string }
  | { problem: string };

const COMPARISON =
  /^(metrics|params|tags|attributes)\.(?:`([^`]+)`|"([^"]+)"|([^\s<>=!]+))\s*(>=|<=|!=|=|>|<)\s*(.+)$/i;

function readFilter(text: string): Term[] {
  return text
    .split(/\s+and\s+/i)
    .map((part) => part.trim())
    .filter((part) => part !== "")
    .flatMap((part): Term[] => {
      const match = COMPARISON.exec(part);
      if (match !== null) {
        const of = (["metrics", "params", "tags", "attributes"] as const).find(
          (kind) => kind === match[1]?.toLowerCase(),
        );
        const operator = OPERATORS.find((known) => known === match[5]);
        if (of === undefined || operator === undefined) return [{ problem: part }];
        const value = (match[6] ?? "").trim().replace(/^(['"])(.*)\1$/, "$2");
        return [{ of, name: match[2] ?? match[3] ?? match[4] ?? "", operator, value }];
      }
      if (/^(metrics|params|tags|attributes)\./i.test(part)) return [{ problem: part }];
      return part.split(/\s+/).map((word) => ({ word: word.toLowerCase() }));
    });
}

function fits(run: Run, term: Term): boolean {
  if ("problem" in term) return false;
  if ("word" in term) {
    const facts = [run.name, run.id, run.state, ...Object.entries({ ...run.params, ...run.tags }).flat()];
    return facts.some((fact) => fact.toLowerCase().includes(term.word));
  }
  switch (term.of) {
    case "metrics": {
      const metric = run.metrics.find(({ name }) => name === term.name);
      return metric !== undefined && holds(toNumber(metric.last.value), term.operator, Number(term.value));
    }
    case "params":
      return compared(run.params[term.name], term);
    case "tags":
      return compared(run.tags[term.name], term);
    case "attributes":
      return compared({ status: run.state, run_name: run.name, run_id: run.id }[term.name], term);
    default:
      return term.of satisfies never;
  }
}

function compared(
  actual: string | undefined,
  { operator, value }: { operator: Operator; value: string },
): boolean {
  if (actual === undefined) return false;
  const numbers = [Number(actual), Number(value)] as const;
  return Number.isNaN(numbers[0]) || Number.isNaN(numbers[1])
    ? holds(actual, operator, value)
    : holds(numbers[0], operator, numbers[1]);
}

function holds<Value extends string | number>(a: Value, operator: Operator, b: Value): boolean {
  switch (operator) {
    case ">=":
      return a >= b;
    case "<=":
      return a <= b;
    case "!=":
      return a !== b;
    case "=":
      return a === b;
    case ">":
      return a > b;
    case "<":
      return a < b;
    default:
      return operator satisfies never;
  }
}
