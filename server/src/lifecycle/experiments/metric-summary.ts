/** One measured value on its way into the database; `atMs` is milliseconds since 1970. */
export type Point = {
  readonly name: string;
  readonly value: number;
  readonly step: number;
  readonly atMs: number;
};

/** Points of one metric in the order in which they came, and what they say of it. */
export type MetricSummary = {
  readonly points: Point[];
  last: Point;
  /** Null where no value is finite. */
  min: number | null;
  max: number | null;
  /** Each step is greater than the one before: no point is there twice. */
  isRising: boolean;
};

/** Sums points up by metric; `known` holds what earlier points of the same run said, and is added to. */
export function summarize(
  points: readonly Point[],
  known = new Map<string, MetricSummary>(),
): Map<string, MetricSummary> {
  let name: string | undefined;
  let summary: MetricSummary | undefined;
  for (const point of points) {
    // Points of one metric mostly come one after the other.
    if (point.name !== name) {
      name = point.name;
      summary = known.get(name);
    }
    if (summary === undefined) {
      const finite = finiteOf(point);
      summary = { points: [point], last: point, min: finite, max: finite, isRising: true };
      known.set(point.name, summary);
    } else add(summary, point);
  }
  return known;
}

function add(summary: MetricSummary, point: Point): void {
  const { points, last, isRising } = summary;
  points.push(point);
  // While they rise, the last one is the one before.
  summary.isRising = isRising && point.step > last.step;
  if (summary.isRising || isLater(point, last)) summary.last = point;
  const finite = finiteOf(point);
  if (finite === null) return;
  summary.min = summary.min === null ? finite : Math.min(summary.min, finite);
  summary.max = summary.max === null ? finite : Math.max(summary.max, finite);
}

const finiteOf = ({ value }: Point): number | null => (Number.isFinite(value) ? value : null);

/**
 * The last point has the greatest step, then the latest time, then the greatest value. NaN is the greatest value, as in the
 * database's own order: a metric that went wrong at its last step shows it.
 */
export function isLater(point: Omit<Point, "name">, than: Omit<Point, "name">): boolean {
  if (point.step !== than.step) return point.step > than.step;
  if (point.atMs !== than.atMs) return point.atMs > than.atMs;
  if (Number.isNaN(than.value)) return false;
  return Number.isNaN(point.value) || point.value > than.value;
}
