import type { MonitorWindow } from "@causeway/contract";
import { useState } from "react";
import { SectionHead } from "../../components/page-frame.tsx";
import { niceRange, placeIn } from "../../components/plot.ts";
import { useWidth } from "../../components/use-width.ts";
import { windowAxis } from "../../components/window-axis.ts";
import { windowName } from "../../components/window-name.ts";
import { useWords } from "../../lib/words.tsx";

const TALL = 64;

/** Predictions per window as bars from zero, errors as a part at their foot, in the columns of the charts above. */
export function RowBars({
  windows,
  byCount,
  selected,
  gutter,
}: {
  windows: readonly MonitorWindow[];
  byCount: boolean;
  selected: string;
  gutter: { left: number; right: number };
}) {
  const { t, format } = useWords();
  const [element, setElement] = useState<HTMLDivElement | null>(null);
  const width = useWidth(element);
  const axis = windowAxis(windows, { byCount });
  const { high } = niceRange([0, ...windows.map(({ rows }) => rows)], 3);
  const place = placeIn(
    { ...gutter, top: 6, bottom: 4, from: 0, to: Math.max(1, axis.width), low: 0, high, step: high },
    { width, height: TALL },
  );
  const newest = windows.at(-1);
  return (
    <div ref={setElement} className="under-chart">
      <SectionHead title={t("monitoring.rowsPerWindow")} />
      <svg
        width="100%"
        height={TALL}
        role="img"
        aria-label={t("monitoring.rowsLabel", {
          count: newest?.rows ?? 0,
          window: newest === undefined ? "–" : windowName(newest.title, { t, format }),
        })}
      >
        <path d={`M${place.left} ${place.y(high)}H${place.right}`} stroke="var(--grid)" />
        <text className="end" x={place.left - 6} y={place.y(high) + 4}>
          {format.count(high)}
        </text>
        {axis.slots.map(({ x, window }) => {
          const left = place.x(x - 0.5) + 1;
          const wide = Math.max(1, place.x(x + 0.5) - place.x(x - 0.5) - 2);
          const errors = window.service?.errors ?? 0;
          return (
            <g key={window.start}>
              <rect
                x={left}
                y={place.y(window.rows)}
                width={wide}
                height={Math.max(0, place.bottom - place.y(window.rows))}
                fill="var(--live)"
                opacity={window.start === selected ? 1 : 0.55}
              >
                <title>{`${windowName(window.title, { t, format })}: ${format.count(window.rows)}`}</title>
              </rect>
              {errors === 0 ? null : (
                <path d={`M${left + wide / 2} ${place.bottom}v4`} stroke="var(--crit)" strokeWidth="2" />
              )}
            </g>
          );
        })}
        <path d={`M${place.left} ${place.bottom}H${place.right}`} stroke="var(--line-strong)" />
      </svg>
    </div>
  );
}
