import { type MouseEvent, useState } from "react";
import { useWords } from "../lib/words.tsx";
import { HEAT_STEPS, heatStep, heatText } from "./heat.ts";
import { useWidth } from "./use-width.ts";
import type { WindowAxis } from "./window-axis.ts";

/** One row of the strip: a column's scores over the windows, the oldest first. */
export type HeatRow = {
  name: string;
  /** Set apart from the columns, on top. */
  isFirst: boolean;
  /** Null where a window was not judged. */
  scores: readonly (number | null)[];
  drifted: readonly boolean[];
};

const ROW = 22;
const FIRST_ROW = 28;
const CELL = 19;
/** Cells narrower than this say nothing; their colour does. */
const TEXT_FROM = 21;

/** Scores of all columns over all windows, five steps of one colour; bold where it was judged as drift. */
export function HeatStrip({
  label,
  rows,
  axis,
  gutter,
  selected,
  choose,
}: {
  label: string;
  rows: readonly HeatRow[];
  axis: WindowAxis;
  gutter: { left: number; right: number };
  selected: { window: string | undefined; row: string | undefined };
  choose: (choice: { window?: string; row?: string }) => void;
}) {
  const { format } = useWords();
  const [element, setElement] = useState<HTMLDivElement | null>(null);
  const width = useWidth(element);
  const cell = Math.max(0, (width - gutter.left - gutter.right) / Math.max(1, axis.width));
  const decimal = format.metric(0.5, 1).charAt(1);
  const tops = rows.map((_, index) =>
    rows[0]?.isFirst && index > 0 ? FIRST_ROW + (index - 1) * ROW : index * ROW,
  );
  const height = (tops.at(-1) ?? 0) + ROW;
  const at = axis.slots.findIndex(({ window }) => window.start === selected.window);
  const open = rows.findIndex(({ name }) => name === selected.row);
  const pick = (event: MouseEvent<SVGSVGElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    const slot = axis.slots.find(({ x }) => Math.abs(x - (event.clientX - box.left) / cell) <= 0.5);
    const y = event.clientY - box.top;
    const row = rows[tops.findLastIndex((top) => top <= y)];
    if (slot !== undefined && row !== undefined) choose({ window: slot.window.start, row: row.name });
  };
  return (
    <div
      ref={setElement}
      className="heat"
      style={{ height, gridTemplateColumns: `${gutter.left}px 1fr ${gutter.right}px` }}
    >
      <ul className="heat-names" aria-label={label}>
        {rows.map((row, index) => (
          <li key={row.name} style={{ top: tops[index] }}>
            <button
              type="button"
              className={row.isFirst ? "strong" : undefined}
              aria-current={index === open ? "true" : undefined}
              title={row.name}
              onClick={() => choose({ row: row.name })}
            >
              {row.name}
              <span className="unseen">{`, psi ${scoreWords(row.scores[at], format.metric)}`}</span>
            </button>
          </li>
        ))}
      </ul>
      {/* The mouse's short cut; by keyboard rows are buttons and windows are stepped through with [ and ]. */}
      <svg height={height} width="100%" aria-hidden="true" className="pickable" onClick={pick}>
        {rows.map((row, index) =>
          axis.slots.map(({ x, window }, position) => {
            const score = row.scores[position];
            const left = (x - 0.5) * cell;
            const top = tops[index] ?? 0;
            if (score == null) {
              return (
                <rect
                  key={`${row.name} ${window.start}`}
                  x={left + 1}
                  y={top + 0.5}
                  width={Math.max(0, cell - 2)}
                  height={CELL - 1}
                  fill="none"
                  stroke="var(--grid)"
                />
              );
            }
            const step = heatStep(score);
            return (
              <g key={`${row.name} ${window.start}`}>
                <rect
                  x={left + 0.5}
                  y={top}
                  width={Math.max(1, cell - 1)}
                  height={CELL}
                  fill={`var(--heat-${step})`}
                >
                  <title>{`${row.name}, ${window.title}: psi ${format.metric(score)}`}</title>
                </rect>
                {cell < TEXT_FROM ? null : (
                  <text
                    className={row.drifted[position] ? "middle cell drifted" : "middle cell"}
                    x={x * cell}
                    y={top + 13}
                    style={{ fill: `var(--heat-${step}-ink)` }}
                  >
                    {heatText(score, decimal)}
                  </text>
                )}
              </g>
            );
          }),
        )}
        {at < 0 ? null : (
          <rect
            x={((axis.slots[at]?.x ?? 0.5) - 0.5) * cell - 0.5}
            y={-2}
            width={cell + 1}
            height={height + 1}
            rx="3"
            fill="none"
            stroke="var(--accent)"
            strokeWidth="1.5"
          />
        )}
      </svg>
      <ul className="heat-values" aria-hidden="true">
        {rows.map((row, index) => (
          <li key={row.name} className={row.drifted[at] ? "strong" : "quiet"} style={{ top: tops[index] }}>
            {scoreWords(row.scores[at], format.metric)}
          </li>
        ))}
      </ul>
      {open < 0 ? null : <div className="heat-open" style={{ top: (tops[open] ?? 0) - 3 }} />}
    </div>
  );
}

function scoreWords(
  score: number | null | undefined,
  write: (value: number, places: number) => string,
): string {
  return score == null ? "–" : write(score, 2);
}

/** The five steps with their scores. */
export function HeatLegend() {
  const { format } = useWords();
  const words = [
    `< ${format.metric(HEAT_STEPS[0], 1)}`,
    ...HEAT_STEPS.map((step, index) =>
      index === HEAT_STEPS.length - 1 ? `≥ ${format.count(step)}` : format.metric(step, 1),
    ),
  ];
  return (
    <span className="heat-legend">
      psi
      {words.map((word, step) => (
        <span key={word} style={{ background: `var(--heat-${step})`, color: `var(--heat-${step}-ink)` }}>
          {word}
        </span>
      ))}
    </span>
  );
}
