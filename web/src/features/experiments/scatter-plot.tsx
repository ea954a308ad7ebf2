import type { Run } from "@causeway/contract";
import { useState } from "react";
import { runLook } from "../../components/chart-series.ts";
import { Go } from "../../components/go.tsx";
import { useWidth } from "../../components/use-width.ts";
import { places } from "../../lib/places.ts";
import { useScope } from "../../lib/scope.ts";
import { useWords } from "../../lib/words.tsx";
import type { PlotAxis } from "./plot-axis.ts";

const HEIGHT = 300;
const BOX = { left: 64, right: 24, top: 30, bottom: 44 } as const;

/** Runs as points over two axes; each point leads to its run. */
export function ScatterPlot({
  runs,
  across,
  up,
  isIn,
  marked,
  onMark,
}: {
  runs: readonly Run[];
  across: PlotAxis;
  up: PlotAxis;
  /** Whether a run is among those that are narrowed to. */
  isIn: (run: Run) => boolean;
  marked: string | undefined;
  onMark: (run: string | undefined) => void;
}) {
  const { t } = useWords();
  const scope = useScope();
  const [element, setElement] = useState<HTMLDivElement | null>(null);
  const width = useWidth(element);
  const x = (place: number) => BOX.left + place * (width - BOX.left - BOX.right);
  const y = (place: number) => HEIGHT - BOX.bottom - place * (HEIGHT - BOX.top - BOX.bottom);
  const points = runs.flatMap((run, index) => {
    const [px, py] = [across.placeOf(run), up.placeOf(run)];
    return px === undefined || py === undefined ? [] : [{ run, px, py, look: runLook(index) }];
  });
  const missing = runs.length - points.length;
  const pointed = points.find(({ run }) => run.id === marked);
  return (
    <div ref={setElement}>
      {width === 0 ? null : (
        <svg
          width={width}
          height={HEIGHT}
          aria-label={t("compare.scatterLabel", { runs: points.length, x: across.name, y: up.name })}
        >
          {up.ticks.map(({ at, text }) => (
            <g key={text}>
              <path d={`M${BOX.left} ${y(at)}H${width - BOX.right}`} stroke="var(--grid)" />
              <text className="axis-tick" x={BOX.left - 8} y={y(at) + 4} textAnchor="end">
                {text}
              </text>
            </g>
          ))}
          {across.ticks.map(({ at, text }) => (
            <text key={text} className="axis-tick" x={x(at)} y={HEIGHT - BOX.bottom + 18} textAnchor="middle">
              {text}
            </text>
          ))}
          <path d={`M${BOX.left} ${HEIGHT - BOX.bottom}H${width - BOX.right}`} stroke="var(--line-strong)" />
          <text className="axis-name" x={width - BOX.right} y={HEIGHT - 6} textAnchor="end">
            {across.name}
          </text>
          <text className="axis-name" x={BOX.left} y={14} textAnchor="start">
            {up.name}
          </text>
          {points.map(({ run, px, py, look }) => (
            <Go
              key={run.id}
              to={places.run(scope, run)}
              label={`${run.name}: ${across.name} ${across.textOf(run)}, ${up.name} ${up.textOf(run)}`}
            >
              <circle
                cx={x(px)}
                cy={y(py)}
                r={run.id === marked ? 7 : 5}
                fill={look.dashed ? "var(--surface)" : `var(--${look.token})`}
                stroke={`var(--${look.token})`}
                strokeWidth={2}
                opacity={isIn(run) ? 1 : 0.15}
                onPointerEnter={() => onMark(run.id)}
                onPointerLeave={() => onMark(undefined)}
              />
            </Go>
          ))}
        </svg>
      )}
      <p className="quiet small" aria-live="polite">
        {pointed === undefined
          ? missing === 0
            ? t("compare.scatterHint")
            : t("compare.scatterMissing", { count: missing })
          : `${pointed.run.name}: ${across.name} ${across.textOf(pointed.run)}, ${up.name} ${up.textOf(pointed.run)}`}
      </p>
    </div>
  );
}
