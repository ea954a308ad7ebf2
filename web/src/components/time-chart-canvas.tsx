import { useComputedColorScheme } from "@mantine/core";
import { LineChart } from "echarts/charts";
import { AriaComponent, GridComponent, MarkPointComponent, TooltipComponent } from "echarts/components";
import { type EChartsType, init, use } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";
import { type KeyboardEvent, type PointerEvent, useEffect, useRef, useState } from "react";
import { smooth } from "./chart-series.ts";
import { type EndLabel, spreadLabels } from "./end-labels.ts";
import { inTurn } from "./in-turn.ts";
import { readPalette } from "./palette.ts";
import { GRID, type TimeChartOptions, timeChartOption } from "./time-chart-option.ts";

use([LineChart, GridComponent, TooltipComponent, MarkPointComponent, AriaComponent, CanvasRenderer]);

/** The chart on its canvas. Arrow keys step through the points; the theme's colours are read anew when it changes. */
export function TimeChartCanvas({
  options,
  height,
  onZoom,
}: {
  options: TimeChartOptions;
  height: number;
  /** Told of the span that was dragged over. */
  onZoom?: ((from: number, until: number) => void) | undefined;
}) {
  const element = useRef<HTMLDivElement>(null);
  const chart = useRef<EChartsType>(undefined);
  const shown = useRef(options);
  const isDrawn = useRef(false);
  const at = useRef(-1);
  const [labels, setLabels] = useState<readonly EndLabel[]>([]);
  const scheme = useComputedColorScheme("light");
  shown.current = options;

  useEffect(() => {
    if (element.current === null) return;
    const made = init(element.current, null, { renderer: "canvas" });
    chart.current = made;
    const watcher = new ResizeObserver(() => {
      made.resize();
      // Before its first drawing a chart has no axes to ask.
      if (isDrawn.current) setLabels(endsOf(made, shown.current));
    });
    watcher.observe(element.current);
    return () => {
      watcher.disconnect();
      isDrawn.current = false;
      made.dispose();
    };
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the palette depends on the scheme
  useEffect(() => {
    return inTurn(() => {
      if (chart.current === undefined || chart.current.isDisposed()) return;
      chart.current.setOption(timeChartOption(options, readPalette()), { notMerge: true });
      isDrawn.current = true;
      setLabels(endsOf(chart.current, options));
    });
  }, [options, scheme]);
  const drag = useDrag(chart, onZoom);

  const step = (event: KeyboardEvent) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const named = options.series.filter(({ isBundle }) => isBundle !== true);
    const most = Math.max(0, ...named.map(({ points }) => points.length)) - 1;
    if (by === undefined || most < 0) return;
    event.preventDefault();
    at.current = Math.max(0, Math.min(most, at.current + by));
    chart.current?.dispatchAction({ type: "showTip", seriesIndex: 0, dataIndex: at.current });
  };
  return (
    <div className="chart" style={{ height }}>
      {/* Reached by keyboard, so that its points can be read one by one. */}
      <div
        ref={element}
        className="chart-canvas"
        role="img"
        aria-label={options.label}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys step through the points
        tabIndex={0}
        onKeyDown={step}
        {...drag.handlers}
      />
      {drag.span === undefined ? null : (
        <span
          className="chart-drag"
          style={{ left: Math.min(...drag.span), width: Math.abs(drag.span[1] - drag.span[0]) }}
        />
      )}
      <svg className="chart-labels" aria-hidden="true">
        {labels.map(({ name, x, y, labelY }) => (
          <g key={name}>
            <path d={`M${x + 5} ${y}L${x + 16} ${labelY}h4`} fill="none" stroke={colourOf(options, name)} />
            <text className="second" x={x + 24} y={labelY + 4}>
              {name}
            </text>
          </g>
        ))}
      </svg>
    </div>
  );
}

/** A drag shorter than this is a click. */
const LEAST_DRAG = 6;

/** Choosing a span of the axis by dragging over the chart. */
function useDrag(
  chart: { current: EChartsType | undefined },
  onZoom: ((from: number, until: number) => void) | undefined,
) {
  const [span, setSpan] = useState<readonly [number, number]>();
  if (onZoom === undefined) return { span: undefined, handlers: {} };
  const at = (event: PointerEvent<HTMLDivElement>) =>
    event.clientX - event.currentTarget.getBoundingClientRect().left;
  const handlers = {
    onPointerDown: (event: PointerEvent<HTMLDivElement>) => {
      if (event.button !== 0 || event.pointerType === "touch") return;
      event.currentTarget.setPointerCapture(event.pointerId);
      setSpan([at(event), at(event)]);
    },
    onPointerMove: (event: PointerEvent<HTMLDivElement>) => {
      if (span !== undefined) setSpan([span[0], at(event)]);
    },
    onPointerUp: () => {
      setSpan(undefined);
      if (span === undefined || Math.abs(span[1] - span[0]) < LEAST_DRAG) return;
      const [from, until] = [Math.min(...span), Math.max(...span)].map((x) =>
        chart.current?.convertFromPixel({ xAxisIndex: 0 }, x),
      );
      if (typeof from === "number" && typeof until === "number" && from < until) onZoom(from, until);
    },
    onPointerCancel: () => setSpan(undefined),
  };
  return { span, handlers };
}

/** Where the lines end on the canvas, names moved apart. One line alone needs no name: the title has it. */
function endsOf(chart: EChartsType, { series, plot, smoothing = 0 }: TimeChartOptions): EndLabel[] {
  if (series.length < 2 || plot !== undefined) return [];
  const ends = series.flatMap(({ name, points, isBundle }) => {
    if (isBundle === true) return [];
    const last = (smoothing === 0 ? points : smooth(points, smoothing)).at(-1);
    if (last === undefined) return [];
    const [x, y] = chart.convertToPixel({ xAxisIndex: 0, yAxisIndex: 0 }, [...last]);
    return x === undefined || y === undefined || !Number.isFinite(y) ? [] : [{ name, x, y }];
  });
  return spreadLabels(ends, { top: GRID.top, bottom: chart.getHeight() - GRID.bottom });
}

function colourOf({ series }: TimeChartOptions, name: string): string {
  return `var(--${series.find((line) => line.name === name)?.token ?? "ink-3"})`;
}
