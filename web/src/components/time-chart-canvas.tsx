import { useComputedColorScheme } from "@mantine/core";
import { LineChart } from "echarts/charts";
import { AriaComponent, GridComponent, MarkPointComponent, TooltipComponent } from "echarts/components";
import { type EChartsType, init, use } from "echarts/core";
import { LabelLayout } from "echarts/features";
import { CanvasRenderer } from "echarts/renderers";
import { type KeyboardEvent, useEffect, useRef } from "react";
import { readPalette } from "./palette.ts";
import { type TimeChartOptions, timeChartOption } from "./time-chart-option.ts";

use([
  LineChart,
  GridComponent,
  TooltipComponent,
  MarkPointComponent,
  AriaComponent,
  LabelLayout,
  CanvasRenderer,
]);

/** The chart on its canvas. Arrow keys step through the points; the theme's colours are read anew when it changes. */
export function TimeChartCanvas({ options, height }: { options: TimeChartOptions; height: number }) {
  const element = useRef<HTMLDivElement>(null);
  const chart = useRef<EChartsType>(undefined);
  const at = useRef(-1);
  const scheme = useComputedColorScheme("light");

  useEffect(() => {
    if (element.current === null) return;
    const made = init(element.current, null, { renderer: "canvas" });
    chart.current = made;
    const watcher = new ResizeObserver(() => made.resize());
    watcher.observe(element.current);
    return () => {
      watcher.disconnect();
      made.dispose();
    };
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the palette depends on the scheme
  useEffect(() => {
    chart.current?.setOption(timeChartOption(options, readPalette()), { notMerge: true });
  }, [options, scheme]);

  const step = (event: KeyboardEvent) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const most = Math.max(0, ...options.series.map(({ points }) => points.length)) - 1;
    if (by === undefined || most < 0) return;
    event.preventDefault();
    at.current = Math.max(0, Math.min(most, at.current + by));
    chart.current?.dispatchAction({
      type: "showTip",
      seriesIndex: options.smoothing ? 1 : 0,
      dataIndex: at.current,
    });
  };
  return (
    // Reached by keyboard, so that its points can be read one by one.
    <div
      ref={element}
      className="chart"
      style={{ height }}
      role="img"
      aria-label={options.label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys step through the points
      tabIndex={0}
      onKeyDown={step}
    />
  );
}
