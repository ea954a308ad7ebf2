import type { SeriesPoint } from "./curves-store.ts";

/** Points by series, each once, in the order of the axis. */
export function mergePoints(
  points: readonly SeriesPoint[],
  axis: "step" | "atMs",
): Map<number, SeriesPoint[]> {
  const bySeries = Map.groupBy(points, ({ series }) => series);
  const other = axis === "step" ? "atMs" : "step";
  for (const [series, own] of bySeries) {
    own.sort((a, b) => a[axis] - b[axis] || a[other] - b[other] || compareValues(a.value, b.value));
    bySeries.set(
      series,
      own.filter((point, index) => !isSame(point, own[index - 1])),
    );
  }
  return bySeries;
}

/** NaN is the greatest, as everywhere that points are put in order. */
function compareValues(a: number, b: number): number {
  if (Number.isNaN(a)) return Number.isNaN(b) ? 0 : 1;
  if (Number.isNaN(b)) return -1;
  return a === b ? 0 : a < b ? -1 : 1;
}

function isSame(point: SeriesPoint, before: SeriesPoint | undefined): boolean {
  if (before === undefined) return false;
  return (
    point.step === before.step && point.atMs === before.atMs && compareValues(point.value, before.value) === 0
  );
}
