import { lazy, type ReactNode, Suspense, useState } from "react";
import { useWords } from "../lib/words.tsx";
import { saveText, toCsv } from "./csv.ts";
import { LayeredChart } from "./layered-chart.tsx";
import { PictureSkeleton, Slowly } from "./loaded.tsx";
import { SectionHead } from "./page-frame.tsx";
import type { Place } from "./plot.ts";
import type { TimeChartOptions } from "./time-chart-option.ts";

const TimeChartCanvas = lazy(async () => ({
  default: (await import("./time-chart-canvas.tsx")).TimeChartCanvas,
}));

const MOST_TABLE_ROWS = 500;

/** A chart over steps or time with its title, the same as a table, and as CSV. ECharts is loaded only where a chart is. */
export function TimeChart({
  title,
  hint,
  options,
  height = 240,
  right,
  layers,
  pick,
  onZoom,
}: {
  title: string;
  hint?: ReactNode;
  options: TimeChartOptions;
  height?: number;
  /** What stands before the links to table and CSV. */
  right?: ReactNode;
  /** Drawn under and over the lines of a chart whose plot is fixed. */
  layers?: (place: Place) => { under?: ReactNode; over?: ReactNode };
  /** Told of the position on the axis that was clicked. */
  pick?: ((position: number) => void) | undefined;
  /** Told of the span of the axis that was dragged over. */
  onZoom?: ((from: number, until: number) => void) | undefined;
}) {
  const { t } = useWords();
  const [isTable, setTable] = useState(false);
  return (
    <figure>
      <SectionHead
        title={title}
        hint={hint}
        right={
          <>
            {right}
            <button type="button" className="link-button" onClick={() => setTable(!isTable)}>
              {isTable ? t("shell.asChart") : t("shell.asTable")}
            </button>
            <button
              type="button"
              className="link-button"
              onClick={() => saveText(`${title}.csv`, chartCsv(options))}
            >
              {t("shell.csv")}
            </button>
          </>
        }
      />
      {isTable ? (
        <PointTable options={options} height={height} />
      ) : (
        <Suspense
          fallback={
            <Slowly>
              <PictureSkeleton height={height} />
            </Slowly>
          }
        >
          {layers === undefined || options.plot === undefined ? (
            <TimeChartCanvas options={options} height={height} onZoom={onZoom} />
          ) : (
            <LayeredChart plot={options.plot} height={height} layers={layers} pick={pick}>
              <TimeChartCanvas options={options} height={height} />
            </LayeredChart>
          )}
        </Suspense>
      )}
    </figure>
  );
}

function PointTable({ options, height }: { options: TimeChartOptions; height: number }) {
  const { header, rows } = pointRows(options);
  return (
    // A region that scrolls must be reachable by keyboard.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: scrollable region
    <section className="tall" style={{ maxHeight: height }} tabIndex={0} aria-label={options.label}>
      <table className="table compact">
        <thead>
          <tr>
            {header.map((name) => (
              <th key={name} scope="col" className="number">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.slice(-MOST_TABLE_ROWS).map(([x, ...values]) => (
            <tr key={x}>
              <td className="number">{options.writeAcross(x)}</td>
              {values.map((value, index) => (
                <td key={header[index + 1]} className="number">
                  {value === undefined || Number.isNaN(value) ? "" : options.write(value)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

type PointRow = [x: number, ...values: (number | undefined)[]];

function pointRows({ series: all, acrossName }: TimeChartOptions): { header: string[]; rows: PointRow[] } {
  const series = all.filter(({ isBundle }) => isBundle !== true);
  const columns = series.map(({ points }) => new Map(points.map(([x, y]) => [x, y])));
  const xs = [...new Set(series.flatMap(({ points }) => points.map(([x]) => x)))].sort((a, b) => a - b);
  return {
    header: [acrossName, ...series.map(({ name }) => name)],
    rows: xs.map((x) => [x, ...columns.map((column) => column.get(x))]),
  };
}

function chartCsv(options: TimeChartOptions): string {
  const { header, rows } = pointRows(options);
  return toCsv(
    header,
    rows.map(([x, ...values]) => [
      options.across === "time"
        ? new Date(x).toISOString()
        : options.across === "window"
          ? options.writeAcross(x)
          : x,
      ...values,
    ]),
  );
}
