import type { Format } from "../lib/format.ts";
import type { Series } from "./chart-series.ts";
import type { Slot, WindowAxis } from "./window-axis.ts";
import type { MetricPoint } from "./window-metric.ts";

/** Another line on the same windows: what would be without the loop. Points lie on the windows by their start. */
export type Twin = { name: string; points: readonly MetricPoint[] };

/** The columns of a chart of a metric. */
export type MetricAxis = WindowAxis<MetricPoint>;

/** The lines of a metric's chart: its twin, settled values with their interval, values that labels may still move. */
export function linesOf({
  axis,
  twin,
  name,
  openName,
  promisedName,
  format,
}: {
  axis: MetricAxis;
  twin: Twin | undefined;
  name: string;
  /** What the points are called whose labels have not all come. */
  openName: string;
  /** What the line is called that the model's own scores promise. */
  promisedName: string;
  format: Format;
}): Series[] {
  const tell = (each: MetricPoint | undefined) =>
    each?.value == null
      ? ""
      : each.low === null || each.high === null
        ? format.metric(each.value)
        : `${format.metric(each.value)} (${format.interval(each.low, each.high)})`;
  const line = (settled: boolean) => axis.slots.filter(({ window }) => window.settled === settled);
  const known = gaps(line(true));
  const promised = axis.slots.filter(({ window }) => window.promised !== null);
  const open = line(false).filter(({ window }) => window.value !== null);
  return [
    ...(twin === undefined
      ? []
      : [
          {
            name: twin.name,
            token: "reference" as const,
            dashed: true,
            points: gaps(twinSlots(axis, twin)).map(
              ({ x, window }) => [x, window?.value ?? Number.NaN] as const,
            ),
          },
        ]),
    ...(promised.length === 0 || twin !== undefined
      ? []
      : [
          {
            name: promisedName,
            token: "live" as const,
            dotted: true,
            points: gaps(promised).map(({ x, window }) => [x, window?.promised ?? Number.NaN] as const),
          },
        ]),
    {
      name,
      token: "live",
      dots: "full",
      points: known.map(({ x, window }) => [x, window?.value ?? Number.NaN] as const),
      band: known.flatMap(({ x, window }) =>
        window?.low == null || window.high === null ? [] : [[x, window.low, window.high] as const],
      ),
      write: (index) => tell(known[index]?.window),
    },
    ...(open.length === 0
      ? []
      : [
          {
            name: openName,
            token: "live" as const,
            dots: "hollow" as const,
            points: open.map(({ x, window }) => [x, window.value ?? Number.NaN] as const),
            write: (index: number) => tell(open[index]?.window),
          },
        ]),
  ];
}

type MaybeSlot = { x: number; window: MetricPoint | undefined };

/** Puts an empty point where a column is missing, so that no line crosses it. */
function gaps(slots: ReadonlyArray<{ x: number; window: MetricPoint }>): MaybeSlot[] {
  return slots.flatMap((slot, index): MaybeSlot[] => {
    const before = slots[index - 1];
    return before !== undefined && slot.x - before.x > 1
      ? [{ x: slot.x - 1, window: undefined }, slot]
      : [slot];
  });
}

/** The points of a twin in the columns of the windows that they share. */
export function twinSlots(axis: MetricAxis, twin: Twin): Slot<MetricPoint>[] {
  const byStart = new Map(twin.points.map((point) => [point.start, point]));
  return axis.slots.flatMap(({ x, window }) => {
    const other = byStart.get(window.start);
    return other?.value == null ? [] : [{ x, window: other }];
  });
}
