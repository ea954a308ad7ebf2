import type { TrafficPoint } from "@causeway/contract";
import { useState } from "react";
import { GRID } from "../../components/time-chart-option.ts";
import { useWidth } from "../../components/use-width.ts";
import { useWords } from "../../lib/words.tsx";

const HEIGHT = 22;

/** Errors as ticks under the requests, in the same columns; refused requests are shorter and grey. */
export function ErrorStrip({ points }: { points: readonly TrafficPoint[] }) {
  const { t } = useWords();
  const [element, setElement] = useState<HTMLDivElement | null>(null);
  const width = useWidth(element);
  const most = Math.max(1, ...points.map(({ errors, refused }) => Math.max(errors, refused)));
  const errors = points.reduce((sum, point) => sum + point.errors, 0);
  const refused = points.reduce((sum, point) => sum + point.refused, 0);
  if (errors + refused === 0) return null;
  const room = Math.max(1, width - GRID.left - GRID.right);
  const step = room / Math.max(1, points.length - 1);
  return (
    <div ref={setElement}>
      <svg
        width={Math.max(1, width)}
        height={HEIGHT}
        role="img"
        aria-label={t("deployments.errorTicks", { errors, refused })}
      >
        {points.map((point, index) => {
          const x = GRID.left + index * step;
          return (
            <g key={point.start}>
              {point.refused === 0 ? null : (
                <path
                  d={`M${x + 2} ${HEIGHT}v${-4 - (point.refused / most) * 8}`}
                  stroke="var(--idle)"
                  strokeWidth="2"
                />
              )}
              {point.errors === 0 ? null : (
                <path
                  d={`M${x} ${HEIGHT}v${-6 - (point.errors / most) * 14}`}
                  stroke="var(--crit)"
                  strokeWidth="2"
                />
              )}
              <title>
                {t("deployments.errorTick", {
                  errors: point.errors,
                  refused: point.refused,
                  requests: point.requests,
                })}
              </title>
            </g>
          );
        })}
      </svg>
    </div>
  );
}
