/** One measured value on its way into the database. */
export type Point = {
  readonly name: string;
  readonly value: number;
  readonly step: number;
  readonly occurredAt: Date;
};

/** What a batch of points says of one metric. `min` and `max` are null where no value is finite. */
export type MetricSummary = {
  readonly name: string;
  readonly last: Point;
  readonly min: number | null;
  readonly max: number | null;
  readonly points: number;
};

/** Sums points up by metric, in order of names: writers that lock rows in one order never wait for each other. */
export function summarize(points: readonly Point[]): MetricSummary[] {
  const byName = Map.groupBy(points, ({ name }) => name);
  return [...byName.entries()]
    .map(([name, own]) => {
      const finite = own.map(({ value }) => value).filter(Number.isFinite);
      return {
        name,
        last: own.reduce((last, point) => (isLater(point, last) ? point : last)),
        min: finite.length === 0 ? null : finite.reduce((least, value) => Math.min(least, value)),
        max: finite.length === 0 ? null : finite.reduce((most, value) => Math.max(most, value)),
        points: own.length,
      };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The last point has the greatest step, then the latest time; of equals the one written last. */
function isLater(point: Point, than: Point): boolean {
  if (point.step !== than.step) return point.step > than.step;
  return point.occurredAt.getTime() >= than.occurredAt.getTime();
}
