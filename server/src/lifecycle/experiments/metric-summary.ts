/** One measured value on its way into the database; `atMs` is milliseconds since 1970. */
export type Point = {
  readonly name: string;
  readonly value: number;
  readonly step: number;
  readonly atMs: number;
};

/** What a batch of points says of one metric. `min` and `max` are null where no value is finite. */
export type MetricSummary = {
  readonly name: string;
  readonly last: Omit<Point, "name">;
  readonly min: number | null;
  readonly max: number | null;
};

/** Sums points up by metric, in order of names: writers that lock rows in one order never wait for each other. */
export function summarize(points: readonly Point[]): MetricSummary[] {
  const byName = new Map<string, { last: Point; min: number | null; max: number | null }>();
  for (const point of points) {
    const { name, value } = point;
    const known = byName.get(name);
    const finite = Number.isFinite(value) ? value : null;
    if (known === undefined) {
      byName.set(name, { last: point, min: finite, max: finite });
      continue;
    }
    if (isLater(point, known.last)) known.last = point;
    if (finite !== null) {
      known.min = known.min === null ? finite : Math.min(known.min, finite);
      known.max = known.max === null ? finite : Math.max(known.max, finite);
    }
  }
  return [...byName.entries()]
    .map(([name, summary]) => ({ name, ...summary }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

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
