import type { Run } from "@causeway/contract";
import { type PointerEvent, useMemo, useState } from "react";
import { runLook } from "../../components/chart-series.ts";
import { useWidth } from "../../components/use-width.ts";
import { useWords } from "../../lib/words.tsx";
import { type Brush, isBrushed, type PlotAxis } from "./plot-axis.ts";

const HEIGHT = 280;
const TOP = 34;
const BOTTOM = 14;
const SIDE = 60;
/** A drag shorter than this takes the brush away. */
const LEAST_DRAG = 4;

/** Parallel coordinates: one upright axis per param, the metric last, one line per run. Dragging along an axis narrows the runs. */
export function ParallelPlot({
  runs,
  axes,
  brushes,
  onBrush,
  marked,
  onMark,
}: {
  runs: readonly Run[];
  axes: readonly PlotAxis[];
  brushes: ReadonlyMap<string, Brush>;
  onBrush: (axis: string, brush: Brush | undefined) => void;
  marked: string | undefined;
  onMark: (run: string | undefined) => void;
}) {
  const { t } = useWords();
  const [element, setElement] = useState<HTMLDivElement | null>(null);
  const width = useWidth(element);
  const xs = axes.map((_, index) =>
    axes.length < 2 ? width / 2 : SIDE + (index * (width - 2 * SIDE)) / (axes.length - 1),
  );
  const y = (place: number) => HEIGHT - BOTTOM - place * (HEIGHT - TOP - BOTTOM);
  const lines = useMemo(
    () =>
      runs.map((run, index) => ({
        run,
        look: runLook(index),
        isIn: isBrushed(run, axes, brushes),
        places: axes.map((axis) => axis.placeOf(run)),
      })),
    [runs, axes, brushes],
  );
  const inside = lines.filter(({ isIn }) => isIn).length;
  return (
    <div ref={setElement} className="parallel">
      <svg
        width={width}
        height={HEIGHT}
        role="img"
        aria-label={t("compare.parallelLabel", { runs: runs.length, axes: axes.length, inside })}
      >
        {lines.map(({ run, look, isIn, places }) => (
          <path
            key={run.id}
            d={pathOf(places, xs, y)}
            fill="none"
            stroke={`var(--${look.token})`}
            strokeWidth={run.id === marked ? 3 : 1.5}
            strokeDasharray={look.dashed ? "5 3" : undefined}
            opacity={isIn ? 1 : 0.12}
            onPointerEnter={() => onMark(run.id)}
            onPointerLeave={() => onMark(undefined)}
          >
            <title>{run.name}</title>
          </path>
        ))}
        {axes.map((axis, index) => (
          <AxisView
            key={axis.key}
            axis={axis}
            x={xs[index] ?? 0}
            isLast={index === axes.length - 1}
            brush={brushes.get(axis.key)}
            onBrush={(brush) => onBrush(axis.key, brush)}
          />
        ))}
      </svg>
    </div>
  );
}

/** A line is interrupted where the run has no value. */
function pathOf(
  places: readonly (number | undefined)[],
  xs: readonly number[],
  y: (place: number) => number,
): string {
  return places
    .map((place, index) => {
      if (place === undefined) return "";
      const isStart = index === 0 || places[index - 1] === undefined;
      return `${isStart ? "M" : "L"}${(xs[index] ?? 0).toFixed(1)} ${y(place).toFixed(1)}`;
    })
    .join("");
}

function AxisView({
  axis,
  x,
  isLast,
  brush,
  onBrush,
}: {
  axis: PlotAxis;
  x: number;
  isLast: boolean;
  brush: Brush | undefined;
  onBrush: (brush: Brush | undefined) => void;
}) {
  const [drag, setDrag] = useState<readonly [number, number]>();
  const length = HEIGHT - TOP - BOTTOM;
  const placeAt = (at: number) => Math.max(0, Math.min(1, (HEIGHT - BOTTOM - at) / length));
  const yOf = (place: number) => HEIGHT - BOTTOM - place * length;
  const at = (event: PointerEvent<SVGRectElement>) =>
    event.clientY - (event.currentTarget.ownerSVGElement?.getBoundingClientRect().top ?? 0);
  const shown: Brush | undefined =
    drag === undefined ? brush : [placeAt(Math.max(...drag)), placeAt(Math.min(...drag))];
  return (
    <g>
      <text
        className="axis-name"
        x={x}
        y={14}
        textAnchor={isLast ? "end" : "middle"}
        dx={isLast ? SIDE - 4 : 0}
      >
        {axis.name.length > 24 ? `${axis.name.slice(0, 23)}…` : axis.name}
        <title>{axis.name}</title>
      </text>
      <path d={`M${x} ${TOP}V${HEIGHT - BOTTOM}`} stroke="var(--line-strong)" />
      {axis.ticks.map(({ at: place, text }) => (
        <g key={text}>
          <path d={`M${x - 3} ${yOf(place)}h6`} stroke="var(--line-strong)" />
          <text
            className="axis-tick"
            x={isLast ? x + 6 : x - 6}
            y={yOf(place) + 4}
            textAnchor={isLast ? "start" : "end"}
          >
            {text.length > 9 ? `${text.slice(0, 8)}…` : text}
          </text>
        </g>
      ))}
      {shown === undefined ? null : (
        <rect
          x={x - 7}
          width={14}
          y={yOf(shown[1])}
          height={Math.max(2, yOf(shown[0]) - yOf(shown[1]))}
          fill="var(--accent)"
          opacity={0.25}
        />
      )}
      <rect
        className="brush-ground"
        x={x - 12}
        width={24}
        y={TOP - 6}
        height={length + 12}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          setDrag([at(event), at(event)]);
        }}
        onPointerMove={(event) => {
          if (drag !== undefined) setDrag([drag[0], at(event)]);
        }}
        onPointerUp={() => {
          setDrag(undefined);
          if (drag === undefined) return;
          onBrush(
            Math.abs(drag[1] - drag[0]) < LEAST_DRAG
              ? undefined
              : [placeAt(Math.max(...drag)), placeAt(Math.min(...drag))],
          );
        }}
        onPointerCancel={() => setDrag(undefined)}
      />
    </g>
  );
}
