import { type ReactNode, useState } from "react";
import { useWords } from "../lib/words.tsx";
import { type Marker, MarkerLane, MarkerLegend, markersFit } from "./marker-lane.tsx";
import { niceRange } from "./plot.ts";
import { TimeChart } from "./time-chart.tsx";
import { useWidth } from "./use-width.ts";
import { windowAxis } from "./window-axis.ts";
import { Ground, STRIP_PX } from "./window-ground.tsx";
import { linesOf, type Twin } from "./window-lines.ts";
import type { MetricPoint } from "./window-metric.ts";
import { windowName } from "./window-name.ts";
import { EndWords, LabelStrip } from "./window-words.tsx";

/** A metric per window: interval, reference, alarm level, missing labels hatched, what happened above, labels below. */
export function WindowChart({
  title,
  hint,
  right,
  label,
  points,
  byCount = false,
  level = null,
  markers = [],
  firing = [],
  selected,
  select,
  twin,
  name,
  gutter,
  height = 270,
}: {
  title: string;
  hint?: ReactNode;
  right?: ReactNode;
  /** One sentence for those who cannot see it. */
  label: string;
  /** The oldest first. */
  points: readonly MetricPoint[];
  byCount?: boolean;
  /** Dotted: from here on it is an alarm. */
  level?: number | null;
  markers?: readonly Marker[];
  /** Stretches of event time in which an alert was open. */
  firing?: ReadonlyArray<{ from: number; to: number }>;
  /** Start of the window that the page shows. */
  selected?: string | undefined;
  select?: (start: string) => void;
  twin?: Twin | undefined;
  /** The name of the line, where there is a twin. */
  name?: string;
  gutter: { left: number; right: number };
  height?: number;
}) {
  const { t, format } = useWords();
  const [element, setElement] = useState<HTMLDivElement | null>(null);
  const width = useWidth(element);
  const axis = windowAxis(points, { byCount });
  const room = Math.max(1, width - gutter.left - gutter.right);
  const fit = markersFit(markers, room);
  const lane = markers.length === 0 ? 10 : fit && markers.every(({ text }) => text === undefined) ? 34 : 46;
  const figuresOf = (each: MetricPoint) =>
    [each.value, each.low, each.high].filter((value) => value !== null);
  const range = niceRange([
    ...points.flatMap((each) => [
      ...figuresOf(each),
      ...(each.reference === null ? [] : [each.reference]),
      ...(each.promised === null || twin !== undefined ? [] : [each.promised]),
    ]),
    ...(twin?.points ?? []).flatMap(figuresOf),
    ...(level === null ? [] : [level]),
  ]);
  const options = {
    label,
    across: "window" as const,
    acrossName: t("monitoring.window"),
    plot: { ...range, ...gutter, top: lane, bottom: STRIP_PX + 30, from: 0, to: Math.max(1, axis.width) },
    series: linesOf({
      axis,
      twin,
      name: name ?? title,
      openName: t("monitoring.labelsMissing"),
      promisedName: t("monitoring.promised"),
      format,
    }),
    write: (value: number) => format.metric(value),
    writeTick: (value: number, decimals: number) => format.metric(value, decimals),
    writeAcross: (x: number) =>
      windowName(axis.slots.find((slot) => slot.x === x)?.window.title ?? "", { t, format }),
  };
  return (
    <div ref={setElement}>
      <TimeChart
        title={title}
        hint={hint}
        right={right}
        height={height}
        options={options}
        pick={
          select === undefined
            ? undefined
            : (position) => {
                const slot = axis.slots.find(({ x }) => Math.abs(x - position) <= 0.5);
                if (slot !== undefined) select(slot.window.start);
              }
        }
        layers={(place) => ({
          under: (
            <Ground axis={axis} place={place} level={level} firing={firing} twin={twin} selected={selected} />
          ),
          over: (
            <>
              <MarkerLane markers={markers} place={place} at={axis.at} fit={fit} />
              <LabelStrip axis={axis} place={place} />
              <EndWords axis={axis} place={place} level={level} twin={twin} name={name} selected={selected} />
            </>
          ),
        })}
      />
      {fit || markers.length === 0 ? null : <MarkerLegend markers={markers} />}
    </div>
  );
}
