import type { EChartsCoreOption } from "echarts/core";
import { tickDecimals } from "../lib/format.ts";
import { bestOf, type ChartToken, downsample, type Series, smooth } from "./chart-series.ts";
import type { Plot } from "./plot.ts";

/** Points drawn per line; beyond it extremes are kept and the rest is thinned. */
const MOST_POINTS = 5_000;
const FONT = '"Inter Variable", Inter, sans-serif';

/** Room around the plot, in px; on the right more where lines carry their names. */
export const GRID = { left: 52, right: 20, top: 12, bottom: 34 } as const;

/** What a chart over steps or time shows. */
export type TimeChartOptions = {
  /** One sentence for those who cannot see it. */
  label: string;
  series: readonly Series[];
  /** Steps counted from 0, moments in ms, or columns of windows counted from 0. */
  across: "step" | "time" | "window";
  acrossName: string;
  /** 0 leaves values as they are; towards 1 the past counts more. The unsmoothed line stays faint behind. */
  smoothing?: number;
  log?: boolean;
  /** Areas and counts start at zero; lines may start elsewhere. */
  fromZero?: boolean;
  /** Fixes plot and axes, so that other drawings can share them; ticks of the lower axis are theirs to draw. */
  plot?: Plot;
  write: (value: number) => string;
  /** A tick of the upright axis with so many decimals. */
  writeTick: (value: number, decimals: number) => string;
  writeAcross: (value: number) => string;
};

/** The colours of the page at this moment, by token. */
export type Palette = Readonly<
  Record<ChartToken | "ink" | "ink-2" | "grid" | "line-strong" | "surface" | "raised" | "line", string>
>;

/** The chart as ECharts reads it: grid, axes, crosshair, lines with their names at the ends and best points ringed. */
export function timeChartOption(options: TimeChartOptions, palette: Palette): EChartsCoreOption {
  const { series, across, plot, smoothing = 0, log = false, fromZero = false } = options;
  const text = { color: palette["ink-3"], fontSize: 11, fontFamily: FONT };
  const decimals = tickDecimals(plot === undefined ? spanOf(series, fromZero) : plot.high - plot.low);
  const longest = Math.max(0, ...series.map(({ name }) => name.length));
  return {
    animation: false,
    aria: { enabled: true, label: { description: options.label } },
    textStyle: { fontFamily: text.fontFamily },
    grid:
      plot === undefined
        ? { ...GRID, right: series.length > 1 ? Math.min(160, 24 + longest * 6.5) : GRID.right }
        : { left: plot.left, right: plot.right, top: plot.top, bottom: plot.bottom },
    tooltip: {
      trigger: "axis",
      // Drawn on the canvas: markup with style attributes would be refused by the content policy.
      renderMode: "richText",
      confine: true,
      backgroundColor: palette.raised,
      borderColor: palette.line,
      borderWidth: 1,
      padding: 8,
      textStyle: { color: palette.ink, fontSize: 11, fontFamily: text.fontFamily },
      axisPointer: { type: "line", lineStyle: { color: palette["line-strong"], width: 1 }, snap: true },
      valueFormatter: (value: unknown) => (typeof value === "number" ? options.write(value) : ""),
    },
    xAxis: {
      type: across === "time" ? "time" : "value",
      name: plot === undefined ? options.acrossName : "",
      nameLocation: "end",
      nameGap: 4,
      nameTextStyle: { ...text, align: "right", verticalAlign: "top", padding: [18, 0, 0, 0] },
      min: plot?.from ?? "dataMin",
      max: plot?.to ?? "dataMax",
      axisLine: { lineStyle: { color: palette["line-strong"] } },
      axisTick: { show: false },
      splitLine: { show: false },
      axisLabel: {
        ...text,
        show: plot === undefined,
        hideOverlap: true,
        formatter: (value: number) => options.writeAcross(value),
      },
      // The label is not drawn; its words head the tooltip.
      axisPointer: {
        label: { show: false, formatter: ({ value }: { value: number }) => options.writeAcross(value) },
      },
    },
    yAxis: {
      type: log ? "log" : "value",
      scale: !fromZero,
      ...(plot === undefined ? {} : { min: plot.low, max: plot.high, interval: plot.step }),
      axisLine: { show: false },
      axisTick: { show: false },
      splitLine: { lineStyle: { color: palette.grid } },
      axisLabel: {
        ...text,
        formatter: (value: number) => (log ? options.write(value) : options.writeTick(value, decimals)),
      },
    },
    series: series.flatMap((line) => drawnLine(line, { palette, smoothing, log, many: series.length > 1 })),
  };
}

