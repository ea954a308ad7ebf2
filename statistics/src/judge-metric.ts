import { bootstrapInterval } from "./bootstrap.ts";
import { inputOf, type JudgedRows } from "./judged-rows.ts";
import { type Interval, type Judged, METRICS, type Metric, type Paired } from "./metrics/index.ts";

/** A metric of the catalog by what a reader needs to know of it. */
export interface MetricSummary {
  readonly name: string;
  readonly task: "classification" | "regression";
  readonly judges: Judged;
  readonly lessIsBetter: boolean;
}

/** A value with its interval; bounds are null where the rows do not define them. */
export interface MetricEstimate {
  readonly name: string;
  readonly value: number;
  readonly low: number | null;
  readonly high: number | null;
  readonly confidence: number | null;
  readonly method: string | null;
}

/** How sure an interval is, and what its resamples start from. */
export interface IntervalOptions {
  readonly confidence: number;
  readonly seed: number;
}

/** A metric by its name; `log_loss` and `log-loss` are the same. Undefined where the catalog has none of the name. */
export function findMetric(name: string): MetricSummary | undefined {
  const metric = ALL.find((one) => one.name === name.replaceAll("_", "-"));
  return metric && summaryOf(metric);
}

/** Every metric of the catalog, in the order in which a report shows them. */
export function listMetrics(): MetricSummary[] {
  return ALL.map(summaryOf);
}

/** The metric of the rows with its interval: in closed form where there is one, else by bootstrap. Null where undefined. */
export function estimateMetric(
  name: string,
  rows: JudgedRows,
  options: IntervalOptions,
): MetricEstimate | null {
  return withMetric(name, (metric) => {
    const input = inputOf(metric.judges, rows);
    if (!input) return null;
    const value = metric.score(input);
    const score = metric.resample?.(input);
    const interval = () =>
      metric.interval?.(input, options.confidence) ??
      (score ? bootstrapInterval(score, { ...options, rows: rows.truth.length }) : null);
    return estimate(metric.name, { value, interval, confidence: options.confidence });
  });
}

/** Two models on the same rows. */
export interface MetricComparison {
  readonly champion: MetricEstimate;
  readonly challenger: MetricEstimate;
  /** How much better the challenger is: challenger less champion, or champion less challenger where less is better. */
  readonly difference: MetricEstimate;
}

/**
 * Compares two models' predictions of the same rows. The interval of the difference is of the paired rows, so that rows
 * that both find hard do not widen it: in closed form where there is one, else by bootstrap with the same draws for both.
 * Null where one of the values is undefined.
 */
export function compareMetric(
  name: string,
  { champion, challenger }: { champion: JudgedRows; challenger: JudgedRows },
  options: IntervalOptions,
): MetricComparison | null {
  if (champion.truth.length !== challenger.truth.length) {
    throw new RangeError(
      `The champion was judged on ${champion.truth.length} rows and the challenger on ${challenger.truth.length}. Judge both on the same rows.`,
    );
  }
  const before = estimateMetric(name, champion, options);
  const now = estimateMetric(name, challenger, options);
  if (!before || !now) return null;
  const difference = withMetric(name, (metric) => {
    const inputs = pairOf(metric, champion, challenger);
    if (!inputs) return null;
    const less = metric.better === "lower";
    const interval = () =>
      turned(differenceInterval(metric, inputs, { ...options, rows: champion.truth.length }), less);
    return estimate(metric.name, {
      value: less ? before.value - now.value : now.value - before.value,
      interval,
      confidence: options.confidence,
    });
  });
  return difference && { champion: before, challenger: now, difference };
}

function pairOf<Kind extends Judged>(
  metric: Metric<Kind>,
  first: JudgedRows,
  second: JudgedRows,
): Paired<Kind> | null {
  const champion = inputOf(metric.judges, first);
  const challenger = inputOf(metric.judges, second);
  return champion && challenger && { champion, challenger };
}

function differenceInterval<Kind extends Judged>(
  metric: Metric<Kind>,
  { champion, challenger }: Paired<Kind>,
  options: IntervalOptions & { rows: number },
): Interval | null {
  const closed = metric.difference?.({ champion, challenger }, options.confidence);
  const before = metric.resample?.(champion);
  const now = metric.resample?.(challenger);
  if (closed || !before || !now) return closed ?? null;
  return bootstrapInterval((draws) => now(draws) - before(draws), options);
}

/** The interval of the opposite difference where less is better. */
function turned(interval: Interval | null, less: boolean): Interval | null {
  return interval && less
    ? { low: 0 - interval.high, high: 0 - interval.low, method: interval.method }
    : interval;
}

function estimate(
  name: string,
  found: { value: number; interval: () => Interval | null; confidence: number },
): MetricEstimate | null {
  if (!Number.isFinite(found.value)) return null;
  const interval = found.interval();
  return {
    name,
    value: found.value,
    low: interval?.low ?? null,
    high: interval?.high ?? null,
    confidence: interval ? found.confidence : null,
    method: interval?.method ?? null,
  };
}

const ALL = [...METRICS.scores, ...METRICS.labels, ...METRICS.probabilities, ...METRICS.amounts];

/** Calls back with the metric of a name in the type of what it judges. */
function withMetric<Result>(
  name: string,
  use: <Kind extends Judged>(metric: Metric<Kind>) => Result,
): Result {
  const wanted = name.replaceAll("_", "-");
  for (const metric of METRICS.scores) if (metric.name === wanted) return use(metric);
  for (const metric of METRICS.labels) if (metric.name === wanted) return use(metric);
  for (const metric of METRICS.probabilities) if (metric.name === wanted) return use(metric);
  for (const metric of METRICS.amounts) if (metric.name === wanted) return use(metric);
  throw new RangeError(
    `There is no metric ${name}. Metrics are ${ALL.map((metric) => metric.name).join(", ")}.`,
  );
}

function summaryOf({ name, judges, better }: (typeof ALL)[number]): MetricSummary {
  return {
    name,
    judges,
    task: judges === "amounts" ? "regression" : "classification",
    lessIsBetter: better === "lower",
  };
}