function spanOf(series: readonly Series[], fromZero: boolean): number {
  const values = series.flatMap(({ points }) => points.map(([, y]) => y)).filter(Number.isFinite);
  const [low, high] = values.reduce<[number, number]>(
    ([least, most], value) => [Math.min(least, value), Math.max(most, value)],
    [fromZero ? 0 : Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  );
  return high - low;
}

function drawnLine(
  line: Series,
  { palette, smoothing, log, many }: { palette: Palette; smoothing: number; log: boolean; many: boolean },
): Record<string, unknown>[] {
  const colour = palette[line.token];
  if (line.isBundle === true) return [drawnBundle(line, colour, log)];
  const visible = log ? line.points.filter(([, y]) => y > 0) : line.points;
  const raw = downsample(visible, MOST_POINTS);
  const drawn = smoothing === 0 ? raw : smooth(raw, smoothing);
  const best = line.best === undefined ? undefined : bestOf(drawn, line.best);
  const base = {
    type: "line",
    showSymbol: line.dots !== undefined || (drawn.length === 1 && line.dotted !== true),
    symbol: "circle",
    symbolSize: 6,
    sampling: undefined,
  };
  const faint =
    smoothing === 0
      ? []
      : [
          {
            ...base,
            data: raw,
            silent: true,
            tooltip: { show: false },
            lineStyle: { color: colour, width: 1, opacity: 0.3 },
            z: 1,
          },
        ];
  return [
    ...faint,
    ...bandOf(line, colour),
    {
      ...base,
      name: line.name,
      data: drawn,
      z: 2,
      itemStyle:
        line.dots === "hollow"
          ? { color: palette.surface, borderColor: colour, borderWidth: 1.75 }
          : { color: colour },
      lineStyle: {
        color: colour,
        width: line.dots === "hollow" ? 0 : 1.75,
        type: line.dashed ? [5, 3] : line.dotted ? [1.5, 3] : "solid",
      },
      ...(line.write === undefined
        ? {}
        : { tooltip: { valueFormatter: (_: unknown, index: number) => line.write?.(index) ?? "" } }),
      emphasis: {
        focus: many ? "series" : "none",
        lineStyle: { width: line.dots === "hollow" ? 0 : 2.5 },
      },
      ...(line.area === true ? { areaStyle: { color: colour, opacity: 0.18 } } : {}),
      ...(best === undefined || drawn.length < 2
        ? {}
        : {
            markPoint: {
              symbol: "circle",
              symbolSize: 8,
              silent: true,
              itemStyle: { color: palette.surface, borderColor: colour, borderWidth: 2 },
              label: { show: false },
              data: [{ coord: [...best] }],
            },
          }),
    },
  ];
}

function drawnBundle({ points }: Series, colour: string, log: boolean): Record<string, unknown> {
  // Flat numbers, because the library clones lists of points one by one.
  const data = new Float64Array(points.length * 2);
  for (const [index, [x, y]] of points.entries()) {
    data[index * 2] = x;
    data[index * 2 + 1] = log && y <= 0 ? Number.NaN : y;
  }
  return {
    type: "line",
    data,
    dimensions: ["x", "y"],
    silent: true,
    showSymbol: false,
    connectNulls: false,
    tooltip: { show: false },
    emphasis: { disabled: true },
    lineStyle: { color: colour, width: 1, opacity: 0.35 },
    z: 1,
  };
}

/** The range around a line, as a stack: an unseen floor and the height above it. */
function bandOf({ name, band = [] }: Series, colour: string): Record<string, unknown>[] {
  if (band.length === 0) return [];
  const base = {
    type: "line",
    symbol: "none",
    silent: true,
    lineStyle: { opacity: 0 },
    tooltip: { show: false },
    z: 1,
  };
  return [
    { ...base, stack: name, data: band.map(([x, low]) => [x, low]) },
    {
      ...base,
      stack: name,
      data: band.map(([x, low, high]) => [x, high - low]),
      areaStyle: { color: colour, opacity: 0.2 },
    },
  ];
}
